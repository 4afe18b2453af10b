"""Cluster API: the conditions of v1beta2 where they are there, else Ready with its severity.

https://cluster-api.sigs.k8s.io/developer/providers/contracts/overview documents both.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import is_current
from workers.cluster.health.reading import (
    HEALTHY,
    UNSEEN,
    Object,
    behind,
    condition_in,
    degraded,
    mapping,
    metadata,
    progressing,
    spec,
    status,
    suspended,
    text,
    unspoken,
    words,
)

_WORKING = ("RollingOut", "ScalingUp", "ScalingDown", "Remediating", "Deleting", "Updating")
_UNSPOKEN_OF = ("Template", "Identity", "ResourceSetBinding")
"""Endings of kinds that others read when they are made; nobody writes conditions of them."""
_SUMMARIES = ("Available", "Ready", "RemediationAllowed", "VariablesReady", "VariablesReconciled", "ResourcesApplied")
"""What sums a kind up; the last ones are a MachineHealthCheck's, a ClusterClass's and a ClusterResourceSet's."""


def reconciled(live: Object) -> Judgement:
    """Judge any object of Cluster API or of its providers."""
    if str(live.get("kind")).endswith(_UNSPOKEN_OF):
        return HEALTHY
    found = status(live)
    if spec(live).get("paused") is True or is_current(live, condition_in(found, "Paused")):
        return suspended("is paused (spec.paused, or the annotation cluster.x-k8s.io/paused)")
    message = text(found, "failureMessage") or text(mapping(found.get("deprecated")), "v1beta1", "failureMessage")
    if message or text(found, "failureReason"):
        return degraded(message or text(found, "failureReason"), certain=True)
    if text(found, "phase") == "Failed":
        return degraded("is Failed")
    newer = mapping(found.get("v1beta2"))
    return _by_summary(live, newer if newer.get("conditions") else found)


def _by_summary(live: Object, holder: Object) -> Judgement:
    for each in _WORKING:
        found = condition_in(holder, each)
        if is_current(live, found):
            return progressing(f"{each}: {words(found)}")
    for each in _SUMMARIES:
        if found := condition_in(holder, each):
            return _summary(live, found, each)
    phase = text(status(live), "phase")
    return progressing(f"is {phase}") if phase else unspoken()


def _summary(live: Object, found: Object, kind: str) -> Judgement:
    if behind(found.get("observedGeneration"), metadata(live).get("generation")):
        return progressing(UNSEEN)
    if found.get("status") == "True":
        return HEALTHY
    said = f"not {kind}: {words(found)}"
    # v1beta1 tells what only takes time (Info) from what is wrong; v1beta2 calls the former Unknown.
    if found.get("status") != "False" or text(found, "severity") == "Info" or _only_waits(live, found):
        return progressing(said)
    return degraded(said)


def _only_waits(live: Object, found: Object) -> bool:
    """Say whether the object is still being made: then not being available yet is no failure."""
    return not text(found, "severity") and text(status(live), "phase") in ("Pending", "Provisioning", "ScalingUp")
