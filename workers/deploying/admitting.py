"""Whether a deployment may start still, asked at the moment when it would: who consented may be gone by now.

Nothing is written in the cluster before. Whoever says "not yet" gives holds with which the deployment goes back to its
lane, each with the moment when to ask again, or without one where somebody must act; whoever says "no" raises.
"""

from collections.abc import Callable, Iterable

from pushboat.model.hold import Hold
from pushboat.model.state import Kind
from workers.deploying import forge_rules, gates
from workers.deploying.approved import approved
from workers.deploying.claimed import Claimed
from workers.tools import Tools

Admission = Callable[[Tools, Claimed], Iterable[Hold]]
"""Gives what a deployment has to wait for still; raises DeploymentFailed where it must not be at all."""

ADMISSIONS: tuple[Admission, ...] = (approved, forge_rules.by_the_forges_rules, gates.ask_before)


def not_yet(tools: Tools, work: Claimed) -> tuple[Hold, ...]:
    """Give what a deployment has to wait for still, by the first who says so; what has begun to write goes on.

    Plans ask nobody, nor does what puts back what ran before by itself: it follows from what was admitted.

    Raises:
        DeploymentFailed: it must not be deployed at all.
    """
    deployment = work.deployment
    if deployment.kind is not Kind.DEPLOY or deployment.begun or deployment.heals or deployment.mends:
        return ()
    for admission in ADMISSIONS:
        if holds := tuple(admission(tools, work)):
            return holds
    return ()
