"""Locks of an environment, and who is next in line: a lock that begins when the one before it ends."""

from collections.abc import Iterable
from dataclasses import replace

from pushboat.model.hold import Hold, Scope

LOCK = "lock"

NEVER = 1e11
"""Seconds since the epoch, some three thousand years on: begins when nobody knows, for the one before has no end."""


def is_in_line(hold: Hold, now: float) -> bool:
    """Say whether a lock waits for another one to end."""
    return hold.kind == LOCK and hold.begins > now


def locks(holds: Iterable[Hold], scope: Scope, now: float) -> list[Hold]:
    """Pick the locks of exactly this environment that are not over: the holder's first, then the line."""
    found = [hold for hold in holds if hold.kind == LOCK and hold.scope == scope]
    return sorted((hold for hold in found if not _is_over(hold, now)), key=lambda hold: (hold.begins, hold.id))


def with_line(holds: Iterable[Hold], now: float) -> list[Hold]:
    """Pick what holds now, in the order that was given, and beside its lock who is in line for it.

    What else lies ahead holds nothing yet.
    """
    every = list(holds)
    last = [place for place, hold in enumerate(every) if hold.kind == LOCK and hold.begins <= now][-1:]
    line = [hold for hold in every if is_in_line(hold, now)]
    shown: list[Hold] = []
    for place, hold in enumerate(every):
        shown += [hold] if hold.begins <= now else []
        shown += line if place in last else []
    return shown if last else [*shown, *line]


def lined_up(line: Iterable[Hold], now: float) -> list[Hold]:
    """Give a line anew, as it should stand: the first holds, and each next one begins when the one before it ends.

    Who was promised two hours has them from then on.
    """
    made: list[Hold] = []
    for hold in line:
        lasts = None if hold.until is None else hold.until - max(hold.begins, hold.since)
        if not made and hold.begins <= now:  # it holds already
            made.append(hold)
            continue
        before = made[-1].until if made else 0.0
        begins = NEVER if before is None else before
        made.append(replace(hold, begins=begins, until=None if lasts is None else (begins or now) + lasts))
    return made


def moving_up(line: Iterable[Hold], gone: Hold, now: float) -> list[Hold]:
    """Give those of a line that are to be put anew once one of it is gone."""
    before = list(line)
    return [hold for hold in lined_up((each for each in before if each != gone), now) if hold not in before]


def _is_over(hold: Hold, now: float) -> bool:
    return hold.until is not None and hold.until <= now
