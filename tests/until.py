"""Wait on conditions, never on the clock."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(question: Callable[[], T | None], *, within: float = 30.0, what: str = "") -> T:
    """Ask again and again until the answer is truthy; fail with what was waited for and the last answer."""
    deadline = time.monotonic() + within
    answer = question()
    while not answer:
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within:g} s for {what or question}; the last answer was {answer!r}")
        time.sleep(0.05)
        answer = question()
    return answer
