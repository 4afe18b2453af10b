"""A pin to a pull request that was deployed before its merge; its own deployments pass."""

from pushboat.model.deployment import short
from pushboat.model.hold import Hold
from pushboat.routing.holds.kind import HoldKind, how_long
from pushboat.routing.holds.pinning import UNMERGED, unlock


def _sentence(hold: Hold) -> str:
    to = f"pull request #{hold.pull_request} ({short(hold.sha)})"
    return f"pinned to {to} by {hold.by}{how_long(hold)}, until it is merged, closed or unlocked"


def _who(_: Hold) -> str:
    return "whoever may deploy there, or who merges or closes it"


HOLD = HoldKind(name=UNMERGED, sentence=_sentence, ends=unlock, who=_who, rollbacks=False)
