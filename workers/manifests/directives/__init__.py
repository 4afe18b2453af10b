"""What other tools' annotations mean on a manifest, read into one word: a repository moves over without edits."""
