"""What hooks left in a cluster: their objects are no members of anything, and go with the environment."""

from collections.abc import Callable, Iterable

from pushboat.errors import ApplyRejected, ClusterRefused
from pushboat.model.manifest import Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.hooks.ending import delete, let_go
from workers.cluster.hooks.words import RUN
from workers.cluster.inventory import Inventory
from workers.cluster.objects import PART_OF, Object, finalizers, is_going, ref_of
from workers.cluster.reading.listing import Place, list_place, places
from workers.manifests.directives.words import Propagation

JOB = "Job.batch"
"""What most hooks are: looked for in any case."""


def leftovers(cluster: Cluster, inventory: Inventory, hooks: Iterable[Ref], namespaces: Iterable[str]) -> list[Object]:
    """Find what runs of hooks left, of the kinds that the inventory has and of those of the `hooks` that are known."""
    names = {JOB, *inventory.kinds, *(f"{ref.kind}.{ref.group}" if ref.group else ref.kind for ref in hooks)}
    kinds = [kind for name in names if (kind := cluster.kinds.named(name))]
    spaces = {*namespaces, *inventory.namespaces}
    wanted = {"labelSelector": f"{PART_OF}={inventory.parent.id},{RUN}"}

    def look(place: Place) -> list[Object]:
        try:
            return list_place(cluster, place, wanted)
        except (ApplyRejected, ClusterRefused):  # who may not list a kind has never made one
            return []

    found = [each for some in cluster.pool.map(look, places(kinds, spaces)) for each in some]
    return [each for each in found if not each["metadata"].get("ownerReferences")]


def clear(cluster: Cluster, found: Iterable[Object], may_write: Callable[[], None]) -> None:
    """Delete what hooks left."""
    for live in found:
        path = _path(cluster, live)
        if path:
            let_go(cluster, path, live, may_write)
            if not is_going(live):
                may_write()
                delete(cluster, path, live, Propagation.BACKGROUND.value)


def held(found: Iterable[Object]) -> dict[Ref, str]:
    """Say which of these somebody's finalizer keeps, and whose."""
    return {ref_of(each): ", ".join(finalizers(each)) for each in found if finalizers(each)}


def _path(cluster: Cluster, live: Object) -> str:
    ref = ref_of(live)
    kind: Kind | None = cluster.kinds.preferred(ref.group, ref.kind)
    return kind.path(ref.namespace, ref.name) if kind else ""
