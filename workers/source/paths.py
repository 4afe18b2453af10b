"""Which paths of a commit a file system of this machine can hold: git itself sets no limit."""

LONGEST_PATH = 1024
"""Characters; the system's limit is 4096 bytes, with the folder that we unpack into before it."""
LONGEST_NAME = 255
"""Bytes of one file's or folder's name."""


def fits(path: str) -> bool:
    """Say whether a path is short enough, as a whole and in each of its names."""
    names = path.encode("utf-8", "surrogateescape").split(b"/")
    return len(path) <= LONGEST_PATH and all(len(name) <= LONGEST_NAME for name in names)
