"""Which pods are a workload's, and which are of its newest revision: an old crash is not the new one's fault."""

from collections.abc import Mapping, Sequence
from typing import Any

from pushboat.model.digits import whole
from workers.cluster.objects import Object, annotations, labels

REVISION = "deployment.kubernetes.io/revision"
WITH_PODS = frozenset(
    {
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("apps", "DaemonSet"),
        ("apps", "ReplicaSet"),
        ("", "ReplicationController"),
        ("batch", "Job"),
    }
)
"""Kinds, by group and name, whose pods tell why they are not ready."""
REPLACES_NO_PODS = frozenset({("apps", "ReplicaSet"), ("", "ReplicationController")})
"""Kinds that are ready by their counts whatever their pods were made from: only the pods can tell."""
_DAEMON_GENERATION = "deprecated.daemonset.template.generation"


def selector(workload: Mapping[str, Any]) -> str:
    """Write a workload's selector as the query of a LIST."""
    wanted = workload.get("spec", {}).get("selector") or {}
    if not isinstance(wanted, Mapping):
        return ""
    pairs = wanted.get("matchLabels") if "matchLabels" in wanted or "matchExpressions" in wanted else wanted
    terms = [f"{key}={value}" for key, value in (pairs or {}).items()]
    for each in wanted.get("matchExpressions") or ():
        key, values = each["key"], ",".join(each.get("values") or ())
        match each["operator"]:
            case "In":
                terms.append(f"{key} in ({values})")
            case "NotIn":
                terms.append(f"{key} notin ({values})")
            case "Exists":
                terms.append(key)
            case _:
                terms.append(f"!{key}")
    return ",".join(terms)


def newest_pods(workload: Object, replica_sets: Sequence[Object], pods: Sequence[Object]) -> list[Object]:
    """Choose the pods of the workload's newest revision."""
    match workload["kind"]:
        case "Deployment":
            newest = _newest(workload, replica_sets)
            return owned(newest, pods) if newest else []
        case "StatefulSet":
            update = workload.get("status", {}).get("updateRevision")
            return [each for each in owned(workload, pods) if labels(each).get("controller-revision-hash") == update]
        case "DaemonSet":
            now = annotations(workload).get(_DAEMON_GENERATION)
            return [each for each in owned(workload, pods) if labels(each).get("pod-template-generation", now) == now]
        case _:
            return owned(workload, pods)


def older_pods(workload: Object, replica_sets: Sequence[Object], pods: Sequence[Object]) -> list[Object]:
    """Choose the pods that an earlier revision left running."""
    new = {each["metadata"]["uid"] for each in newest_pods(workload, replica_sets, pods)}
    owners = [workload, *owned(workload, replica_sets)]
    return [each for owner in owners for each in owned(owner, pods) if each["metadata"]["uid"] not in new]


def _newest(workload: Object, replica_sets: Sequence[Object]) -> Object | None:
    return max(owned(workload, replica_sets), key=_revision, default=None)


def _revision(replica_set: Object) -> int:
    return whole(annotations(replica_set).get(REVISION, "")) or 0


def owned(owner: Object, objects: Sequence[Object]) -> list[Object]:
    """Choose what an object owns."""
    uid = owner["metadata"]["uid"]
    return [
        each
        for each in objects
        if any(entry.get("uid") == uid for entry in each["metadata"].get("ownerReferences") or ())
    ]
