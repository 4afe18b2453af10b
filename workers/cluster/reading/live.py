"""Read what the cluster holds: our objects by one labelled LIST per kind and namespace, and namesakes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pushboat.config.environment import Environment
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.inventory import Inventory, emptied, owned
from workers.cluster.objects import PART_OF, Object, is_going, is_original, labels, ref_of
from workers.cluster.reading.listing import NAMES_ONLY, Place, list_all, list_place, places
from workers.cluster.reading.namespaces import missing_namespaces
from workers.cluster.reading.scalers import read_scalers

DEFINITION = ("apiextensions.k8s.io", "CustomResourceDefinition")
REFS_READ_ONE_BY_ONE = 4
"""Unknown objects of one kind and namespace that are read one by one; more are looked up in one list of names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What the cluster holds: `members` carry our label, `strangers` have a manifest's name and do not.

    `scalers` are autoscalers beside objects whose replicas may leave their manifests. `going` are members and strangers
    that are being deleted, alone, with their namespace or with their definition; they do not count as there.
    `missing_namespaces` are those that the environment needs and the cluster lacks, `ending_namespaces` those of them
    that are still being deleted; `create_namespaces` says that we may create them. `others` are the inventories that
    strangers belong to, by the label that these carry.
    """

    inventory: Inventory
    members: Mapping[Ref, Object] = field(default_factory=dict, repr=False)
    strangers: Mapping[Ref, Object] = field(default_factory=dict, repr=False)
    scalers: tuple[Object, ...] = field(default=(), repr=False)
    going: Mapping[Ref, Object] = field(default_factory=dict, repr=False)
    missing_namespaces: frozenset[str] = frozenset()
    ending_namespaces: frozenset[str] = frozenset()
    create_namespaces: bool = False
    others: Mapping[str, Inventory] = field(default_factory=dict)

    def find(self, ref: Ref) -> Object | None:
        """Find an object that is there to stay, whoever it belongs to."""
        return None if ref in self.going else self.members.get(ref) or self.strangers.get(ref)


def read_live(
    cluster: Cluster,
    inventory: Inventory,
    manifests: Sequence[Manifest],
    environment: Environment,
    elsewhere: Collection[str] = (),
) -> Live:
    """Read the members of an inventory, and the objects without our label that a manifest would touch.

    `elsewhere` are further namespaces in which the repository's other environments may keep their inventories.
    """
    served = _served(cluster, inventory, manifests)
    spaces = {inventory.parent.namespace, *inventory.namespaces, *(manifest.ref.namespace for manifest in manifests)}
    found = list_all(cluster, places(served.values(), spaces - {""}), f"{PART_OF}={inventory.parent.id}")
    wanted = {manifest.ref for manifest in manifests}
    members = {ref: each for each in found if (ref := ref_of(each)) in wanted or is_original(each)}
    doubtful = {ref.namespace for ref, each in members.items() if is_going(each)}
    alive = {ref.namespace for ref in members} - doubtful
    missing, ending = missing_namespaces(cluster, environment.namespaces, alive)
    strangers = _strangers(cluster, served, [each.ref for each in manifests if each.ref not in members], missing)
    found_all = {**strangers, **members}
    return Live(
        inventory=emptied(inventory) if inventory.parent.namespace in ending else inventory,
        members=members,
        strangers=strangers,
        scalers=read_scalers(cluster, manifests, found_all),
        going=_going(found_all, ending),
        missing_namespaces=missing,
        ending_namespaces=ending,
        create_namespaces=environment.create_namespaces,
        others=_others(cluster, strangers, {*environment.namespaces, *elsewhere}),
    )


def _going(found: Mapping[Ref, Object], ending: frozenset[str]) -> dict[Ref, Object]:
    """Find what is being deleted, alone or with its namespace or its definition; those go first, and take it along."""
    specs = [each["spec"] for ref, each in found.items() if (ref.group, ref.kind) == DEFINITION and is_going(each)]
    undefined = {(each["group"], each["names"]["kind"]) for each in specs}
    return {
        ref: each
        for ref, each in found.items()
        if is_going(each) or ref.namespace in ending or (ref.group, ref.kind) in undefined
    }


def _others(cluster: Cluster, strangers: Mapping[Ref, Object], namespaces: Collection[str]) -> Mapping[str, Inventory]:
    theirs = {ref: labels(each)[PART_OF] for ref, each in strangers.items() if PART_OF in labels(each)}
    spaces = {*namespaces, *(ref.namespace for ref in theirs)} - {""}
    return owned(cluster, set(theirs.values()), spaces) if theirs else {}


def _served(cluster: Cluster, inventory: Inventory, manifests: Sequence[Manifest]) -> dict[tuple[str, str], Kind]:
    """Find the kinds to list; what the cluster does not serve (any more, or yet) has no objects."""
    served: dict[tuple[str, str], Kind] = {}
    for text in inventory.kinds:
        if found := cluster.kinds.named(text):
            served[found.group, found.kind] = found
    for manifest in manifests:
        ref = manifest.ref
        if found := cluster.kinds.find(ref.group, manifest.version, ref.kind):
            served[ref.group, ref.kind] = found
    return served


def _strangers(
    cluster: Cluster, served: dict[tuple[str, str], Kind], unknown: Sequence[Ref], missing: frozenset[str]
) -> dict[Ref, Object]:
    by_place: dict[Place, list[Ref]] = defaultdict(list)
    for ref in unknown:
        kind = served.get((ref.group, ref.kind))
        if kind is not None and ref.namespace not in missing:
            by_place[kind, ref.namespace].append(ref)
    candidates = cluster.pool.map(lambda item: _candidates(cluster, *item), by_place.items())
    wanted = [(served[ref.group, ref.kind], ref) for some in candidates for ref in some]
    found = cluster.pool.map(lambda item: cluster.find(item[0].path(item[1].namespace, item[1].name)), wanted)
    return {ref: each for (_, ref), each in zip(wanted, found, strict=True) if each is not None}


def _candidates(cluster: Cluster, place: Place, refs: list[Ref]) -> list[Ref]:
    if len(refs) <= REFS_READ_ONE_BY_ONE:
        return refs
    names = {each["metadata"]["name"] for each in list_place(cluster, place, {}, NAMES_ONLY)}
    return [ref for ref in refs if ref.name in names]
