"""What a kind of hold is. Each file of `kinds/` holds one, whole."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from pushboat.model.hold import Hold
from pushboat.model.times import clock
from pushboat.routing.decision import Deploy, Facts


class Rank(IntEnum):
    """In which order holds usually end: what ends by itself comes first, what a person must end last."""

    DEED = 1
    """Something else gets through, or answers."""
    CLOCK = 2
    CONSENT = 3
    """People say yes."""
    PERSON = 4
    """Whoever put it lifts it."""


def _nothing(_: Hold) -> str:
    return ""


def none(_: Deploy, __: Facts) -> Iterable[Hold]:
    """Want no hold."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldKind:
    """One kind of hold.

    `sentence` says it; `ends` is the command that ends it (empty where only time or a deed does), `who` says in words
    who can end it, and what else does. `rank` orders the holds of one deployment. `wants` gives the holds that a new
    deployment begins with, about itself alone: their scope is set by the store.
    `plans`: plans of pull requests wait too. `rollbacks` False: rollbacks pass. `begun` False: what has written in the
    cluster already, and is only tried again, passes. `breakable`: a deployment whose asker broke the glass passes.
    """

    name: str
    sentence: Callable[[Hold], str]
    ends: Callable[[Hold], str] = _nothing
    who: Callable[[Hold], str] = _nothing
    rank: Rank = Rank.PERSON
    wants: Callable[[Deploy, Facts], Iterable[Hold]] = none
    plans: bool = False
    rollbacks: bool = True
    begun: bool = True
    breakable: bool = False


def how_long(hold: Hold) -> str:
    """Say since when a hold stands and when it ends by itself, as the middle of its sentence."""
    since = f" since {clock(hold.since)}" if hold.since else ""
    return f"{since}, until {clock(hold.until)}" if hold.until else since


def because(hold: Hold) -> str:
    """Give the reason of whoever put a hold, as the end of its sentence."""
    return f": {hold.reason}" if hold.reason else ""
