"""Which deployments leave a footprint: those after which nothing is left to be said of what they brought.

Where a field was left alone, an object stays that should go, or somebody else has one, the next deployment may come out
differently though nothing of its files has changed: so it is carried out.
"""

from collections.abc import Sequence

from pushboat.model.changeset import ChangeSet
from pushboat.model.footprint import Footprint
from workers.cluster.planning.words import Plan, Stale
from workers.deploying.sources import Wanted


def footprint(wanted: Wanted, plan: Plan, changes: ChangeSet, survivors: Sequence[Stale]) -> Footprint | None:
    """Give what decided the outcome, where that is all there is to say; else None."""
    left = any(step.left for step in plan.steps) or any(change.left for change in changes.changes)
    return None if survivors or plan.alone or wanted.locked or left else wanted.footprint
