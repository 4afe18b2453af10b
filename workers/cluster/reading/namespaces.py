"""Which of an environment's namespaces are missing, or there for a moment only, and what holds those."""

from collections.abc import Collection, Sequence
from enum import Enum, auto

from pushboat.errors import ClusterRefused
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import ApiRefused
from workers.cluster.objects import Object, is_going


class _Stage(Enum):
    """Where a namespace is in its life."""

    MISSING = auto()
    THERE = auto()
    ENDING = auto()


def missing_namespaces(
    cluster: Cluster, namespaces: Sequence[str], alive: Collection[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Find the namespaces to create, and those of them that must be gone first; `alive` are known to be there."""
    unsure = [namespace for namespace in namespaces if namespace not in alive]
    stages = dict(zip(unsure, cluster.pool.map(lambda namespace: _stage(cluster, namespace), unsure), strict=True))
    ending = frozenset(namespace for namespace, stage in stages.items() if stage is _Stage.ENDING)
    return ending | {namespace for namespace, stage in stages.items() if stage is _Stage.MISSING}, ending


def _stage(cluster: Cluster, namespace: str) -> _Stage:
    try:
        live = cluster.find(f"/api/v1/namespaces/{namespace}")
    except (ApiRefused, ClusterRefused):  # an account that may not read namespaces was given this one, so it exists
        return _Stage.THERE
    if live is None:
        return _Stage.MISSING
    return _Stage.ENDING if is_going(live) else _Stage.THERE


def remaining(namespace: Object) -> str:
    """Say what holds a namespace, in the words of its controller."""
    conditions = (namespace.get("status") or {}).get("conditions") or ()
    words = [
        str(each.get("message", ""))
        for each in conditions
        if each.get("status") == "True"
        and each.get("type") in ("NamespaceFinalizersRemaining", "NamespaceContentRemaining")
    ]
    return "; ".join(filter(None, words)) or "its content is not gone yet"
