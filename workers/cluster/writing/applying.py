"""Make it so: namespaces, the widened inventory, then stage after stage, every object a compare-and-set.

`may_write` is asked before every request; a worker whose lease is gone stops there. What is unchanged costs nothing.
"""

from collections.abc import Callable

from pushboat.errors import ClusterRefused, ClusterUnavailable
from pushboat.model.changeset import Action, Change, ChangeSet
from workers.cluster.client.connection import APPLY, FIELD_MANAGER, Cluster
from workers.cluster.client.refusals import ApiRefused
from workers.cluster.client.together import together
from workers.cluster.inventory import widen
from workers.cluster.objects import MADE_FOR
from workers.cluster.planning.words import Plan, Step
from workers.cluster.reading.arriving import blame_nobody_for
from workers.cluster.writing.definitions import await_definitions
from workers.cluster.writing.giving_room import give_room, give_room_to_namespace
from workers.cluster.writing.parking import Parking
from workers.cluster.writing.patching import NotServed, send


def apply(
    cluster: Cluster,
    plan: Plan,
    *,
    fence: int,
    may_write: Callable[[], None],
    say: Callable[[str], None],
    made: Callable[[Change], object],
    parking: Parking | None = None,
) -> ChangeSet:
    """Apply the objects of a plan that has its room, and say what changed.

    `made` is told of each change as soon as it is one, by several threads.

    What has to wait for the rest to come up is parked, where `parking` is given.

    Raises:
        ApplyRejected: the API server refused objects; the rest of their stage was tried, later stages were not.
        LeaseLost: another worker has the lane.
        ClusterUnavailable: the API server went away; what was applied stays and counts as unchanged next time.
    """
    changes: list[Change] = []

    def act(step: Step) -> Change | None:
        if parking is not None and parking.expects(step):
            return None
        try:
            return apply_one(cluster, step, fence=fence, may_write=may_write, made=made, say=say)
        except (NotServed, ClusterUnavailable) as refused:
            if parking is not None and parking.takes(step, refused):
                return None
            if isinstance(refused, NotServed):
                ref = step.manifest.ref
                blame_nobody_for(cluster, (ref.group, step.manifest.version, ref.kind))
            raise

    for stage in plan.stages:
        give_room(cluster, stage, may_write, say)
        unchanged = [step.change for step in stage if step.action is Action.UNCHANGED]
        for change in unchanged:
            made(change)
        changed = [step for step in stage if step.action is not Action.UNCHANGED]
        changes += unchanged
        changes += filter(None, together(cluster.pool, changed, act))
        await_definitions(cluster, stage, plan, say)
    return ChangeSet(tuple(changes))


def make_room(
    cluster: Cluster, plan: Plan, *, fence: int, may_write: Callable[[], None], say: Callable[[str], None]
) -> None:
    """Create the namespaces of a plan, and let the inventory cover all of it, before the first object is written.

    Raises:
        ClusterRefused: a namespace cannot be created.
    """
    _create_namespaces(cluster, plan, may_write, say)
    widen(cluster, plan.inventory, plan.covered, fence, may_write)


def apply_one(
    cluster: Cluster,
    step: Step,
    *,
    fence: int,
    may_write: Callable[[], None],
    made: Callable[[Change], object],
    say: Callable[[str], None],
) -> Change:
    """Apply one object, and tell of it; a wait for the API server is said before."""
    change = _applied(cluster, step, fence, may_write, say)
    made(change)
    return change


def _applied(
    cluster: Cluster, step: Step, fence: int, may_write: Callable[[], None], say: Callable[[str], None]
) -> Change:
    if step.action is Action.UNCHANGED:
        return step.change
    return send(cluster, step, fence=fence, may_write=may_write, say=say).change(step)


def _create_namespaces(cluster: Cluster, plan: Plan, may_write: Callable[[], None], say: Callable[[str], None]) -> None:
    for name in sorted(plan.missing_namespaces):
        if name in plan.ending_namespaces:
            say(f"waiting for namespace {name} to be gone, which is being deleted")
            give_room_to_namespace(cluster, name, may_write)
        say(f"creating namespace {name}")
        may_write()
        marks = {MADE_FOR: str(plan.inventory.owner)}
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "annotations": marks}}
        try:
            cluster.request("PATCH", f"/api/v1/namespaces/{name}", {"fieldManager": FIELD_MANAGER}, body, APPLY)
        except ApiRefused as refused:  # the operator's file names it, no commit does
            raise ClusterRefused(f"namespace {name} cannot be created: {refused.summary}") from refused
