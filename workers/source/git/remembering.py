"""Small files of commits, kept in memory: a commit never changes, and each look into it takes git two programs."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

LARGEST = 256 << 10
"""Bytes of a file that is kept; what routing reads is a page or two, or names some thousand environments."""
MOST = 128

Key = tuple[Path, str, str]
"""A repository's cache, which is one remote's alone, a commit and a path in it."""


class Remembered:
    """The files that were read last; None stands for one that a commit does not hold."""

    def __init__(self) -> None:
        self._files: OrderedDict[Key, bytes | None] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, key: Key, look: Callable[[], bytes | None]) -> bytes | None:
        """Give a file as it was read before, or look; a look that fails is forgotten."""
        with self._lock:
            if key in self._files:
                self._files.move_to_end(key)
                return self._files[key]
        found = look()
        if found is None or len(found) <= LARGEST:
            with self._lock:
                self._files[key] = found
                if len(self._files) > MOST:
                    self._files.popitem(last=False)
        return found
