"""Small files of commits, kept in memory: a commit never changes, and each look into it takes git two programs."""

from collections.abc import Callable
from pathlib import Path

from pushboat.recent import Recent

LARGEST = 256 << 10
"""Bytes of a file that is kept; what routing reads is a page or two, or names some thousand environments."""
MOST = 128

Key = tuple[Path, str, str]
"""A repository's cache, which is one remote's alone, a commit and a path in it."""


class Remembered:
    """The files that were read last; None stands for one that a commit does not hold."""

    def __init__(self) -> None:
        self._files: Recent[Key, bytes | None] = Recent(MOST)

    def read(self, key: Key, look: Callable[[], bytes | None]) -> bytes | None:
        """Give a file as it was read before, or look; a look that fails is forgotten."""
        known = self._files.find([key])
        if known:
            return known[key]
        found = look()
        if found is None or len(found) <= LARGEST:
            self._files.keep({key: found})
        return found
