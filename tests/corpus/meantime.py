"""What happens while a push is being deployed, and time that has to pass."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

SECONDS_TO_APPEAR = 120.0
SECONDS_BETWEEN_LOOKS = 0.02


def pause(seconds: float) -> None:
    """Let time pass. Nothing is waited for here: how much passes is what a case is about."""
    time.sleep(max(0.0, seconds))


class Meantime:
    """Something that somebody does in another thread, so long after a push or after something is there."""

    def __init__(self, is_there: Callable[[], bool] | None, after: float, act: Callable[[], None], what: str) -> None:
        self._over = threading.Event()
        self._what = what
        self._threads = ThreadPoolExecutor(1)
        self._doing = self._threads.submit(self._run, is_there, after, act)

    def finish(self) -> None:
        """Wait until it was done; nothing is waited for any more that has not appeared.

        Raises AssertionError where it could not be done.
        """
        self._over.set()
        self._threads.shutdown()
        self._doing.result()

    def _run(self, is_there: Callable[[], bool] | None, after: float, act: Callable[[], None]) -> None:
        deadline = time.monotonic() + SECONDS_TO_APPEAR
        while is_there and not is_there():
            last = self._over.is_set() or time.monotonic() > deadline
            assert not last, f"meanwhile: {self._what} never was there"
            self._over.wait(SECONDS_BETWEEN_LOOKS)
        pause(after)
        act()
