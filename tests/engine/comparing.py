"""What of two clusters must be equal: all fields of all our objects, except those that the server decides by itself."""

from collections.abc import Callable, Mapping
from typing import Any

from workers.cluster.client.connection import Cluster
from workers.cluster.objects import PART_OF

GROUPS = {
    "/api/v1": ("services", "persistentvolumeclaims", "configmaps", "secrets", "serviceaccounts"),
    "/apis/apps/v1": ("deployments", "statefulsets"),
    "/apis/batch/v1": ("jobs",),
    "/apis/autoscaling/v2": ("horizontalpodautoscalers",),
    "/apis/networking.k8s.io/v1": ("networkpolicies", "ingresses"),
}
BOOKKEEPING = (
    "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "ownerReferences", "finalizers",
)  # fmt: skip
OURS = ("pushboat.dev/", "applyset.kubernetes.io/", "deployment.kubernetes.io/revision", "pv.kubernetes.io/")

ALLOCATED: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "Service": lambda spec: [
        [spec.pop(name, None) for name in ("clusterIP", "clusterIPs")],
        [port.pop("nodePort", None) for port in spec.get("ports", ())],
    ],
    "PersistentVolumeClaim": lambda spec: spec.pop("volumeName", None),
    "Job": lambda spec: [spec.pop("selector", None), spec["template"].pop("metadata", None)],
}
"""What the server allocates, so that two clusters never agree about it."""


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
                found[key.replace(namespace, "$NS")] = _plain(_kind(path), item, namespace)
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


def _kind(path: str) -> str:
    return {"services": "Service", "persistentvolumeclaims": "PersistentVolumeClaim", "jobs": "Job"}.get(
        path.rpartition("/")[2], ""
    )


def _plain(kind: str, item: dict[str, Any], namespace: str) -> Any:
    plain = {key: value for key, value in item.items() if key not in ("status", "kind", "apiVersion")}
    metadata = {key: value for key, value in item["metadata"].items() if key not in BOOKKEEPING}
    for marks in ("labels", "annotations"):
        kept = {key: value for key, value in metadata.pop(marks, {}).items() if not key.startswith(OURS)}
        if kept:
            metadata[marks] = kept
    plain["metadata"] = metadata
    if kind:
        ALLOCATED[kind](plain["spec"])
    return _renamed(plain, namespace)


def _renamed(value: Any, namespace: str) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(each, namespace) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, namespace) for each in value]
    return value.replace(namespace, "$NS") if isinstance(value, str) else value
