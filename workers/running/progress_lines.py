"""What this process's deployments say on their way: written down a few times a second, for all of them together.

Each line by itself was a fourth of what a deployment asked of the store, which takes one writer at a time. Whoever lets
a lane go has what was said written first, so nobody reads an end before what led there. A worker that is killed takes
with it what was said in its last moment, and nothing else: what it was about to write in the cluster is kept elsewhere.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pushboat.errors import StoreUnavailable
from pushboat.logs import about

REST = 0.25
"""Seconds for which a line waits for others at the longest; a terminal asks for new ones no more often."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a deployment, and when it was said by this process's clock; or, without a phase, how its objects do."""

    deployment: int
    phase: str
    text: str
    at: float


class ProgressLines:
    """All lines of this process that are not written down yet."""

    def __init__(self, write: Callable[[Sequence[Said]], object], rest: float = REST) -> None:
        self._write, self._rest = write, rest
        self._said: list[Said] = []
        self._timed = False
        self._lock, self._writing = threading.Lock(), threading.Lock()

    def say(self, deployment: int, phase: str, text: str) -> None:
        """Have a line written down soon."""
        with self._lock:
            self._said.append(Said(deployment, phase, text, time.monotonic()))
        self._write_down_soon()

    def show(self, deployment: int, objects: str) -> None:
        """Have it written down soon how a deployment's objects do now."""
        self.say(deployment, "", objects)

    def write_down(self) -> None:
        """Write down what was said until now.

        Raises:
            StoreUnavailable: it is not written, and kept for the next time.
        """
        with self._writing:  # in the order in which it was said, whoever comes to write
            with self._lock:
                said, self._said = self._said, []
            if not said:
                return
            try:
                self._write(said)
            except StoreUnavailable:
                self._keep(said)
                raise
            except Exception:  # one line that meets a bug of ours must not take the others with it
                logger.debug("lines of progress are written one by one", exc_info=True)
                self._write_one_by_one(said)

    def _write_one_by_one(self, said: Sequence[Said]) -> None:
        for place, one in enumerate(said):
            try:
                self._write([one])
            except StoreUnavailable:
                self._keep(said[place:])
                raise
            except Exception:  # it would stand before all others for ever
                with about(deployment=one.deployment):
                    logger.exception("a line of deployment %s is lost", one.deployment)

    def _keep(self, said: Sequence[Said]) -> None:
        with self._lock:
            self._said[:0] = said

    def _write_down_soon(self) -> None:
        with self._lock:
            timed, self._timed = self._timed, True
        if timed:
            return
        timer = threading.Timer(self._rest, self._written_in_time)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # no thread is to be had: the next line tries, and who lets the lane go writes
            with self._lock:
                self._timed = False

    def _written_in_time(self) -> None:
        with self._lock:
            self._timed = False
        try:
            self.write_down()
        except StoreUnavailable as trouble:
            logger.warning("lines of progress wait for the store: %s", trouble.summary)
            self._write_down_soon()
