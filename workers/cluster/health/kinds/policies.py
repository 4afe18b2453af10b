"""Kyverno, Gatekeeper and Cilium: policies that have to be in force.

https://kyverno.io/docs/policy-types/ , https://open-policy-agent.github.io/gatekeeper/website/docs/ and
https://docs.cilium.io/en/stable/network/kubernetes/policy/ document their statuses.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import READY, Contract, by_conditions
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    behind,
    degraded,
    mapping,
    mappings,
    metadata,
    progressing,
    status,
    text,
    unspoken,
)

_CILIUM = Contract(needed=("Valid",), hopeless=frozenset({"PolicyParseError"}))


def kyverno(live: Object) -> Judgement:
    """Judge a ClusterPolicy or a Policy; before 1.11 `ready` was a field."""
    if not mapping(status(live)).get("conditions") and "ready" in status(live):
        return HEALTHY if status(live)["ready"] is True else progressing("is not ready yet")
    return by_conditions(live, READY)


def kyverno_cel(live: Object) -> Judgement:
    """Judge a ValidatingPolicy and its kin, whose conditions stand below conditionStatus."""
    found = mapping(status(live).get("conditionStatus"))
    if not found:
        return unspoken()
    for each in mappings(found.get("conditions")):
        if each.get("status") == "False":
            return degraded(f"not {each.get('type')}: {text(each, 'message')}")
    return HEALTHY if found.get("ready") is True else progressing(text(found, "message") or "is not ready yet")


def template(live: Object) -> Judgement:
    """Judge a ConstraintTemplate: compiled by every pod, and its kind created."""
    if judgement := _by_pod(live):
        return judgement
    if status(live).get("created") is True:
        return HEALTHY
    return progressing("its kind is not there yet") if status(live) else unspoken()


def constraint(live: Object) -> Judgement:
    """Judge a constraint: enforced by every pod that has seen it."""
    judgement = _by_pod(live)
    if judgement is not None:
        return judgement
    pods = list(mappings(status(live).get("byPod")))
    if not pods:
        return unspoken()
    waiting = [each for each in pods if each.get("enforced") is not True]
    return progressing(f"{text(waiting[0], 'id')} does not enforce it yet") if waiting else HEALTHY


def cilium(live: Object) -> Judgement:
    """Judge a CiliumNetworkPolicy."""
    return by_conditions(live, _CILIUM)


def _by_pod(live: Object) -> Judgement | None:
    for each in mappings(status(live).get("byPod")):
        for error in mappings(each.get("errors")):
            return degraded(f"{text(each, 'id')}: {text(error, 'code')}: {text(error, 'message')}")
        if behind(each.get("observedGeneration"), metadata(live).get("generation")):
            return progressing(f"{text(each, 'id')} has not seen the newest version yet")
    return None
