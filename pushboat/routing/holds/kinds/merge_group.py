"""An environment that belongs to a merge group: it is deployed there, and the merge queue has not decided about it."""

from pushboat.model.deployment import short
from pushboat.model.hold import Hold
from pushboat.model.merge_group import MERGE_GROUP
from pushboat.model.proposal import named
from pushboat.routing.holds.kind import HoldKind, Rank, how_long


def _sentence(hold: Hold) -> str:
    group = f"{named(hold.pull_request)} ({short(hold.sha)})"
    return f"deployed for {group}{how_long(hold)}, until it is merged or has left the queue"


def _who(_: Hold) -> str:
    return "the forge's merge queue, which merges it or drops it; whoever may can remove it from the queue there"


HOLD = HoldKind(name=MERGE_GROUP, sentence=_sentence, who=_who, rank=Rank.DEED, rollbacks=False)
