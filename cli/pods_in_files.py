"""Which pods of a file speak for which workload of the same file. Files lose uids, so that here names are what links.

Where a file has a Deployment and its pods but not the ReplicaSets between them, those are inferred from the pods.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from workers.cluster.waiting.belonging import newest_pods

Object = dict[str, Any]
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job")


def pods_of(workload: Mapping[str, Any], objects: Sequence[Mapping[str, Any]]) -> list[Object]:
    """Choose the pods of a workload's newest revision from the objects of its file."""
    if workload.get("kind") not in WORKLOADS:
        return []
    named = [_named(each) for each in objects]
    pods = [each for each in named if each["kind"] == "Pod"]
    replica_sets = [each for each in named if each["kind"] == "ReplicaSet"]
    known = {each["metadata"]["uid"] for each in replica_sets}
    newest_first = sorted(pods, key=lambda pod: str(pod["metadata"].get("creationTimestamp", "")), reverse=True)
    inferred = [one for pod in newest_first for one in _replica_sets(pod) if one["metadata"]["uid"] not in known]
    return newest_pods(_named(workload), [*replica_sets, *inferred], pods)


def _named(live: Mapping[str, Any]) -> Object:
    """Give an object a uid made of its kind and name, and let its owners be known by theirs."""
    metadata = live["metadata"]
    namespace = metadata.get("namespace") or ""
    owners = [
        {**owner, "uid": _uid(owner.get("kind"), namespace, owner.get("name"))}
        for owner in metadata.get("ownerReferences") or ()
        if isinstance(owner, Mapping)
    ]
    uid = _uid(live["kind"], namespace, metadata["name"])
    return {**live, "metadata": {**metadata, "uid": uid, "ownerReferences": owners}}


def _replica_sets(pod: Object) -> list[Object]:
    """Infer the ReplicaSet that owns a pod, and by its name the Deployment that owns that one."""
    template = (pod["metadata"].get("labels") or {}).get("pod-template-hash")
    namespace = pod["metadata"].get("namespace") or ""
    return [
        {
            "kind": "ReplicaSet",
            "metadata": {
                "uid": owner["uid"],
                "ownerReferences": [{"uid": _uid("Deployment", namespace, owner["name"].removesuffix(f"-{template}"))}],
            },
        }
        for owner in pod["metadata"]["ownerReferences"]
        if owner.get("kind") == "ReplicaSet" and template
    ]


def _uid(kind: object, namespace: str, name: object) -> str:
    return f"{kind}/{namespace}/{name}"
