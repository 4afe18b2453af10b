"""Leases kept alive: one thread per process renews every claim it holds; a writer asks before each request.

The deadline is kept by this machine's monotonic clock, which goes on while the process is frozen: a worker that wakes
up after a long stop finds its lease gone before it asks anybody.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from pushboat.errors import LeaseLost, StoreUnavailable
from pushboat.model.deployment import Claim

LEASE = 15.0
"""Seconds that a claim lasts without renewal: a lane whose worker died waits this long."""

RENEW_EVERY = LEASE / 3
MARGIN = 2.0
"""Seconds before the end in which we start no request: one that is under way must land inside the lease."""

logger = logging.getLogger(__name__)


class Lease:
    """One claim's right to write, as this process knows it."""

    def __init__(self, claim: Claim, taken_at: float) -> None:
        self.claim = claim
        self._deadline = taken_at + LEASE
        self._lost = False

    def may_write(self) -> None:
        """Raise LeaseLost unless a request that starts now would still be covered."""
        if self._lost or time.monotonic() > self._deadline - MARGIN:
            raise LeaseLost(f"the lease of deployment {self.claim.deployment.id} ended; another worker goes on")

    def extend(self, asked_at: float) -> None:
        """Note a renewal that was asked for at this monotonic time."""
        self._deadline = asked_at + LEASE

    def lose(self) -> None:
        """Note that the store gave the lane to another worker."""
        self._lost = True


class Leases:
    """All leases of this process, renewed by one thread; a context manager."""

    def __init__(self, renew: Callable[[Claim], float | None]) -> None:
        self._renew = renew
        self._held: dict[int, Lease] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)

    def __enter__(self) -> Self:
        """Start renewing."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Stop renewing; what is still held ends by itself."""
        self._stop.set()
        self._thread.join()

    @contextmanager
    def holding(self, claim: Claim, taken_at: float) -> Iterator[Lease]:
        """Keep a claim alive as long as the block runs; `taken_at` is the monotonic time before it was claimed."""
        lease = Lease(claim, taken_at)
        with self._lock:
            self._held[claim.deployment.id] = lease
        try:
            yield lease
        finally:
            with self._lock:
                self._held.pop(claim.deployment.id, None)

    def _keep(self) -> None:
        while not self._stop.wait(RENEW_EVERY):
            with self._lock:
                held = list(self._held.values())
            for lease in held:
                self._renew_one(lease)

    def _renew_one(self, lease: Lease) -> None:
        asked_at = time.monotonic()
        try:
            until = self._renew(lease.claim)
        except StoreUnavailable as error:
            logger.warning("could not renew the lease of deployment %s: %s", lease.claim.deployment.id, error)
            return
        if until is None:
            lease.lose()
        else:
            lease.extend(asked_at)
