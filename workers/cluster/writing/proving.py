"""Ask about fields that cannot change before the first object is written: half of a push is worse than none of it.

A table says which changes may be refused for good; whether they are is the API server's word, by a dry run of just
those objects. What it refuses for another reason is tried in its turn, when what it needs may have come.
"""

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from pushboat.model.changeset import Action
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import Answered, fixed_fields
from workers.cluster.client.together import together
from workers.cluster.planning.diff import lacking
from workers.cluster.planning.warnings import fixed
from workers.cluster.planning.words import Plan, Step
from workers.cluster.writing.patching import send


def refuse_fixed(cluster: Cluster, plan: Plan) -> None:
    """Refuse a plan that changes what cannot change, and may not be recreated.

    Raises:
        ApplyRejected: names every such object, with what to do.
    """
    doubtful = [step for step in plan.steps if _may_be_fixed(step)]
    together(cluster.pool, doubtful, lambda step: _proven(cluster, step))


def _may_be_fixed(step: Step) -> bool:
    ref, live = step.manifest.ref, step.live
    if step.action is not Action.CONFIGURED or live is None or not fixed.places(ref.group, ref.kind, live):
        return False
    return bool(fixed.fixed_fields(ref.group, ref.kind, live, lacking(live, step.body)))


def _proven(cluster: Cluster, step: Step) -> None:
    try:
        send(cluster, step, fence=0, may_write=_nothing_is_written, dry_run=True)
    except (ApplyRejected, ClusterRefused, ClusterUnavailable) as refused:
        if isinstance(refused.__cause__, Answered) and fixed_fields(refused.__cause__):
            raise


def _nothing_is_written() -> None:
    """Let every request pass: a dry run needs no lease."""
