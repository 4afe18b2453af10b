"""A freeze: nothing new starts in a window of time that the operator's file has. What has begun goes on."""

from pushboat.model.hold import Hold
from pushboat.model.times import clock
from pushboat.routing.holds.kind import HoldKind, Rank, because


def _sentence(hold: Hold) -> str:
    end = f" until {clock(hold.until)}" if hold.until else ""
    return f"frozen from {clock(hold.begins)}{end}{because(hold)}"


def _who(_: Hold) -> str:
    return "the clock; or whoever may deploy there breaks the glass"


HOLD = HoldKind(name="freeze", sentence=_sentence, who=_who, rank=Rank.CLOCK, begun=False, breakable=True)
