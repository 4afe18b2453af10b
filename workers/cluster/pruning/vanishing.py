"""Wait a little until what is being deleted is gone; what is not says who holds it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.refusals import NOT_FOUND, Answered
from workers.cluster.objects import Object, finalizers, held_by
from workers.cluster.pruning.deleting import Deletion, Fate
from workers.cluster.reading.serving import until_served

VANISHES_WITHIN = 10.0
"""Seconds for a rank's finalizers. Who takes longer is named and looked at again by the next deployment."""
LOOKS_EVERY = 0.2


def vanished(
    cluster: Cluster,
    asked: Sequence[Deletion],
    may_write: Callable[[], None],
    say: Callable[[str], None],
    within: float = VANISHES_WITHIN,
) -> list[Deletion]:
    """Give each object's end: deleted, or still there because of a finalizer.

    What began before this deployment has had its time and is looked at once.
    """
    ended = {each.stale.ref: _looked_at(cluster, each) for each in asked}
    deadline = time.monotonic() + within
    told = False
    while open_ones := [each for each in ended.values() if each.fate is Fate.GOING]:
        if time.monotonic() > deadline:
            break
        if not told:
            say(f"waiting for {open_ones[0].stale.ref} to be gone, for {within:.0f} s at most")
            told = True
        time.sleep(LOOKS_EVERY)
        may_write()
        ended.update({each.stale.ref: _looked_at(cluster, each) for each in open_ones})
    return [_given_up(each) if each.fate is Fate.GOING else each for each in ended.values()]


def _looked_at(cluster: Cluster, deletion: Deletion) -> Deletion:
    """Look where an object is; one without finalizers goes by itself (a pod takes its time)."""
    if deletion.fate is not Fate.GOING:
        return deletion
    ref, uid = deletion.stale.ref, deletion.stale.live["metadata"]["uid"]
    kind = cluster.kinds.preferred(ref.group, ref.kind)
    now = _live(cluster, kind, kind.path(ref.namespace, ref.name)) if kind else None
    if now is None or now["metadata"]["uid"] != uid or not finalizers(now):
        return replace(deletion, fate=Fate.DELETED)
    if deletion.began:
        return replace(deletion, fate=Fate.STAYS, why=held_by(now))
    return replace(deletion, why=held_by(now))


def _live(cluster: Cluster, kind: Kind, path: str) -> Object | None:
    try:
        return until_served(cluster, kind, lambda: cluster.request("GET", path).data)
    except Answered as answered:
        if answered.code == NOT_FOUND:
            return None
        raise


def _given_up(deletion: Deletion) -> Deletion:
    return replace(deletion, fate=Fate.STAYS, began=True)
