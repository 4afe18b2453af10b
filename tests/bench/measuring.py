"""Medians of alternating rounds: whatever slows the machine down slows both sides down."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison, in seconds."""

    what: str
    ours: float
    peer: float


def compare(what: str, ours: Callable[[int], object], peer: Callable[[int], object], rounds: int = ROUNDS) -> Row:
    """Run both in turn; each gets the number of its round, to start from something fresh."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for side, act in enumerate((ours, peer)):
            started = time.perf_counter()
            act(number)
            times[side].append(time.perf_counter() - started)
    return Row(what, statistics.median(times[0]), statistics.median(times[1]))
