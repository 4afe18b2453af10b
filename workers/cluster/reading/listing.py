"""Read many objects with few requests: one labelled LIST per kind and namespace, in pages, several at once."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pushboat.errors import ClusterUnavailable
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.refusals import GONE, NOT_FOUND, Answered
from workers.cluster.objects import Object
from workers.cluster.reading.serving import until_served

PAGE = "500"
_CONVERSION = "conversion webhook"
ATTEMPTS = 3
NAMES_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
Place = tuple[Kind, str]
"""A kind, and the namespace to look in (empty outside namespaces)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The objects in one place, as of one version of the cluster (none: nothing like that is served there).

    `place` names the version of the kind that is served now; `clock` is the API server's, when it answered.
    """

    place: Place
    objects: Sequence[Object] = ()
    version: str = ""
    clock: float | None = None


def list_all(cluster: Cluster, places: Iterable[Place], labels: str, accept: str = "") -> list[Object]:
    """List the objects that a label selector finds in all places."""
    found = cluster.pool.map(lambda place: list_place(cluster, place, {"labelSelector": labels}, accept), places)
    return [each for some in found for each in some]


def list_place(cluster: Cluster, place: Place, selectors: Mapping[str, str], accept: str = "") -> list[Object]:
    """List the objects in one place."""
    return list(list_whole(cluster, place, selectors, accept).objects)


def list_whole(cluster: Cluster, place: Place, selectors: Mapping[str, str], accept: str = "") -> Listed:
    """List the objects in one place, page by page; each says its own kind, which lists leave out.

    Pages have an end of life: where one has passed before the next was asked for, the whole list is read anew.

    Raises:
        ClusterUnavailable: the API server went away, does not follow the kind's definition, or the kind has been
            defined anew since it was discovered, with its objects elsewhere: the next try knows that.
    """
    kind, namespace = place
    query = {"limit": PAGE, **{name: text for name, text in selectors.items() if text}}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _pages(cluster, place, query, accept or "application/json")
        except Answered as answered:
            if answered.code == GONE and attempt < ATTEMPTS:
                continue
            if answered.code != NOT_FOUND:
                found = _unconverted(cluster, place, query, accept) if _CONVERSION in answered.whole else None
                if found is None:
                    raise
                return found
        break
    cluster.kinds.refresh()  # its definition was deleted since the last discovery, or just this version of it
    other = cluster.kinds.preferred(kind.group, kind.kind)
    if other is not None and other.namespaced != kind.namespaced:
        lives = "in namespaces" if other.namespaced else "outside of namespaces"
        raise ClusterUnavailable(f"objects of {kind.kind} ({kind.group}) live {lives} since a moment ago")
    if other is not None and other.version != kind.version:
        return list_whole(cluster, (other, namespace), selectors, accept)
    try:
        return until_served(cluster, kind, lambda: _pages(cluster, place, query, accept or "application/json"))
    except Answered as answered:
        if answered.code != NOT_FOUND:
            raise
    return Listed(place=place)


def _unconverted(cluster: Cluster, place: Place, query: Mapping[str, str], accept: str) -> Listed | None:
    """List in the version that the objects are kept in, where whoever converts them is not up.

    The push that brings it up, or mends it, could not even be planned otherwise.
    """
    kind, namespace = place
    for other in cluster.kinds.versions(kind.group, kind.kind):
        with suppress(Answered):
            return _pages(cluster, (other, namespace), query, accept or "application/json")
    return None


def _pages(cluster: Cluster, place: Place, query: Mapping[str, str], accept: str) -> Listed:
    kind, namespace = place
    api_version = f"{kind.group}/{kind.version}" if kind.group else kind.version
    objects: list[Object] = []
    following = ""
    while True:
        asked = {**query, "continue": following} if following else query
        answer = cluster.request("GET", kind.collection(namespace), asked, accept=accept)
        objects += ({**each, "apiVersion": api_version, "kind": kind.kind} for each in answer.data.get("items") or ())
        metadata = answer.data.get("metadata", {})
        following = metadata.get("continue")
        if not following:
            return Listed(place=place, objects=objects, version=metadata.get("resourceVersion", ""), clock=answer.clock)


def places(kinds: Iterable[Kind], namespaces: Iterable[str]) -> list[Place]:
    """Spread kinds over namespaces; a cluster-scoped kind has one place."""
    spaces = sorted(set(namespaces))
    return [(kind, space) for kind in kinds for space in (spaces if kind.namespaced else [""])]
