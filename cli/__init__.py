"""The back door: the `pushboat` command."""
