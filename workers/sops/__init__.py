"""Files that were encrypted with SOPS: read, proven whole, and decrypted in memory; nothing is written here."""
