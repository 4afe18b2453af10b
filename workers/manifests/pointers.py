"""Git LFS pointers: what a commit holds where git keeps the file itself elsewhere. They are told by their content."""

_FIRST_WORDS = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/")
"""The second is what the first was called in LFS's early days, and is still accepted by it."""

POINTER = "a Git LFS pointer, which Pushboat does not follow: commit the file itself"


def is_pointer(raw: bytes) -> bool:
    """Say whether a file's content only points to it."""
    return raw.startswith(_FIRST_WORDS)
