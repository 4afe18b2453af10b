"""Shuts out the worker that held a lane before us and may still have writes in its hands (docs/adr/0005).

A fence goes the way of any other write: it carries the version that was read, so that one that comes late, from a
worker that was taken over from in turn, is refused and lowers no later one's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pushboat.errors import ClusterRefused, ClusterUnavailable, LeaseLost
from workers.cluster.client.connection import FIELD_MANAGER, MERGE, Cluster
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered, ApiRefused
from workers.cluster.client.together import together
from workers.cluster.inventory import Inventory
from workers.cluster.objects import FENCE, PART_OF, fence_of, is_original, ref_of
from workers.cluster.reading.listing import list_all, places

ATTEMPTS = 10
"""Controllers write to what they look after, but not all the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """An object to be fenced, as it was read."""

    path: str
    version: str
    fence: int


def take_over(cluster: Cluster, inventory: Inventory, fence: int, may_write: Callable[[], None]) -> int:
    """Bump the fence on everything of ours, so that the writes of a worker whose lease expired all answer 409.

    A fence in the cluster only grows, also where the store was lost and counts from one again.

    Raises:
        LeaseLost: another worker has taken over from us meanwhile.
    """
    kinds = [found for text in inventory.kinds if (found := cluster.kinds.named(text))]
    members = list_all(cluster, places(kinds, inventory.namespaces), f"{PART_OF}={inventory.parent.id}")
    standing: list[_Read] = []
    for each in members:
        ref = ref_of(each)
        kind = cluster.kinds.preferred(ref.group, ref.kind)
        if kind is not None and is_original(each):
            path, version = kind.path(ref.namespace, ref.name), each["metadata"]["resourceVersion"]
            standing.append(_Read(path=path, version=version, fence=fence_of(each)))
    if inventory.exists:
        parent = inventory.parent.path
        standing.append(_Read(path=parent, version=inventory.resource_version, fence=inventory.fence))
    together(cluster.pool, standing, lambda read: _put(cluster, read, fence, may_write))
    return len(standing)


def _put(cluster: Cluster, read: _Read, fence: int, may_write: Callable[[], None]) -> None:
    """Write the fence, over what was read last; an object that is gone needs no protection."""
    for _ in range(ATTEMPTS):
        may_write()
        marks = {FENCE: str(max(fence, read.fence + 1))}
        body = {"metadata": {"resourceVersion": read.version, "annotations": marks}}
        try:
            cluster.request("PATCH", read.path, {"fieldManager": f"{FIELD_MANAGER}-fence"}, body, MERGE)
        except Answered as answered:
            if answered.code == NOT_FOUND:
                return
            if isinstance(answered, ApiRefused):  # the commit has no say in our fences
                raise ClusterRefused(f"{read.path}: {answered.summary}") from answered
            if answered.code != CONFLICT:
                raise
            live = cluster.find(read.path)
            if live is None:
                return
            if fence_of(live) > max(fence, read.fence):
                raise LeaseLost(f"another worker has taken over {read.path}") from answered
            read = _Read(path=read.path, version=live["metadata"]["resourceVersion"], fence=fence_of(live))
        else:
            return
    raise ClusterUnavailable(f"{read.path}: somebody else keeps changing it")
