"""Write an inventory as a compare-and-set: wider before an apply, narrower after a prune, gone with its last member."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from pushboat.errors import ClusterRefused, ClusterUnavailable, LeaseLost
from pushboat.model.manifest import Ref
from workers.cluster.client.connection import APPLY, FIELD_MANAGER, Cluster
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered, ApiRefused
from workers.cluster.inventory.finding import read
from workers.cluster.inventory.words import Inventory, Recorded, body_of, inventory_in

ATTEMPTS = 5


def covers(inventory: Inventory, refs: Iterable[Ref]) -> bool:
    """Say whether objects would be found through an inventory as it stands."""
    wanted = covering(inventory, refs)
    ours = inventory.exists and inventory.was is None
    return ours and wanted.kinds <= inventory.kinds and wanted.namespaces <= inventory.namespaces


def widen(
    cluster: Cluster, inventory: Inventory, refs: Iterable[Ref], fence: int, may_write: Callable[[], None]
) -> Inventory:
    """Let the inventory cover these objects too, and be ours; writes only where that is not so yet."""
    wanted = covering(inventory, refs)

    def widened(now: Inventory) -> Inventory:
        return replace(now, was=None, kinds=now.kinds | wanted.kinds, namespaces=now.namespaces | wanted.namespaces)

    return _write(cluster, inventory, widened, fence, may_write)


def narrow(
    cluster: Cluster,
    inventory: Inventory,
    refs: Iterable[Ref],
    fence: int,
    may_write: Callable[[], None],
    recorded: Recorded | None = None,
) -> Inventory:
    """Let the inventory cover just these objects, and say what was deployed; writes only where it says otherwise.

    What the cluster does not serve now was not looked at: it may be an API that is down, with objects of ours behind.
    """
    wanted = covering(inventory, refs)
    unseen = frozenset(text for text in inventory.kinds - wanted.kinds if cluster.kinds.named(text) is None)

    def narrowed(now: Inventory) -> Inventory:
        spaces = now.namespaces if unseen else wanted.namespaces
        said = now.recorded if recorded is None else recorded
        return replace(now, was=None, kinds=wanted.kinds | unseen, namespaces=spaces, recorded=said)

    return _write(cluster, inventory, narrowed, fence, may_write)


def erase(cluster: Cluster, inventory: Inventory, fence: int, may_write: Callable[[], None]) -> None:
    """Delete an inventory that has no members any more.

    Raises:
        ClusterRefused: the API server does not let us.
        LeaseLost: another worker has the lane.
    """
    parent = inventory.parent
    for _ in range(ATTEMPTS):
        if not inventory.exists:
            return
        may_write()
        exactly = {"resourceVersion": inventory.resource_version}
        body = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": exactly}
        try:
            cluster.request("DELETE", parent.path, body=body)
        except ApiRefused as refused:
            raise ClusterRefused(f"{parent}: {refused.summary}") from refused
        except Answered as answered:
            if answered.code not in (CONFLICT, NOT_FOUND):
                raise
            inventory = _read_again(cluster, inventory, max(fence, inventory.fence))
        else:
            return
    raise ClusterUnavailable(f"{parent}: somebody else keeps changing it")


def covering(inventory: Inventory, refs: Iterable[Ref]) -> Inventory:
    """Give the smallest inventory under the same parent that covers these objects."""
    refs = list(refs)
    return Inventory(
        parent=inventory.parent,
        owner=inventory.owner,
        kinds=frozenset(f"{ref.kind}.{ref.group}" if ref.group else ref.kind for ref in refs),
        namespaces=frozenset({inventory.parent.namespace, *(ref.namespace for ref in refs if ref.namespace)}),
    )


def _write(
    cluster: Cluster,
    inventory: Inventory,
    change: Callable[[Inventory], Inventory],
    fence: int,
    may_write: Callable[[], None],
) -> Inventory:
    """Write the changed inventory as a compare-and-set; an earlier turn of the same lane may have written meanwhile."""
    parent, query = inventory.parent, {"fieldManager": FIELD_MANAGER, "force": "true"}
    for _ in range(ATTEMPTS):
        target = change(inventory)
        if target == inventory:
            return inventory
        may_write()
        try:
            written = cluster.request("PATCH", parent.path, query, body_of(target), APPLY).data
        except ApiRefused as refused:  # the commit has no say in how we keep its inventory
            raise ClusterRefused(f"{parent}: {refused.summary}") from refused
        except Answered as answered:
            if answered.code != CONFLICT:
                raise
            inventory = _read_again(cluster, inventory, max(fence, inventory.fence))
        else:
            return inventory_in(parent, target.owner, written)
    raise ClusterUnavailable(f"{parent}: somebody else keeps changing it")


def _read_again(cluster: Cluster, inventory: Inventory, fence: int) -> Inventory:
    now = read(cluster, inventory)
    if now.fence > fence:
        raise LeaseLost(f"another worker has taken over {inventory.owner.environment}")
    return now
