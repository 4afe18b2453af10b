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


def compare(
    what: str,
    ours: Callable[[int], object],
    peer: Callable[[int], object],
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.perf_counter,
) -> Row:
    """Run both in turn; each gets the number of its round, to start from something fresh.

    What waits for nothing may be measured by the processor's `clock`: others who have it meanwhile do not count then.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for side, act in enumerate((ours, peer)):
            started = clock()
            act(number)
            times[side].append(clock() - started)
    return Row(what, statistics.median(times[0]), statistics.median(times[1]))
