"""KEDA, the vertical pod autoscaler and Karpenter: what changes how many there are, and on what they run.

https://keda.sh/docs/latest/reference/scaledobject-spec/ and https://karpenter.sh/docs/concepts/ name the conditions.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import READY, Contract, by_conditions
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    words,
)

_SCALED = Contract(broken=("Fallback",), paused=("Paused",))
_VERTICAL = Contract(
    needed=("RecommendationProvided",),
    broken=("ConfigUnsupported", "NoPodsMatched"),
    working=("FetchingHistory",),
    patient=frozenset({"", "NoPodsMatched"}),
)
_POOL = Contract(patient=frozenset({"AwaitingReconciliation"}))
_CLAIM = Contract(
    needed=("Launched", "Registered", "Initialized", "Ready"),
    patient=frozenset({"AwaitingReconciliation", "NodeNotFound", "NodeNotReady", "UnhealthyDependents"}),
)


def scaled(live: Object) -> Judgement:
    """Judge a ScaledObject or a ScaledJob; one that fell back has lost its metric, however Ready it says it is."""
    return by_conditions(live, _SCALED)


def vertical(live: Object) -> Judgement:
    """Judge a VerticalPodAutoscaler."""
    return by_conditions(live, _VERTICAL)


def node_pool(live: Object) -> Judgement:
    """Judge a NodePool or a node class."""
    judgement = by_conditions(live, _POOL)
    for each in ("ValidationSucceeded", "NodeClassReady"):
        found = condition(live, each)
        if judgement is HEALTHY and found.get("status") == "False":
            return degraded(f"not {each}: {words(found)}")
    return judgement


def node_claim(live: Object) -> Judgement:
    """Judge a NodeClaim: launched, registered, initialized."""
    return by_conditions(live, _CLAIM)


def http_scaled(live: Object) -> Judgement:
    """Judge an HTTPScaledObject."""
    return by_conditions(live, READY)
