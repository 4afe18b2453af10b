"""Read what the cluster holds: our objects by one labelled LIST per kind and namespace, and namesakes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pushboat.config.environment import Environment
from pushboat.errors import ClusterRefused
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.refusals import ApiRefused
from workers.cluster.inventory import Inventory, Owner, owners
from workers.cluster.objects import PART_OF, Object, is_original, labels, ref_of
from workers.cluster.reading.listing import NAMES_ONLY, Place, list_all, list_place, places

REFS_READ_ONE_BY_ONE = 4
"""Unknown objects of one kind and namespace that are read one by one; more are looked up in one list of names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What the cluster holds: `members` carry our label, `strangers` have a manifest's name and do not.

    `missing_namespaces` are those that the environment needs and the cluster lacks; `create_namespaces` says that we
    may create them. `owners` says whose the strangers of other inventories are, by the label that these carry.
    """

    inventory: Inventory
    members: Mapping[Ref, Object] = field(default_factory=dict, repr=False)
    strangers: Mapping[Ref, Object] = field(default_factory=dict, repr=False)
    missing_namespaces: frozenset[str] = frozenset()
    create_namespaces: bool = False
    owners: Mapping[str, Owner] = field(default_factory=dict)

    def find(self, ref: Ref) -> Object | None:
        """Find an object, whoever it belongs to."""
        return self.members.get(ref) or self.strangers.get(ref)


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
    members = {ref_of(each): each for each in found if ref_of(each) in wanted or is_original(each)}
    missing = _missing_namespaces(cluster, environment, members)
    strangers = _strangers(cluster, served, [each.ref for each in manifests if each.ref not in members], missing)
    return Live(
        inventory=inventory,
        members=members,
        strangers=strangers,
        missing_namespaces=missing,
        create_namespaces=environment.create_namespaces,
        owners=_owners(cluster, strangers, {*environment.namespaces, *elsewhere}),
    )


def _owners(cluster: Cluster, strangers: Mapping[Ref, Object], namespaces: Collection[str]) -> Mapping[str, Owner]:
    theirs = [ref for ref, each in strangers.items() if PART_OF in labels(each)]
    return owners(cluster, {*namespaces, *(ref.namespace for ref in theirs)} - {""}) if theirs else {}


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


def _missing_namespaces(cluster: Cluster, environment: Environment, members: Iterable[Ref]) -> frozenset[str]:
    alive = {ref.namespace for ref in members}
    unsure = [namespace for namespace in environment.namespaces if namespace not in alive]
    there = cluster.pool.map(lambda namespace: _exists(cluster, namespace), unsure)
    return frozenset(namespace for namespace, exists in zip(unsure, there, strict=True) if not exists)


def _exists(cluster: Cluster, namespace: str) -> bool:
    try:
        return cluster.find(f"/api/v1/namespaces/{namespace}") is not None
    except (ApiRefused, ClusterRefused):  # an account that may not read namespaces was given this one, so it exists
        return True


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
    return {ref: each for (_, ref), each in zip(wanted, found, strict=True) if each is not None and _stays(each)}


def _candidates(cluster: Cluster, place: Place, refs: list[Ref]) -> list[Ref]:
    if len(refs) <= REFS_READ_ONE_BY_ONE:
        return refs
    names = {each["metadata"]["name"] for each in list_place(cluster, place, {}, NAMES_ONLY)}
    return [ref for ref in refs if ref.name in names]


def _stays(live: Object) -> bool:
    # What another revision is just deleting will be gone or answer 409; planning with it would adopt a corpse.
    return "deletionTimestamp" not in live["metadata"] or PART_OF in labels(live)
