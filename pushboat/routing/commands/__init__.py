"""One file per command, named for its word and found by its name: grammar, who may, what it leads to, help."""
