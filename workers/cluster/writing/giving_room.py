"""Wait until what is being deleted is gone, so that it can be created again: it is there, but it does not count.

Applying to it would be green, and gone a moment later.
"""

import time
from collections.abc import Callable, Sequence

from pushboat.errors import ApplyRejected, ClusterUnavailable
from pushboat.model.manifest import Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.objects import Object, finalizers, held_by
from workers.cluster.planning.words import Step
from workers.cluster.reading.namespaces import remaining

GONE_WITHIN = 30.0
"""Seconds. A finalizer that takes longer is named; whoever put it there must act, not time."""
NAMESPACE_GONE_WITHIN = 15.0
"""Seconds of one attempt; a namespace with much in it may take many of these, and holds no place meanwhile."""
LOOKS_EVERY = 0.2
_OF_THE_COLLECTOR = ("foregroundDeletion", "orphan")
"""Finalizers that only say that Kubernetes itself is not done yet."""
_BY_ITSELF = {
    "kubernetes.io/pvc-protection": "end the pods that use it",
    "kubernetes.io/pv-protection": "delete the claim that is bound to it",
}
"""Finalizers that go by themselves once something else has been done."""


def give_room(
    cluster: Cluster,
    stage: Sequence[Step],
    may_write: Callable[[], None],
    say: Callable[[str], None],
    within: float = GONE_WITHIN,
) -> None:
    """Wait for the objects of a stage that stand in the way of their successors.

    Raises:
        ApplyRejected: one of them is still there; names the finalizers that hold it.
        ClusterUnavailable: nothing holds one, it only takes longer.
    """
    deadline = time.monotonic() + within
    for step in stage:
        if step.going is None:
            continue
        ref = step.manifest.ref
        kind = cluster.kinds.preferred(ref.group, ref.kind)
        if kind is None:
            continue
        say(f"waiting for the {ref} of before to be gone, for {within:.0f} s at most")
        path = kind.path(ref.namespace, ref.name)
        left = outlived(cluster, path, step.going, deadline + grace_of(step.going), may_write)
        if left is not None:
            raise still_there(left, ref, f"{step.manifest.place}: {ref}", "or give the object another name")


def still_there(left: Object, ref: Ref, where: str, way_out: str) -> ApplyRejected | ClusterUnavailable:
    """Say what holds an object that should be gone, and who must act; nobody where it only takes longer."""
    held = [each for each in finalizers(left) if each not in _OF_THE_COLLECTOR]
    if not held:
        return ClusterUnavailable(f"{ref} is {held_by(left)}")
    advice = next((_BY_ITSELF[each] for each in held if each in _BY_ITSELF), "have its finalizers taken off")
    return ApplyRejected(f"{advice} {way_out} — {where} is {held_by(left)}")


def give_room_to_namespace(cluster: Cluster, name: str, may_write: Callable[[], None]) -> None:
    """Wait for a namespace that is being deleted.

    Raises:
        ClusterUnavailable: it is still there; says what is left in it.
    """
    path = f"/api/v1/namespaces/{name}"
    going = cluster.find(path)
    if going is None:
        return
    left = outlived(cluster, path, going, time.monotonic() + NAMESPACE_GONE_WITHIN, may_write)
    if left is not None:
        raise ClusterUnavailable(
            f"namespace {name} is still being deleted: {remaining(left)}; whoever keeps it there must let it go"
        )


def grace_of(going: Object) -> float:
    """Give the seconds that a pod has for its end; nothing else has any."""
    return float(going["metadata"].get("deletionGracePeriodSeconds") or 0)


def outlived(
    cluster: Cluster, path: str, going: Object, deadline: float, may_write: Callable[[], None]
) -> Object | None:
    """Give the object as it is at the deadline; None as soon as it is gone."""
    while True:
        now = cluster.find(path)
        if now is None or now["metadata"]["uid"] != going["metadata"]["uid"]:
            return None
        if time.monotonic() > deadline:
            return now
        time.sleep(LOOKS_EVERY)
        may_write()
