"""Put a deployment's objects into their waves, and decide whether its hooks are due."""

from pushboat.model.state import Trigger
from pushboat.store import deployments, hook_runs, releases
from workers.cluster.planning.words import Plan
from workers.deploying import sources
from workers.deploying.claimed import Claimed
from workers.deploying.runs import name_of
from workers.deploying.sources import Wanted
from workers.deploying.waves import Parts, parts_of
from workers.manifests.directives.waves import Arrangement, arrange
from workers.manifests.directives.words import Occasion
from workers.tools import Tools


def parts(tools: Tools, work: Claimed, wanted: Wanted, plan: Plan) -> Parts:
    """Take a plan apart along the waves of its objects. What only puts drift back runs no hooks: they did their work.

    Raises:
        InvalidManifest: objects wait for each other, or for something that comes later.
    """
    arranged = arrange(wanted.directed, _occasion(tools, work, plan))
    due = not work.deployment.heals and _has_hooks(arranged) and _are_due(tools, work, wanted, plan)
    return parts_of(plan, arranged, name_of(work.deployment), with_hooks=due)


def _occasion(tools: Tools, work: Claimed, plan: Plan) -> Occasion:
    """Say what this deployment is to its environment: Helm's hooks tell an installation from an upgrade."""
    lost = work.deployment.trigger is Trigger.RECOVERY and not plan.inventory.exists
    if lost or deployments.is_removed(tools.store, work.deployment.lane):
        return Occasion.FIRST  # nothing of it is there, whatever the store remembers
    if work.deployment.again and work.deployment.trigger is not Trigger.RECOVERY:
        return Occasion.ROLLBACK
    was_deployed = bool(plan.inventory.recorded.sha) or bool(releases.listed(tools.store, work.deployment.lane, 1))
    return Occasion.LATER if was_deployed else Occasion.FIRST


def _are_due(tools: Tools, work: Claimed, wanted: Wanted, plan: Plan) -> bool:
    """Say whether hooks run: where something changes, be it the hooks alone, or where this deployment has begun to.

    Seen from what ran last, which may have failed before it wrote anything: going back from there is a change.
    """
    if plan.changeset.counts.changes_something or work.tally.meant:
        return True
    if hook_runs.outcomes(tools.store, work.deployment.id):
        return True
    newest = releases.listed(tools.store, work.deployment.lane, 1)
    if not newest or newest[0].digest != sources.to_keep(tools, wanted).digest:
        return True
    return hook_runs.ran_since(tools.store, work.deployment.lane, newest[0].deployment)


def _has_hooks(arranged: Arrangement) -> bool:
    return any(each.directives.is_hook for wave in arranged.waves for each in wave.members)
