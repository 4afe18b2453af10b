"""Strimzi: Ready or NotReady, a paused reconciliation, a connector's tasks, a rebalance that wants approval.

https://strimzi.io/docs/operators/latest/deploying#con-custom-resources-status-str documents the statuses.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import by_conditions, by_type
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    is_true,
    mapping,
    mappings,
    metadata,
    name,
    progressing,
    status,
    suspended,
    text,
    unspoken,
    words,
)

_APPROVE = "strimzi.io/rebalance=approve"


def operand(live: Object) -> Judgement:
    """Judge whatever Strimzi's cluster and entity operators reconcile."""
    if is_true(live, "ReconciliationPaused"):
        return suspended("is paused (annotation strimzi.io/pause-reconciliation)")
    not_ready = condition(live, "NotReady")
    if not_ready.get("status") == "True":
        creating = text(not_ready, "reason") == "Creating"
        return progressing(words(not_ready)) if creating else degraded(words(not_ready))
    return by_conditions(live)


def node_pool(live: Object) -> Judgement:
    """Judge a KafkaNodePool: it has no Ready of its own, its nodes are its Kafka's; it only must have been seen."""
    return HEALTHY if "observedGeneration" in status(live) else unspoken()


def connector(live: Object) -> Judgement:
    """Judge a KafkaConnector with its tasks, any of which may have failed while it is Ready."""
    judgement = operand(live)
    found = mapping(status(live).get("connectorStatus"))
    if judgement is HEALTHY and text(found, "connector", "state") == "FAILED":
        return degraded("its connector has failed")
    if judgement is HEALTHY and text(found, "connector", "state") in ("PAUSED", "STOPPED"):
        return suspended(f"its connector is {text(found, 'connector', 'state')} (spec.state)")
    failed = [each for each in mappings(found.get("tasks")) if each.get("state") == "FAILED"]
    if judgement is HEALTHY and failed:
        return degraded(f"task {failed[0].get('id')} has failed: {text(failed[0], 'trace').partition(chr(10))[0]}")
    return judgement


def rebalance(live: Object) -> Judgement:
    """Judge a KafkaRebalance: its state is the type of a condition."""
    states = {kind: each for kind, each in by_type(live).items() if each.get("status") == "True"}
    if "NotReady" in states:
        return degraded(words(states["NotReady"]))
    if "Ready" in states:
        return HEALTHY
    if "ReconciliationPaused" in states or "Stopped" in states:
        return suspended("is stopped")
    if "ProposalReady" in states:
        if mapping(metadata(live).get("annotations")).get("strimzi.io/rebalance-auto-approval") == "true":
            return progressing("its proposal is ready, and approved without asking")
        return suspended(f"its proposal waits for a person: kubectl annotate kafkarebalance {name(live)} {_APPROVE}")
    at = next((each for each in ("Rebalancing", "PendingProposal", "New") if each in states), "")
    return progressing(f"is {at}") if at else unspoken()
