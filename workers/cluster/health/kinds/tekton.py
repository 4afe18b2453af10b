"""Tekton: runs that end once, and what its operator installs.

https://tekton.dev/docs/pipelines/pipelineruns/#monitoring-execution-status documents Succeeded and its reasons.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import READY, Contract, by_conditions
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    progressing,
    spec,
    suspended,
    text,
    unspoken,
    words,
)

_LISTENER = Contract(needed=("Available",), patient=frozenset({"MinimumReplicasUnavailable"}))


def run(live: Object) -> Judgement:
    """Judge a PipelineRun, a TaskRun or a CustomRun: Unknown is running, False is the end."""
    if text(spec(live), "status") == "PipelineRunPending":
        return suspended("is pending, and waits for a person to clear spec.status")
    found = condition(live, "Succeeded")
    if not found:
        return unspoken()
    if found.get("status") == "True":
        return HEALTHY
    if found.get("status") == "False":
        return degraded(f"{found.get('reason')}: {words(found)}", certain=True)
    return progressing(words(found) or "is running")


def listener(live: Object) -> Judgement:
    """Judge an EventListener."""
    return by_conditions(live, _LISTENER)


def installed(live: Object) -> Judgement:
    """Judge what the Tekton operator installs."""
    return by_conditions(live, READY)
