"""A pin to a release: an environment stays at what a rollback brought back, until somebody unlocks it."""

from pushboat.model.hold import Hold
from pushboat.routing.holds.kind import HoldKind, because, how_long
from pushboat.routing.holds.pinning import PIN, unlock


def _sentence(hold: Hold) -> str:
    return f"pinned to {hold.subject} by {hold.by}{how_long(hold)}{because(hold)}"


def _who(_: Hold) -> str:
    return "whoever may deploy there"


HOLD = HoldKind(name=PIN, sentence=_sentence, ends=unlock, who=_who, rollbacks=False)
