"""Wait on conditions, never on the clock."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.02, 0.3, 1.2
"""Seconds between two questions: what comes soon is seen soon, and what takes long is not asked for all the time."""


PATIENCE = 120.0
"""Seconds. What comes takes no longer for it, and a machine that does six other things takes its time."""


def until(question: Callable[[], T | None], *, within: float = PATIENCE, what: str = "", at_once: bool = False) -> T:
    """Ask again and again until the answer is truthy; fail with what was waited for and the last answer.

    Who has to do something `at_once`, before it is over again, asks as often after a minute as at first.
    """
    deadline = time.monotonic() + within
    answer, pause = question(), FIRST_PAUSE
    while not answer:
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within:g} s for {what or question}; the last answer was {answer!r}")
        time.sleep(pause)
        pause = FIRST_PAUSE if at_once else min(pause * GROWTH, LONGEST_PAUSE)
        answer = question()
    return answer
