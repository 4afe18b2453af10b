"""Knative: one happy condition sums up, and Unknown means that it is still at it.

https://github.com/knative/specs/blob/main/specs/serving/knative-api-specification-1.0.md#error-signalling
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import READY, by_conditions
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    conditions_in,
    degraded,
    status,
    text,
    words,
)


def happy(live: Object) -> Judgement:
    """Judge whatever follows Knative's convention; a False one without severity is an error, in any condition."""
    judgement = by_conditions(live, READY)
    if judgement is HEALTHY:
        for each in conditions_in(status(live)):
            if each.get("status") == "False" and text(each, "severity") in ("", "Error") and _counts(each):
                return degraded(f"{each.get('type')}: {words(each)}")
    return judgement


def _counts(found: Object) -> bool:
    """Tell errors from facts: a revision without traffic is scaled to zero, and that is not an error."""
    return found.get("type") not in ("Active",)
