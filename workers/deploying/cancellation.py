"""Whether somebody wants a running deployment stopped: asked of the store between two writes and while it waits."""

import threading
import time

from pushboat.errors import Cancelled
from pushboat.store import cancelling
from pushboat.store.database.engine import Store

ASK_EVERY = 1.0
"""Seconds between two questions; several threads write at once, and each asks before every write."""


class Cancellation:
    """One deployment's, for as long as this worker has it in hand."""

    def __init__(self, store: Store, deployment: int) -> None:
        self._store, self._deployment = store, deployment
        self._lock = threading.Lock()
        self._next = 0.0

    def refuse_to_go_on(self) -> None:
        """Raise where somebody has cancelled the deployment; looks once a second at most.

        Raises:
            Cancelled: says by whom.
        """
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return
            self._next = now + ASK_EVERY
        if who := cancelling.cancelled_by(self._store, self._deployment):
            with self._lock:
                self._next = 0.0  # the other threads are to hear it too
            raise Cancelled(f"{cancelling.reason(who)}; what was applied before stays")
