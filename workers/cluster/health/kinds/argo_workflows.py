"""Argo Workflows and Argo Events.

https://argo-workflows.readthedocs.io/en/latest/fields/ and https://argoproj.github.io/argo-events/ name the fields.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import Contract, by_conditions, by_type
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    degraded,
    spec,
    status,
    suspended,
    text,
    unspoken,
    words,
)

_WORKFLOW = Phases(
    well=words_of("Succeeded"),
    working=words_of("Pending", "Running"),
    over=words_of("Failed", "Error"),
)
_FLOW = Phases(
    well=words_of(), working=words_of("Pausing", "Deleting"), broken=words_of("Failed"), held=words_of("Paused")
)
_NUMAFLOW = ("Configured", "Deployed")
_NUMAFLOW_HEALTH = (
    "DaemonServiceHealthy",
    "SideInputsManagersHealthy",
    "VerticesHealthy",
    "PodsHealthy",
    "DaemonHealthy",
)
_BUS = Contract(needed=("Configured", "Deployed"))
_SOURCE = Contract(needed=("SourcesProvided", "Deployed"))
_SENSOR = Contract(needed=("DependenciesProvided", "TriggersProvided", "Deployed"))


def workflow(live: Object) -> Judgement:
    """Judge a Workflow: it runs once, and how it ended stays."""
    phase = text(status(live), "phase")
    if spec(live).get("suspend") is True and phase not in _WORKFLOW.well | _WORKFLOW.over:
        return suspended("is suspended, and waits for a person to resume it")
    return by_phase(phase, _WORKFLOW, text(status(live), "message"))


def cron_workflow(live: Object) -> Judgement:
    """Judge a CronWorkflow by whether its runs can be submitted; one that was never due is healthy."""
    for each in ("SpecError", "SubmissionError"):
        found = by_type(live).get(each, {})
        if found.get("status") == "True":
            return degraded(f"{each}: {words(found)}")
    if spec(live).get("suspend") is True:
        return suspended("is suspended")
    return HEALTHY if status(live) else unspoken()


def pipeline(live: Object) -> Judgement:
    """Judge a Pipeline or a MonoVertex of Numaflow: https://numaflow.numaproj.io/APIs/"""
    phase = text(status(live), "phase")
    if phase == "Running":
        needed = (*_NUMAFLOW, *(each for each in _NUMAFLOW_HEALTH if each in by_type(live)))
        return by_conditions(live, Contract(needed=needed))
    return by_phase(phase, _FLOW, text(status(live), "message"))


def event_bus(live: Object) -> Judgement:
    """Judge an EventBus."""
    return by_conditions(live, _BUS)


def event_source(live: Object) -> Judgement:
    """Judge an EventSource."""
    return by_conditions(live, _SOURCE)


def sensor(live: Object) -> Judgement:
    """Judge a Sensor."""
    return by_conditions(live, _SENSOR)
