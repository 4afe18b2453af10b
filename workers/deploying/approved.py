"""Whether those who approved a commit still may, asked at the moment when it would start: who left does not count."""

from collections.abc import Iterable

from pushboat.model.hold import Hold, Scope
from pushboat.routing import approving as words
from pushboat.store import approving
from workers import permitting
from workers.deploying.claimed import Claimed
from workers.tools import Tools


def approved(tools: Tools, work: Claimed) -> Iterable[Hold]:
    """Ask about everybody whose approval counts; where too few are left it waits again, and says whose fell away.

    Raises:
        ForgeUnavailable, ForgeRefused: the forge does not say, which is no yes.
    """
    deployment, lane = work.deployment, work.deployment.lane
    limits = tools.operator.limits(lane.repository, lane.environment)
    if limits is None:
        return ()
    needed, given = approving.given(tools.store, deployment, limits.approvals)
    if not needed:
        return ()
    with work.step("approvals"):
        gone = [each for each in given if not permitting.may_approve(tools, lane.repository, each, limits)]
    approving.fall_away(tools.store, lane.repository, gone)
    if len(given) - len(gone) >= needed:
        return ()
    return (
        Hold(
            kind=approving.KIND,
            scope=Scope(),
            by=words.whom(limits.approvers, silent=tools.is_silent(lane.repository)),
            subject=str(needed),
            sha=deployment.sha,
            reason=words.missing(needed, [each for each in given if each not in gone]),
        ),
    )
