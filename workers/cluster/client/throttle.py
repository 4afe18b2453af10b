"""How much one API server is asked at once: few writes at first, more while they stay quick, half when it says 429.

Everybody who speaks to that server passes here, whichever deployment and identity it is for. A pause that the server
asks for is everybody's: a watch that goes on asking would be refused as well.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pushboat.errors import ClusterUnavailable

FIRST_SEATS = 4
"""Writes at once at first: measured best on two cores; more only help where the way is long."""
WINDOW = 4
"""Writes of each seat between two looks at how long they take."""
AS_QUICK = 1.25
"""Times the quickest time so far that counts as quick still."""
FORGETS = 1.02
"""By how much that time grows with each window: a cluster that has become slower is not measured by its youth."""
LONGEST_PAUSE = 2.0
"""Seconds that are waited for here; who is asked to stay away for longer hears so at once, and gives up the place."""
LONGEST_QUEUE = 60.0
"""Seconds before a seat, as long as an answer may take: a server that hangs must not hold everybody for ever."""
TOO_MANY = 429
UNTOLD_PAUSE = 1.0
"""Seconds, where the server says 429 and not for how long."""


class Throttle:
    """What slows down all that is asked of one API server, safe to share between threads."""

    def __init__(self, name: str, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._clock = clock
        self._most = max(1, most)
        self._seats = min(FIRST_SEATS, self._most)
        self._taken = 0
        self._closed_until = 0.0
        self._spent: list[float] = []
        self._quickest = float("inf")
        self._moved = threading.Condition()

    @property
    def seats(self) -> int:
        """Say how many may write at once now."""
        return self._seats

    def pass_by(self) -> None:
        """Wait as long as the server wants nothing to be asked.

        Raises:
            ClusterUnavailable: it wants that for longer than is waited for here.
        """
        while (left := self._closed_until - self._clock()) > 0:
            if left > LONGEST_PAUSE:
                raise ClusterUnavailable(
                    f"cluster {self._name} asks for a pause of {left:.0f} s: it has too much to do", retry_after=left
                )
            time.sleep(left)

    @contextmanager
    def passing(self, method: str, before: Callable[[], None]) -> Iterator[None]:
        """Let one request pass: a question as soon as any is welcome, a write with a seat, and after `before`.

        Raises:
            ClusterUnavailable: as `pass_by`; or no seat became free.
        """
        if method == "GET":
            self.pass_by()
            yield
            return
        self._sit_down()
        began = self._clock()
        try:
            before()
            yield
        finally:
            self._get_up(self._clock() - began)

    def hear(self, status: int, retry_after: float | None) -> None:
        """Take an answer in: after 429 nobody asks anything for a while, and then half as many at once."""
        if status != TOO_MANY:
            return
        with self._moved:
            until = self._clock() + (UNTOLD_PAUSE if retry_after is None else retry_after)
            if self._clock() >= self._closed_until:  # the first of those that were under way together
                self._seats = max(1, self._seats // 2)
                self._spent.clear()
            self._closed_until = max(self._closed_until, until)

    def _sit_down(self) -> None:
        while True:
            self.pass_by()
            with self._moved:
                if not self._moved.wait_for(lambda: self._taken < self._seats, LONGEST_QUEUE):
                    raise ClusterUnavailable(f"cluster {self._name} is slow: its writes take more than a minute")
                if self._closed_until <= self._clock():
                    self._taken += 1
                    return

    def _get_up(self, spent: float) -> None:
        with self._moved:
            self._taken -= 1
            self._note(spent)
            self._moved.notify(max(1, self._seats - self._taken))

    def _note(self, seconds: float) -> None:
        """Count a write; after a window of them, open another seat if they took no longer, close one if they did."""
        self._spent.append(seconds)
        if len(self._spent) < self._seats * WINDOW:
            return
        usual = sorted(self._spent)[len(self._spent) // 2]
        self._spent.clear()
        self._quickest = min(self._quickest * FORGETS, usual)
        if self._seats < min(FIRST_SEATS, self._most) or usual <= AS_QUICK * self._quickest:
            self._seats = min(self._most, self._seats + 1)
        elif self._seats > FIRST_SEATS:
            self._seats -= 1
