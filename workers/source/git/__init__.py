"""Reading repositories by the git command: one bare, shallow, mostly blobless cache per repository."""
