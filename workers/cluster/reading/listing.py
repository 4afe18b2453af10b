"""Read many objects with few requests: one labelled LIST per kind and namespace, in pages, several at once."""

from collections.abc import Iterable, Iterator, Mapping

from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.refusals import GONE, NOT_FOUND, Answered
from workers.cluster.objects import Object

PAGE = "500"
ATTEMPTS = 3
NAMES_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
Place = tuple[Kind, str]
"""A kind, and the namespace to look in (empty outside namespaces)."""


def list_all(cluster: Cluster, places: Iterable[Place], labels: str, accept: str = "") -> list[Object]:
    """List the objects that a label selector finds in all places."""
    found = cluster.pool.map(lambda place: list_place(cluster, place, {"labelSelector": labels}, accept), places)
    return [each for some in found for each in some]


def list_place(cluster: Cluster, place: Place, selectors: Mapping[str, str], accept: str = "") -> list[Object]:
    """List the objects in one place, page by page; each says its own kind, which lists leave out.

    Pages have an end of life: where one has passed before the next was asked for, the whole list is read anew.
    """
    kind, namespace = place
    query = {"limit": PAGE, **{name: text for name, text in selectors.items() if text}}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return list(_pages(cluster, kind, namespace, query, accept or "application/json"))
        except Answered as answered:
            if answered.code == GONE and attempt < ATTEMPTS:
                continue
            if answered.code != NOT_FOUND:
                raise
        break
    cluster.kinds.refresh()  # its definition was deleted since the last discovery, or just this version of it
    other = cluster.kinds.preferred(kind.group, kind.kind)
    if other is None or other.version == kind.version:
        return []
    return list_place(cluster, (other, namespace), selectors, accept)


def _pages(cluster: Cluster, kind: Kind, namespace: str, query: Mapping[str, str], accept: str) -> Iterator[Object]:
    api_version = f"{kind.group}/{kind.version}" if kind.group else kind.version
    following = ""
    while True:
        asked = {**query, "continue": following} if following else query
        page = cluster.request("GET", kind.collection(namespace), asked, accept=accept).data
        for each in page.get("items") or ():
            yield {**each, "apiVersion": api_version, "kind": kind.kind}
        following = page.get("metadata", {}).get("continue")
        if not following:
            return


def places(kinds: Iterable[Kind], namespaces: Iterable[str]) -> list[Place]:
    """Spread kinds over namespaces; a cluster-scoped kind has one place."""
    spaces = sorted(set(namespaces))
    return [(kind, space) for kind in kinds for space in (spaces if kind.namespaced else [""])]
