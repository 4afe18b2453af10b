"""HorizontalPodAutoscaler and PodDisruptionBudget."""

import json
from collections.abc import Mapping

from pushboat.model.health import Judgement
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    is_true,
    mapping,
    metadata,
    progressing,
    status,
    unobserved,
    words,
)

_CONDITIONS_OF_V1 = "autoscaling.alpha.kubernetes.io/conditions"
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
    live = _of_its_newest_form(live)
    for kind, reasons in _BROKEN.items():
        found = condition(live, kind)
        if found.get("status") == "False" and found.get("reason") in reasons:
            return degraded(words(found))
    if is_true(live, "AbleToScale") or is_true(live, "ScalingLimited"):
        return HEALTHY
    return progressing("has not looked at its target yet")


def _of_its_newest_form(live: Object) -> Object:
    """Put the conditions where they belong; autoscaling/v1 has no place for them but an annotation."""
    written = mapping(metadata(live).get("annotations")).get(_CONDITIONS_OF_V1)
    if not isinstance(written, str) or "conditions" in status(live):
        return live
    try:
        return {**live, "status": {**status(live), "conditions": json.loads(written)}}
    except (ValueError, RecursionError):
        return live


def disruption_budget(live: Object) -> Judgement:
    """Judge a PodDisruptionBudget; that it allows no disruption now is its job, not a fault."""
    if unobserved(live, required=True):
        return progressing("its controller has not seen it yet")
    for found in status(live).get("conditions") or ():
        if found.get("status") == "False" and found.get("reason") != "InsufficientPods":
            return degraded(words(found))
    return HEALTHY
