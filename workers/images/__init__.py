"""Images: what a registry and a scanner say of what would run, held against the operator's rules; nothing is pulled."""
