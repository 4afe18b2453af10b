"""The newest definition of a kind, read from the cluster itself: what any API server follows a moment later.

Who may not read definitions goes by the schema that the cluster publishes, which is a moment older, and knows no age.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pushboat.errors import ClusterRefused, ClusterUnavailable
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import BUILT_IN, Kind
from workers.cluster.client.lags import KNOWN_WITHIN, Definition
from workers.cluster.client.refusals import NOT_FOUND, Answered
from workers.cluster.objects import Object, is_going

DEFINITION = ("apiextensions.k8s.io", "v1", "CustomResourceDefinition")
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_KINDS = "x-kubernetes-group-version-kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """What the newest definition says of one version of a kind; `schema` is empty where the version is not served.

    `changed_at` is when it was written last, and `age` the seconds since then, both by the API server's clock; `age` is
    None where nobody may know.
    """

    definition: Definition
    schema: Mapping[str, Any] = field(repr=False)
    changed_at: float = 0.0
    age: float | None = None


def newest(cluster: Cluster, kind: Kind) -> Newest | None:
    """Read the newest definition of a kind; None where no definition makes it, or nothing may be known of it.

    Raises:
        ClusterUnavailable: the API server went away.
    """
    if kind.group in BUILT_IN:
        return None
    name = name_of(kind)
    try:
        answer = cluster.request("GET", f"{DEFINITIONS}/{name}")
    except Answered as answered:
        if answered.code == NOT_FOUND:
            return None
        if isinstance(answered, ClusterRefused):
            return _published(cluster, kind, name)
        raise
    definition = name, int(answer.data["metadata"].get("generation", 0))
    changed = changed_at(answer.data)
    age = None if answer.clock is None else answer.clock - changed
    return Newest(definition=definition, schema=schema_of(answer.data, kind.version), changed_at=changed, age=age)


def defined_by(cluster: Cluster, kind: Kind) -> Definition | None:
    """Find the definition that lets a kind be served as it was discovered; None where none does, or none may be read.

    Raises:
        ClusterUnavailable: the API server went away.
    """
    if kind.group in BUILT_IN:
        return None
    name = name_of(kind)
    live = definitions_of(cluster, [kind])[name]
    if live is None or not serves(live, kind.version) or kind.namespaced != (live["spec"]["scope"] == "Namespaced"):
        return None
    return name, int(live["metadata"].get("generation", 0))


def named(definition: Definition) -> str:
    """Name a definition, as people do."""
    return f"CustomResourceDefinition/{definition[0]}"


def too_late(cluster: Cluster, definition: Definition, why: str) -> ClusterUnavailable:
    """Say who must act where an API server does not follow a definition in time."""
    return ClusterUnavailable(
        f"the administrator of cluster {cluster.name} must see why its API server has not followed "
        f"{named(definition)} for {KNOWN_WITHIN:.0f} s, which {why}"
    )


def definitions_of(cluster: Cluster, kinds: Iterable[Kind]) -> dict[str, Object | None]:
    """Read the definitions of kinds as they stand, by their names; None for what has none, or none that we may read.

    Raises:
        ClusterUnavailable: the API server went away.
    """
    found: dict[str, Object | None] = {}
    for name in sorted({name_of(kind) for kind in kinds}):
        found[name] = None
        with suppress(ClusterRefused):
            found[name] = cluster.find(f"{DEFINITIONS}/{name}")
    return found


def serves(definition: Mapping[str, Any], version: str) -> bool:
    """Say whether a definition lets a version be served: one that goes, or whose names are another's, lets none."""
    if is_going(definition):
        return False
    conditions = (definition.get("status") or {}).get("conditions") or ()
    if any(each.get("type") == "NamesAccepted" and each.get("status") == "False" for each in conditions):
        return False
    return any(each["name"] == version and each.get("served") for each in definition["spec"]["versions"])


def name_of(kind: Kind) -> str:
    """Name the definition that makes a kind, as the API server does."""
    return f"{kind.plural}.{kind.group}"


def schema_of(definition: Mapping[str, Any], version: str) -> Mapping[str, Any]:
    """Give what a definition says of one version; nothing where it lets that not be served."""
    if not serves(definition, version):
        return {}
    found = next(each for each in definition["spec"]["versions"] if each["name"] == version)
    return (found.get("schema") or {}).get("openAPIV3Schema") or {}


def changed_at(definition: Mapping[str, Any]) -> float:
    """Say when it was written last, its status apart; in seconds since 1970."""
    metadata = definition["metadata"]
    entries = metadata.get("managedFields") or ()
    times = [each["time"] for each in entries if not each.get("subresource") and each.get("time")]
    return max(datetime.fromisoformat(at).timestamp() for at in (metadata["creationTimestamp"], *times))


def _published(cluster: Cluster, kind: Kind, name: str) -> Newest | None:
    version = kind.group, kind.version
    document = cluster.published([version]).documents.get(version)
    wanted = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    for schema in document.schemas.values() if document else ():
        if isinstance(schema, Mapping) and wanted in (schema.get(_KINDS) or ()):
            return Newest(definition=(name, 0), schema=schema)
    return None
