"""A need: a commit comes to an environment once another one is healthy at it. What that one says ends it."""

from collections.abc import Iterable

from pushboat.model.deployment import short
from pushboat.model.hold import Hold, Scope
from pushboat.routing.decision import Deploy, Facts
from pushboat.routing.holds.kind import HoldKind, Rank, because


def _sentence(hold: Hold) -> str:
    """Say what is waited for; the reason says what keeps that from coming, where something does."""
    return f"waits until {hold.subject} is healthy at {short(hold.sha)}{because(hold)}"


def _ends(hold: Hold) -> str:
    return f"pushboat deploy {hold.scope.repository} {hold.subject} --sha {short(hold.sha)}"


def _who(hold: Hold) -> str:
    return f"whoever brings {short(hold.sha)} to {hold.subject}"


def _wants(deploy: Deploy, facts: Facts) -> Iterable[Hold]:
    """Hold a commit back until it is healthy in each environment that its file names.

    What a release needed that comes back was met when it was made.
    """
    wanted = facts.environments.get(deploy.environment)
    for need in wanted.needs if wanted and not deploy.release else ():
        yield Hold(kind="needs", scope=Scope(), by=deploy.environment, subject=need, sha=deploy.sha)


HOLD = HoldKind(name="needs", sentence=_sentence, ends=_ends, who=_who, rank=Rank.DEED, wants=_wants, breakable=True)
