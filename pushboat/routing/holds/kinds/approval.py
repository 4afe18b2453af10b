"""An approval: a commit comes to an environment once enough people have said that it may. They say it of its sha."""

from collections.abc import Iterable

from pushboat.model.command_words import SLASH
from pushboat.model.deployment import short
from pushboat.model.hold import Hold, Scope
from pushboat.routing import approving
from pushboat.routing.decision import Deploy, Facts
from pushboat.routing.holds.kind import HoldKind, Rank

NAME = "approval"


def _sentence(hold: Hold) -> str:
    """Say how many are missing and who gave the others: the store writes that as the reason."""
    how = _ends(hold) if hold.by == approving.OPERATOR else f"{SLASH} approve {hold.scope.environment}"
    return f"waits for {hold.reason}: {how}"


def _ends(hold: Hold) -> str:
    return f"pushboat approve {hold.scope.repository} {hold.scope.environment} --sha {short(hold.sha)}"


def _who(hold: Hold) -> str:
    """Say who may approve, which stands in the place of who put it; how many must is the subject."""
    apart = "" if hold.by == approving.OPERATOR else ", but for who is behind the commit or asked for it"
    return f"{hold.by}{apart}"


def _wants(deploy: Deploy, facts: Facts) -> Iterable[Hold]:
    """Hold a commit back until enough people approve it; one more where nobody knows who pushed it."""
    environment, limits = facts.environments.get(deploy.environment), facts.limits.get(deploy.environment)
    source, number = environment or limits, approving.wanted(environment, limits)
    if not number or source is None:
        return
    needed = approving.needed(number, deploy.author)
    yield Hold(
        kind=NAME,
        scope=Scope(),
        by=approving.whom(source.approvers, silent=facts.silent),
        subject=str(needed),
        sha=deploy.sha,
        reason=approving.missing(needed, ()),
    )


HOLD = HoldKind(name=NAME, sentence=_sentence, ends=_ends, who=_who, rank=Rank.CONSENT, wants=_wants)
