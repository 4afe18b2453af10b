"""Refused deliveries leave a small record (when, from where, why), and a flood of them writes only a few per second.

What the rate leaves out is counted, and the next record says how many those were.
"""

import logging
import threading
import time

from pushboat.errors import StoreUnavailable
from pushboat.model import wording
from pushboat.store import deliveries
from pushboat.store.database.engine import Store

RECORDS_PER_SECOND = 5.0
"""Writes to the store per second and web process; a write costs about 1 ms, accepted deliveries need the rest."""

log = logging.getLogger(__name__)


class Rejections:
    """The record of what was refused, behind a token bucket."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._tokens = RECORDS_PER_SECOND
        self._filled_at = time.monotonic()
        self._left_out = 0
        self.counted = 0

    def record(self, forge: str, source: str, reason: str, *, known: bool) -> None:
        """Note a refusal if the rate allows, else only count it; never fail, the refusal itself is the answer.

        Those that were only counted are counted with the next one, as of its forge.
        """
        left_out = self._admit()
        if left_out is None:
            return
        if left_out:
            reason = f"{reason} ({left_out:,} more refusals before this one were counted, not recorded)"
        try:
            name, times = wording.printable(forge), 1 + left_out
            deliveries.reject(self._store, name, source, reason, times=times, known=known)
        except StoreUnavailable as trouble:
            log.warning("a refused delivery could not be recorded: %s", trouble.summary)

    def _admit(self) -> int | None:
        """Take a token and give how many were left out since the last one; None when there is none."""
        with self._lock:
            self.counted += 1
            now = time.monotonic()
            self._tokens = min(RECORDS_PER_SECOND, self._tokens + (now - self._filled_at) * RECORDS_PER_SECOND)
            self._filled_at = now
            if self._tokens < 1:
                self._left_out += 1
                return None
            self._tokens -= 1
            left_out, self._left_out = self._left_out, 0
            return left_out
