"""Compare what runs with what a fresh apply would give, without what the server hands out and counts."""

from typing import Any

from tests.cluster.desk import Desk
from workers.cluster.client.connection import Cluster
from workers.cluster.objects import PART_OF

OURS = ("pushboat.dev/", "applyset.kubernetes.io/")
COUNTED = ("deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation")
BOUND = ("pv.kubernetes.io/", "volume.kubernetes.io/", "volume.beta.kubernetes.io/")
"""How the marks begin that nobody wishes: ours, those that controllers count in, and those of a bound volume."""
HANDED_OUT = (
    "clusterIP",
    "clusterIPs",
    "nodePort",
    "healthCheckNodePort",
    "volumeName",
    "controller-uid",
    "batch.kubernetes.io/controller-uid",
)
"""What the server allocates, so that two objects never agree about it."""
GROUPS = {
    "/api/v1": ("services", "persistentvolumeclaims", "configmaps", "secrets", "serviceaccounts"),
    "/apis/apps/v1": ("deployments", "statefulsets"),
    "/apis/batch/v1": ("jobs",),
    "/apis/autoscaling/v2": ("horizontalpodautoscalers",),
    "/apis/networking.k8s.io/v1": ("networkpolicies", "ingresses"),
}
"""The kinds of the random sets that live in namespaces."""


def wished(live: dict[str, Any]) -> dict[str, Any]:
    """Give an object as far as somebody can wish it."""
    marks = {
        place: {
            key: value
            for key, value in (live["metadata"].get(place) or {}).items()
            if not key.startswith((*OURS, *COUNTED, *BOUND))
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


def state(cluster: Cluster, namespace: str, inventory: str) -> dict[str, Any]:
    """Give everything of an inventory, with the namespace's name written as $NS."""
    paths = [f"{api}/namespaces/{namespace}/{plural}" for api, plurals in GROUPS.items() for plural in plurals]
    paths += [
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
        f"/apis/{namespace}.example/v1/namespaces/{namespace}/boats",
    ]
    found = {}
    for path in paths:
        listed = cluster.find(path)
        for item in listed["items"] if listed else ():
            if item["metadata"].get("labels", {}).get(PART_OF) == inventory:
                key = f"{path.rpartition('/')[2]}/{item['metadata']['name']}"
                found[key.replace(namespace, "$NS")] = _renamed(wished(item), namespace)
    return found


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """List where two states differ, a line each."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other}, key=str)
        return [line for key in keys for line in differences(one.get(key), other.get(key), f"{path}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [line for at, pair in pairs for line in differences(*pair, f"{path}[{at}]")]
    return [] if one == other else [f"{path}: {one!r} instead of {other!r}"]


def _without_handed_out(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_handed_out(each) for key, each in value.items() if key not in HANDED_OUT}
    if isinstance(value, list):
        return [_without_handed_out(each) for each in value]
    return value


def _renamed(value: Any, namespace: str) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(each, namespace) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, namespace) for each in value]
    return value.replace(namespace, "$NS") if isinstance(value, str) else value
