"""HorizontalPodAutoscaler and PodDisruptionBudget."""

from collections.abc import Mapping

from pushboat.model.health import Judgement
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    is_true,
    progressing,
    status,
    unobserved,
    words,
)

_BROKEN: Mapping[str, frozenset[str]] = {
    "AbleToScale": frozenset({"FailedGetScale", "FailedUpdateScale"}),
    "ScalingActive": frozenset(
        {
            "FailedGetResourceMetric",
            "FailedGetContainerResourceMetric",
            "FailedGetObjectMetric",
            "FailedGetPodsMetric",
            "FailedGetExternalMetric",
            "FailedComputeMetricsReplicas",
            "InvalidSelector",
        }
    ),
}


def autoscaler(live: Object) -> Judgement:
    """Judge a HorizontalPodAutoscaler."""
    for kind, reasons in _BROKEN.items():
        found = condition(live, kind)
        if found.get("status") == "False" and found.get("reason") in reasons:
            return degraded(words(found))
    if is_true(live, "AbleToScale") or is_true(live, "ScalingLimited"):
        return HEALTHY
    return progressing("has not looked at its target yet")


def disruption_budget(live: Object) -> Judgement:
    """Judge a PodDisruptionBudget; that it allows no disruption now is its job, not a fault."""
    if unobserved(live, required=True):
        return progressing("its controller has not seen it yet")
    for found in status(live).get("conditions") or ():
        if found.get("status") == "False" and found.get("reason") != "InsufficientPods":
            return degraded(words(found))
    return HEALTHY
