"""Slots: how many deployments render and apply at the same time. One that waits for health gives its slot back, and one
that waits for a cluster's login lets others have its slot meanwhile.

Who waits stands in the line of its repository, and the lines take turns: one that is long makes nobody wait in another.
A cluster may have a limit of its own; who waits for that lets others of the line go before it.
A hint may arrive more than once while its deployment stands in this queue; the second one is dropped at the door.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

STUCK_SECONDS = 1800.0
"""When all places are held and none of them moved for this long while others wait, nobody works any more: each command
and each request of a deployment has a limit of its own, and all of one after the other take less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Whose turn it is counted as: the line that it stands in, and the cluster with how many work there (0: any)."""

    line: str = ""
    cluster: str = ""
    most: int = 0


@dataclass(slots=True, eq=False)
class _Waiter:
    party: Party
    called: threading.Event = field(default_factory=threading.Event)


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
        self._free = places
        self._stuck_seconds = stuck_seconds
        self._lines: dict[str, deque[_Waiter]] = {}
        self._at_work: Counter[str] = Counter()
        self._moved_at = time.monotonic()
        self._inside: set[int] = set()
        self._lock = threading.Lock()

    @contextmanager
    def one(self, deployment: int, party: Callable[[], Party | None] = Party) -> Iterator[Slot | None]:
        """Wait for a place; give None at once where this deployment is already inside, or `party` knows of none."""
        with self._lock:
            known = deployment in self._inside
            self._inside.add(deployment)
        if known:
            yield None
            return
        try:
            of = party()
            if of is None:
                yield None
                return
            yield from self._placed(of)
        finally:
            with self._lock:
                self._inside.discard(deployment)

    def stuck(self) -> bool:
        """Say whether deployments wait for a place, and no place was taken or left for far too long."""
        with self._lock:
            return bool(self._lines) and time.monotonic() - self._moved_at >= self._stuck_seconds

    def _placed(self, of: Party) -> Iterator[Slot]:
        self._take(of, ahead=False)
        slot = Slot(lambda: self._take(of, ahead=True), lambda: self._leave(of))
        try:
            yield slot
        finally:
            slot.leave()

    def _take(self, of: Party, *, ahead: bool) -> None:
        """Wait for a place; who has begun already goes `ahead` of the others in its line."""
        waiter = _Waiter(of)
        with self._lock:
            if not self._lines:
                self._moved_at = time.monotonic()  # a place that was held before is nobody's trouble
            line = self._lines.setdefault(of.line, deque())
            if ahead:
                line.appendleft(waiter)
            else:
                line.append(waiter)
            self._call()
        waiter.called.wait()

    def _leave(self, of: Party) -> None:
        with self._lock:
            self._free += 1
            self._at_work[of.cluster] -= 1
            self._moved_at = time.monotonic()
            self._call()

    def _call(self) -> None:
        """Give free places to one of each line in turn; a line that was served goes behind the others."""
        while self._free and (next_one := self._next()):
            name, waiter = next_one
            line = self._lines.pop(name)
            line.remove(waiter)
            if line:
                self._lines[name] = line
            self._free -= 1
            self._at_work[waiter.party.cluster] += 1
            self._moved_at = time.monotonic()
            waiter.called.set()

    def _next(self) -> tuple[str, _Waiter] | None:
        for name, line in self._lines.items():
            for waiter in line:
                of = waiter.party
                if not of.most or self._at_work[of.cluster] < of.most:
                    return name, waiter
        return None
