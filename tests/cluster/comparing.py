"""Compare what runs with what a fresh apply would give, without what the server hands out and counts."""

from typing import Any

from tests.cluster.desk import Desk
from workers.cluster.objects import APPLIED, FENCE, PART_OF
from workers.cluster.records import RECORD

_OURS = (
    PART_OF,
    APPLIED,
    RECORD,
    FENCE,
    "deployment.kubernetes.io/revision",
    "deprecated.daemonset.template.generation",
)
_HANDED_OUT = (
    "clusterIP",
    "clusterIPs",
    "nodePort",
    "healthCheckNodePort",
    "volumeName",
    "controller-uid",
    "batch.kubernetes.io/controller-uid",
)
_BOUND = ("pv.kubernetes.io/", "volume.kubernetes.io/", "volume.beta.kubernetes.io/")


def wished(live: dict[str, Any]) -> dict[str, Any]:
    """Give an object as far as somebody can wish it."""
    metadata = live["metadata"]
    marks = {
        place: {
            key: value
            for key, value in (metadata.get(place) or {}).items()
            if key not in _OURS and not key.startswith(_BOUND)
        }
        for place in ("labels", "annotations")
    }
    rest = {key: value for key, value in live.items() if key not in ("metadata", "status")}
    return {**_without_handed_out(rest), **{key: value for key, value in marks.items() if value}}


def read(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    """Read an object of the desk's namespace."""
    group, _, version = body["apiVersion"].rpartition("/")
    kind = desk.cluster.kinds.find(group, version, body["kind"])
    assert kind is not None
    namespace = desk.namespace if kind.namespaced else ""
    live = desk.cluster.find(kind.path(namespace, body["metadata"]["name"]))
    assert live is not None, body["metadata"]["name"]
    return live


def _without_handed_out(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_handed_out(each) for key, each in value.items() if key not in _HANDED_OUT}
    if isinstance(value, list):
        return [_without_handed_out(each) for each in value]
    return value
