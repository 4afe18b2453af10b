"""The forge's own environment wants people to approve: the deployment waits until enough of them have."""

from pushboat.model.command_words import SLASH
from pushboat.model.hold import Hold
from pushboat.routing.holds.kind import HoldKind, Rank


def _sentence(hold: Hold) -> str:
    return f"{hold.reason}: {SLASH} approve {hold.scope.environment}"


def _who(_: Hold) -> str:
    return "those whom the forge's environment names"


HOLD = HoldKind(name="reviewers", sentence=_sentence, who=_who, rank=Rank.CONSENT, begun=False)
