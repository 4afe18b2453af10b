"""Flux, its operator and the tofu-controller.

All keep to https://fluxcd.io/flux/components/kustomize/kustomizations/#kustomization-status: Ready sums up, Reconciling
and Stalled are read before any rule, and what a source could not fetch, build or verify is a condition of its own.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    spec,
    status,
    suspended,
    text,
    words,
)

_PATIENT = frozenset({"Progressing", "ProgressingWithRetry", "DependencyNotReady", "Reconciling"})
_SOURCE = Contract(
    broken=("FetchFailed", "BuildFailed", "StorageOperationFailed", "IncludeUnavailable"),
    working=("ArtifactOutdated",),
    patient=_PATIENT,
)
_APPLIED = Contract(patient=_PATIENT)
_MUST_HOLD = ("SourceVerified", "Healthy", "Released", "TestSuccess")


def source(live: Object) -> Judgement:
    """Judge a source, an image's repository, policy or automation, and a Receiver."""
    return _held(live) or _beside(live, by_conditions(live, _SOURCE))


def applied(live: Object) -> Judgement:
    """Judge a Kustomization, a HelmRelease, and what the Flux operator and the tofu-controller apply."""
    return _held(live) or _beside(live, by_conditions(live, _APPLIED))


def notifier(live: Object) -> Judgement:
    """Judge an Alert or a Provider: since v1beta3 nothing reconciles them, and they say nothing."""
    if "conditions" not in status(live):
        return _held(live) or HEALTHY
    return source(live)


def terraform(live: Object) -> Judgement:
    """Judge a Terraform: a plan without approval waits for a person."""
    pending = text(status(live), "plan", "pending")
    waits = spec(live).get("planOnly") is not True
    if pending and waits and text(spec(live), "approvePlan") not in ("auto", "disable", pending):
        return suspended(f"has a plan that waits for a person to approve it: spec.approvePlan: {pending}")
    for each in ("Apply", "Plan", "HealthCheck"):
        found = condition(live, each)
        if found.get("status") == "False" and str(found.get("reason", "")).endswith(("Failed", "Error", "Fail")):
            return degraded(f"{each}: {words(found)}")
    return applied(live)


def _held(live: Object) -> Judgement | None:
    return suspended("is suspended (spec.suspend)") if spec(live).get("suspend") is True else None


def _beside(live: Object, judgement: Judgement) -> Judgement:
    if judgement is HEALTHY:
        for each in _MUST_HOLD:
            if condition(live, each).get("status") == "False":
                return degraded(f"not {each}: {words(condition(live, each))}")
    return judgement
