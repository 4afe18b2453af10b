"""Slots: how many deployments render and apply at the same time. One that waits for health gives its slot back.

A hint may arrive more than once while its deployment stands in this queue; the second one is dropped at the door.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Slot:
    """A place among those that work; leaving twice is harmless."""

    def __init__(self, places: threading.Semaphore) -> None:
        self._places = places
        self._held = True

    def leave(self) -> None:
        """Give the place to the next one."""
        if self._held:
            self._held = False
            self._places.release()


class Slots:
    """The places of this process."""

    def __init__(self, places: int) -> None:
        self._places = threading.Semaphore(places)
        self._inside: set[int] = set()
        self._lock = threading.Lock()

    @contextmanager
    def one(self, deployment: int) -> Iterator[Slot | None]:
        """Wait for a place; give None at once where this deployment is already inside."""
        with self._lock:
            known = deployment in self._inside
            self._inside.add(deployment)
        if known:
            yield None
            return
        self._places.acquire()
        slot = Slot(self._places)
        try:
            yield slot
        finally:
            slot.leave()
            with self._lock:
                self._inside.discard(deployment)
