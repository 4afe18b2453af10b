"""What another store brought to an environment, read from the cluster: an inventory names its last commit."""

from pushboat.config.environment import by_the_operator
from pushboat.config.project import Limits
from pushboat.errors import ApplyRejected, ClusterRefused, CommandRefused
from pushboat.model.wording import printable
from pushboat.routing import Commit
from workers.cluster import inventory
from workers.tools import Tools


def inherited(tools: Tools, repository: str, limits: Limits) -> Commit | None:
    """Find the commit that was brought to an environment which our store knows nothing of; None where nothing was.

    Raises:
        CommandRefused: the inventory does not say which commit, or may not be read; says the way on.
        ClusterUnavailable: the cluster does not answer; it is asked again.
    """
    environment, where = by_the_operator(limits), limits.environment
    try:
        cluster = tools.clusters.of(environment)
        known = inventory.locate(cluster, repository, environment, tools.operator.canonical)
    except (ApplyRejected, ClusterRefused) as refusal:
        raise CommandRefused(
            f"This Pushboat never deployed to {where}, and cannot look in cluster {limits.cluster} for what another "
            f"one did: {printable(refusal.summary, 200)}. Nothing is deleted."
        ) from refusal
    if not known.exists:
        return None
    if not known.recorded.sha:
        raise CommandRefused(
            f"This Pushboat never deployed to {where}, and inventory {known.parent} in cluster {limits.cluster} does "
            f"not say which commit another one did: deploy to it once, then destroy it. Nothing is deleted."
        )
    return Commit(sha=known.recorded.sha)
