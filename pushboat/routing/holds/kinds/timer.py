"""The wait timer of the forge's own environment: a deployment waits until it is over, counted from its beginning."""

from pushboat.model.hold import Hold
from pushboat.routing.holds.kind import HoldKind, Rank


def _sentence(hold: Hold) -> str:
    return hold.reason


def _who(_: Hold) -> str:
    return "the clock"


HOLD = HoldKind(name="timer", sentence=_sentence, who=_who, rank=Rank.CLOCK, begun=False)
