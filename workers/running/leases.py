"""Leases kept alive: one thread per process renews all that it holds at once; a writer asks before each request.

The deadline is kept by this machine's monotonic clock, which goes on while the process is frozen: a worker that wakes
up after a long stop finds its lease gone before it asks anybody.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from pushboat.errors import LeaseLost, StoreUnavailable
from pushboat.model.deployment import Turn

LEASE = 15.0
"""Seconds that a claim lasts without renewal: a lane or a repository whose worker died waits this long."""

RENEW_EVERY = LEASE / 3
MARGIN = 2.0
"""Seconds before the end in which we start no request: one that is under way must land inside the lease."""

STUCK_SECONDS = 90.0
"""When the thread that renews has not turned for this long, it never will: a store ends what takes a minute."""

LONGEST_GOODBYE = 5.0
"""Seconds that the end waits for a renewal under way."""

logger = logging.getLogger(__name__)


Renew = Callable[[Sequence[Turn]], Collection[Turn]]
"""Asks the store for another LEASE seconds, for all of them at once, and gives those that are still ours."""


_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now() -> float:
    """Read the clock of leases, in seconds: it goes on while this process is frozen and while the machine sleeps."""
    return time.clock_gettime(_CLOCK)


@dataclass(frozen=True, slots=True)
class Until:
    """A moment of a clock such as `now`."""

    ends: float
    clock: Callable[[], float] = now

    @property
    def left(self) -> float:
        """Count the seconds until then; below zero where it is over."""
        return self.ends - self.clock()


class Lease:
    """One claim's right to write, as this process knows it."""

    def __init__(self, turn: Turn, taken_at: float) -> None:
        self.turn = turn
        self._deadline = taken_at + LEASE
        self._lost = False

    def may_write(self) -> None:
        """Raise LeaseLost unless a request that starts now would still be covered."""
        if self._lost or now() > self._deadline - MARGIN:
            raise LeaseLost(f"the lease of {self.turn} ended; another worker goes on")

    def extend(self, asked_at: float) -> None:
        """Note a renewal that was asked for at this monotonic time."""
        self._deadline = asked_at + LEASE

    def lose(self) -> None:
        """Note that the store gave what was claimed to another worker."""
        self._lost = True


class Leases:
    """All leases of this process, renewed by one thread; a context manager."""

    def __init__(self, renew: Renew, renew_every: float = RENEW_EVERY, stuck_seconds: float = STUCK_SECONDS) -> None:
        self._renew = renew
        self._every = renew_every
        self._stuck_seconds = stuck_seconds
        self._turned_at = time.monotonic()
        self._held: set[Lease] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)

    def __enter__(self) -> Self:
        """Start renewing."""
        self._turned_at = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Stop renewing; what is still held ends by itself."""
        self._stop.set()
        self._thread.join(LONGEST_GOODBYE)

    @contextmanager
    def holding(self, turn: Turn, taken_at: float) -> Iterator[Lease]:
        """Keep a claim alive as long as the block runs; `taken_at` is the monotonic time before it was claimed."""
        lease = Lease(turn, taken_at)
        with self._lock:
            self._held.add(lease)
        try:
            yield lease
        finally:
            with self._lock:
                self._held.discard(lease)

    def stuck(self) -> bool:
        """Say whether renewing stands still for far too long: this process then loses whatever it claims."""
        return time.monotonic() - self._turned_at >= self._stuck_seconds

    def _keep(self) -> None:
        while not self._stop.wait(self._every):
            self._turned_at = time.monotonic()
            with self._lock:
                held = list(self._held)
            if held:
                self._renew_all(held)

    def _renew_all(self, held: Sequence[Lease]) -> None:
        asked_at = now()
        try:
            ours = self._renew([lease.turn for lease in held])
        except StoreUnavailable as error:
            logger.warning("could not renew %s leases: %s", len(held), error)
            return
        except Exception:  # the last door: without this thread the process loses all that it holds
            logger.exception("renewing %s leases met a bug", len(held))
            return
        for lease in held:
            if lease.turn in ours:
                lease.extend(asked_at)
            else:
                self._lose(lease)

    def _lose(self, lease: Lease) -> None:
        lease.lose()
        with self._lock:  # we ask for it no more: what is lost once stays lost
            self._held.discard(lease)
