"""Editing: a file's text with one field changed where it stands, and every other byte as it was."""
