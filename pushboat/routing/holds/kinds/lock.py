"""A lock: an environment is one person's for a while. Theirs passes, everybody else's waits; who asks next is next."""

from pushboat.model.hold import Hold
from pushboat.model.times import clock
from pushboat.routing.holds.kind import HoldKind, because, how_long
from pushboat.routing.holds.locking import LOCK, NEVER


def _sentence(hold: Hold) -> str:
    if hold.begins >= NEVER:
        return f"{hold.by} is next in line to lock it{because(hold)}"
    if hold.begins:
        end = f", until {clock(hold.until)}" if hold.until else ""
        return f"locked by {hold.by} from {clock(hold.begins)} on{end}{because(hold)}"
    return f"locked by {hold.by}{how_long(hold)}{because(hold)}"


def _ends(hold: Hold) -> str:
    return f"pushboat unlock {hold.scope.repository} {hold.scope.environment}"


def _who(hold: Hold) -> str:
    return f"{hold.by}, or whoever may deploy there"


HOLD = HoldKind(name=LOCK, sentence=_sentence, ends=_ends, who=_who)
