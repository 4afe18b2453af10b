"""Whether a commit is signed, and by whom: bytes and public keys in, a verdict out. No program, no home, no network."""
