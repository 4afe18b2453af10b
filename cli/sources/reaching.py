"""All that a work tree asks for from outside, and all that the bases that come for it ask for themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cli.sources.asked import Asked, asked_of
from cli.sources.bases import cloned
from pushboat.errors import Unavailable
from pushboat.model.deployment import short
from pushboat.model.outside import BASE, Locked, Outside
from workers.render.kustomize.localising import MOST

Pin = Callable[[Asked], Locked | None]
"""Says what is locked for what is asked; None where it is not, and nobody is to look."""


@dataclass(slots=True)
class Reached:
    """What is locked for all that is asked, what of that is not, and what can be fetched from nowhere."""

    lock: dict[Outside, Locked] = field(default_factory=dict)
    missing: list[Asked] = field(default_factory=list)
    wrong: list[Asked] = field(default_factory=list)


def reach(root: Path, places: list[str], pin: Pin) -> Reached:
    """Walk from the work tree into each base, once for each folder that is built upon.

    Raises:
        Unavailable: something cannot be had, or bases lead to bases without an end.
    """
    reached, seen = Reached(), set[tuple[Outside, str]]()
    waiting = list(asked_of(root, places))
    while waiting:
        asked = waiting.pop(0)
        if asked.wrong or asked.outside is None:
            reached.wrong.append(asked)
            continue
        key = (asked.outside, asked.folder)
        if key in seen:
            continue
        seen.add(key)
        locked = reached.lock.get(asked.outside) or pin(asked)
        if locked is None:
            reached.missing.append(asked)
            continue
        reached.lock[asked.outside] = locked
        if asked.outside.kind == BASE:
            if sum(each.kind == BASE for each, _ in seen) > MOST:
                raise Unavailable(f"{asked.place}: more than {MOST} bases from elsewhere: build upon fewer")
            waiting += _further(asked, locked)
    return replace(reached, lock=dict(sorted(reached.lock.items())))


def _further(asked: Asked, locked: Locked) -> list[Asked]:
    """List what a base asks for; how people call it stands before each place."""
    shown = f"{locked.outside.address.partition('://')[2]}@{short(locked.digest)}"
    with cloned(locked, "" if asked.url.startswith("http") else asked.url) as root:
        return [replace(each, place=f"{shown}//{each.place}") for each in asked_of(root, [asked.folder])]
