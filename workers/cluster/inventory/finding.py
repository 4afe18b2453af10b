"""Find an environment's inventory: by its name, else by what the parents in its namespaces say of themselves.

A parent names its owner, so it is found after the environment or the repository got another name (the operator's
`formerly` says which), and after another namespace became the first.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress

from pushboat.config.environment import Environment
from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from workers.cluster.client.connection import Cluster
from workers.cluster.inventory.words import (
    ID,
    Inventory,
    Owner,
    Parent,
    absent,
    formerly,
    inventory_in,
    is_ours,
    name_for,
    owner_in,
    owner_of,
    parent_of,
)
from workers.cluster.objects import Object, labels

METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
EVERYWHERE = ""
Canonical = Callable[[str], str]
"""Gives a repository's name in the form in which its forge compares names."""


def read(cluster: Cluster, inventory: Inventory) -> Inventory:
    """Read an inventory again; an empty one where its parent is not there (any more, or yet).

    Raises:
        ClusterUnavailable: it has gone to somebody else since.
    """
    parent, owner = inventory.parent, inventory.owner
    live = cluster.find(parent.path)
    now = absent(parent, owner) if live is None else inventory_in(parent, owner, live)
    if now.was not in (None, inventory.was):
        raise ClusterUnavailable(f"{parent} has been handed over to {now.was} meanwhile")
    return now


def locate(cluster: Cluster, repository: str, environment: Environment, canonical: Canonical = str) -> Inventory:
    """Find an environment's inventory, or the one that it goes on with; else give the empty one that it will make."""
    owner, parent = owner_of(repository, environment), parent_of(repository, environment)
    live = cluster.find(parent.path)
    if live is not None:
        named = inventory_in(parent, owner, live)
        if named.was is None or _same(named.was, owner, canonical):
            return named
    known = [each for namespace in environment.namespaces for each in _known(cluster, namespace, owner)]
    for wanted in (owner, *formerly(repository, environment)):
        for each in known:
            if _same(each.was or owner, wanted, canonical):
                return each
    names = {each.parent.name for each in known} | ({parent.name} if live is not None else set())
    return absent(Parent(namespace=parent.namespace, name=_free_name(owner, names)), owner)


def owned(cluster: Cluster, wanted: Collection[str], namespaces: Iterable[str]) -> Mapping[str, Inventory]:
    """Find inventories by the label that their members carry, each for whom it names.

    These namespaces are looked through first; all others together only for what is not there.
    """
    found: dict[str, Inventory] = {}
    for namespace in (*sorted(set(namespaces)), EVERYWHERE):
        if set(wanted) <= found.keys():
            break
        with suppress(ApplyRejected, ClusterRefused):  # an account that may not look there does not know better
            for live in _parents(cluster, namespace):
                if owner := owner_in(live):
                    parent = Parent(namespace=live["metadata"]["namespace"], name=live["metadata"]["name"])
                    found[parent.id] = inventory_in(parent, owner, live)
    return {part_of: each for part_of, each in found.items() if part_of in wanted}


def every(cluster: Cluster) -> Iterator[Inventory]:
    """Find all inventories of a cluster, each for whom it names; early ones name nobody.

    Raises:
        ApplyRejected, ClusterRefused: the account may not look everywhere.
    """
    for live in _parents(cluster, EVERYWHERE):
        parent = Parent(namespace=live["metadata"]["namespace"], name=live["metadata"]["name"])
        yield inventory_in(parent, owner_in(live) or Owner(repository="", environment=""), live)


def _known(cluster: Cluster, namespace: str, owner: Owner) -> Iterator[Inventory]:
    """Read all inventories in a namespace; for an account that may not list Secrets, just the one by its name."""
    try:
        for live in _parents(cluster, namespace):
            yield inventory_in(Parent(namespace=namespace, name=live["metadata"]["name"]), owner, live)
    except (ApplyRejected, ClusterRefused):
        parent = Parent(namespace=namespace, name=name_for(owner))
        try:
            found = cluster.find(parent.path)
        except (ApplyRejected, ClusterRefused):
            return  # an account that may not read Secrets there has never kept an inventory there
        if found is not None:
            yield inventory_in(parent, owner, found)


def _parents(cluster: Cluster, namespace: str) -> Iterator[Object]:
    path = f"/api/v1/namespaces/{namespace}/secrets" if namespace else "/api/v1/secrets"
    for live in cluster.request("GET", path, {"labelSelector": ID}, accept=METADATA_ONLY).data.get("items") or ():
        metadata = live["metadata"]
        if is_ours(live) and labels(live)[ID] == Parent(namespace=metadata["namespace"], name=metadata["name"]).id:
            yield live


def _free_name(owner: Owner, taken: set[str]) -> str:
    number = 1
    while (name := name_for(owner, number)) in taken:
        number += 1
    return name


def _same(one: Owner, other: Owner, canonical: Canonical) -> bool:
    return one.environment == other.environment and canonical(one.repository) == canonical(other.repository)
