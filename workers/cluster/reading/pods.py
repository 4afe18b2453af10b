"""Look beside our objects: pods that a Service may mean, and PodDisruptionBudgets. Who may not look goes on without."""

from collections.abc import Iterable, Sequence

from pushboat.errors import ClusterRefused
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import ApiRefused
from workers.cluster.objects import Object
from workers.cluster.reading.listing import list_place, places


def read_pods(cluster: Cluster, wanted: Iterable[tuple[str, str]]) -> tuple[Object, ...] | None:
    """List the pods of some namespaces that a selector means; None where we may not see any."""
    kind = cluster.kinds.preferred("", "Pod")
    if kind is None:
        return None
    found: dict[str, Object] = {}
    try:
        for namespace, selector in dict.fromkeys(wanted):
            pods = list_place(cluster, (kind, namespace), {"labelSelector": selector})
            found.update({pod["metadata"]["uid"]: pod for pod in pods})
    except (ApiRefused, ClusterRefused):
        return None
    return tuple(found.values())


def read_budgets(cluster: Cluster, namespaces: Sequence[str]) -> tuple[Object, ...]:
    """List the PodDisruptionBudgets of some namespaces."""
    kind = cluster.kinds.preferred("policy", "PodDisruptionBudget")
    if kind is None or not namespaces:
        return ()
    try:
        return tuple(each for place in places([kind], namespaces) for each in list_place(cluster, place, {}))
    except (ApiRefused, ClusterRefused):
        return ()
