"""Approvals that a look counts anew: what no delivery tells of, in the operator's file or at the forge.

How many are needed may have changed with the operator's file, and who could not approve any more may be back in their
team. What waits for approvals would otherwise wait for what nobody asks for, or for what was said already.
"""

import logging

from pushboat.config.project import Limits
from pushboat.errors import CheckoutFailed, ForgeRefused, InvalidRepositoryFile
from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind, State
from pushboat.routing import approving as words
from pushboat.store import approving, deployments
from workers import permitting
from workers.source.environments import environments_at
from workers.tools import Tools

MOST = 20
"""Deployments of one look, the newest first; an environment has seldom more than one that waits."""

logger = logging.getLogger(__name__)


def count_anew(tools: Tools, repository: str) -> None:
    """Count what is needed and given for each deployment that waits for its turn and has written nothing.

    Raises:
        ForgeUnavailable: the forge does not answer.
    """
    project = tools.project(repository)
    for each in deployments.listed(
        tools.store, kinds=(Kind.DEPLOY,), repository=repository, state=State.QUEUED, limit=MOST
    ):
        limits = project.environments.get(each.lane.environment)
        asks = any(hold.kind == approving.KIND for hold in each.holds) or (limits and limits.approvals)
        if limits and asks and not (each.begun or each.heals or each.mends):
            try:
                _count(tools, each, limits)
            except (CheckoutFailed, InvalidRepositoryFile, ForgeRefused) as trouble:  # it waits as it did until now
                logger.warning("deployment %s waits for as many approvals as before: %s", each.id, trouble)


def _count(tools: Tools, waiting: Deployment, limits: Limits) -> None:
    repository, whom = (
        waiting.lane.repository,
        words.whom(limits.approvers, silent=tools.is_silent(waiting.lane.repository)),
    )
    file = {} if waiting.again else environments_at(tools, repository, waiting.sha)[0]
    needed = words.needed(words.wanted(file.get(waiting.lane.environment), limits), waiting.author)
    approving.expect(tools.store, waiting, needed, whom)
    gone = approving.fell_away(tools.store, waiting) if needed else []
    if back := [each for each in gone if permitting.may_approve(tools, repository, each, limits)]:
        approving.come_back(tools.store, waiting, back, whom)
