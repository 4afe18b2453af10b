"""Slots: how many deployments render and apply at the same time. One that waits for health gives its slot back, and one
that waits for a cluster's login lets others have its slot meanwhile.

A hint may arrive more than once while its deployment stands in this queue; the second one is dropped at the door.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STUCK_SECONDS = 1800.0
"""When all places are held and none of them moved for this long while others wait, nobody works any more: each command
and each request of a deployment has a limit of its own, and all of one after the other take less."""


class Slot:
    """A place among those that work; leaving twice is harmless."""

    def __init__(self, taken: Callable[[], None], left: Callable[[], None]) -> None:
        self._taken, self._left = taken, left
        self._held = True
        self._aside = False
        self._lock = threading.Lock()

    def leave(self) -> None:
        """Give the place to the next one."""
        with self._lock:
            if self._held and not self._aside:
                self._left()
            self._held = False

    def step_aside(self) -> None:
        """Let others have the place for a while; any thread of the deployment may say so, and goes on without it."""
        with self._lock:
            if self._held and not self._aside:
                self._aside = True
                self._left()

    def come_back(self) -> None:
        """Wait for a place again after stepping aside; only where nothing is held that others wait for."""
        with self._lock:
            if self._held and self._aside:
                self._taken()
                self._aside = False


class Slots:
    """The places of this process."""

    def __init__(self, places: int, stuck_seconds: float = STUCK_SECONDS) -> None:
        self._places = threading.Semaphore(places)
        self._stuck_seconds = stuck_seconds
        self._waiting = 0
        self._moved_at = time.monotonic()
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
        self._take()
        slot = Slot(self._take, self._leave)
        try:
            yield slot
        finally:
            slot.leave()
            with self._lock:
                self._inside.discard(deployment)

    def stuck(self) -> bool:
        """Say whether deployments wait for a place, and no place was taken or left for far too long."""
        with self._lock:
            return self._waiting > 0 and time.monotonic() - self._moved_at >= self._stuck_seconds

    def _take(self) -> None:
        with self._lock:
            if not self._waiting:
                self._moved_at = time.monotonic()  # a place that was held before is nobody's trouble
            self._waiting += 1
        self._places.acquire()
        with self._lock:
            self._waiting -= 1
            self._moved_at = time.monotonic()

    def _leave(self) -> None:
        with self._lock:
            self._moved_at = time.monotonic()
        self._places.release()
