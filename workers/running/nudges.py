"""Tell who sleeps in this process that something may concern them: a newer commit was routed, or a deployment ended.

A nudge says nothing more than "ask again now". Who misses one (it happened in another process) asks by itself soon.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Nudges:
    """All sleepers of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sleepers: dict[object, Callable[[], None]] = {}
        self.number = 0
        """How many there were: who has asked since another number has a reason to ask again."""

    def nudge(self) -> None:
        """Wake everybody."""
        with self._lock:
            self.number += 1
            sleepers = list(self._sleepers.values())
        for wake in sleepers:
            wake()

    @contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """Have somebody woken as long as the block."""
        mine = object()
        with self._lock:
            self._sleepers[mine] = wake
        try:
            yield
        finally:
            with self._lock:
                del self._sleepers[mine]
