"""When a commit's status says anew what its deployment waits for: rarely, and only where that is another object."""

import threading
import time

FIRST_AFTER, EVERY = 30.0, 30.0
"""Seconds from the claim, and between two statuses; most deployments are healthy sooner."""


class Reminder:
    """One deployment's, for as long as this worker has it in hand."""

    def __init__(self, first_after: float = FIRST_AFTER, every: float = EVERY) -> None:
        self._lock, self._every = threading.Lock(), every
        self._due, self._told = time.monotonic() + first_after, ""

    def due(self, sentence: str) -> bool:
        """Say whether a sentence about what is waited for is news by now."""
        about, now = sentence.partition(":")[0], time.monotonic()
        with self._lock:
            if about == self._told or now < self._due:
                return False
            self._told, self._due = about, now + self._every
        return True
