"""A gate that does not know yet whether a deployment may start, or says nothing clear: it is asked again and again."""

from pushboat.model.hold import Hold
from pushboat.model.times import clock
from pushboat.routing.holds.kind import HoldKind, Rank, because


def _sentence(hold: Hold) -> str:
    again = f", is asked again at {clock(hold.until)}" if hold.until else ""
    return f"waits for gate {hold.subject}{again}{because(hold)}"


def _who(hold: Hold) -> str:
    return f"gate {hold.subject}"


HOLD = HoldKind(name="gate", sentence=_sentence, who=_who, rank=Rank.DEED, breakable=True)
