"""RabbitMQ's cluster and topology operators.

https://www.rabbitmq.com/kubernetes/operator/using-operator#status-conditions documents the conditions.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import READY, by_conditions
from workers.cluster.health.reading import HEALTHY, Object, condition, degraded, progressing, unspoken, words


def cluster(live: Object) -> Judgement:
    """Judge a RabbitmqCluster: reconciled, and all replicas ready; a warning of its memory is none of ours."""
    reconciled = condition(live, "ReconcileSuccess")
    if reconciled.get("status") == "False":
        return degraded(f"could not be reconciled: {words(reconciled)}")
    ready, available = condition(live, "AllReplicasReady"), condition(live, "ClusterAvailable")
    if not ready or not available:
        return unspoken()
    for found in (available, ready):
        if found.get("status") != "True":
            return progressing(words(found) or f"is not {found.get('type')} yet")
    return HEALTHY if reconciled.get("status") == "True" else progressing("is being reconciled")


def topology(live: Object) -> Judgement:
    """Judge a queue, an exchange, a user and all others that live inside a cluster."""
    return by_conditions(live, READY)
