"""The two files: what the operator allows (`pushboat.yaml`) and what the repository wants (`.pushboat.yaml`)."""
