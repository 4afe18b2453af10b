"""Services that keep a key to themselves, asked to open a file's data key: one file for each, and what they share."""
