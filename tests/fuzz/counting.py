"""Bounds what a check costs by what no machine's speed changes: the calls of functions, Python's and C's."""

import sys
from types import FrameType
from typing import Any

from tests.fuzz.demanding import Broken
from tests.fuzz.target import Target


class TooManySteps(Broken):
    """A check goes on for longer than its input's size explains."""


def checked(target: Target, data: bytes) -> None:
    """Check an input, and that this takes no more steps than the target allows for its size."""
    most = target.steps + target.steps_per_byte * len(data)
    taken = 0

    def count(_frame: FrameType, event: str, _of: Any) -> None:
        nonlocal taken
        if event in ("call", "c_call"):
            taken += 1
            if taken > most:
                sys.setprofile(None)
                raise TooManySteps(f"more than {most:,} steps for {len(data):,} bytes")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        target.check(data)
    finally:
        sys.setprofile(before)
