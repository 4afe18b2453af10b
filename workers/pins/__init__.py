"""Pins: where a folder's files say which version of an image runs, and how one folder's go to another one's files."""
