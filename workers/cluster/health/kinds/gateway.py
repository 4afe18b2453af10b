"""Gateway API: conditions stand per parent, per ancestor and per listener, each with the generation that it saw.

https://gateway-api.sigs.k8s.io/geps/gep-1364/ documents them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import Contract, by_conditions, is_current
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    behind,
    condition_in,
    degraded,
    mapping,
    mappings,
    metadata,
    progressing,
    spec,
    status,
    text,
    unspoken,
    words,
)

_CLASS = Contract(needed=("Accepted",), patient=frozenset({"Pending"}))
_GATEWAY = Contract(needed=("Accepted", "Programmed"), patient=frozenset({"Pending"}))
_MUST_HOLD = ("Accepted", "Programmed", "ResolvedRefs")
_MUST_NOT = ("Conflicted", "PartiallyInvalid")
_SILENT = "no gateway has said anything of it yet"
_PATIENT = frozenset({"Pending"})


def gateway_class(live: Object) -> Judgement:
    """Judge a GatewayClass."""
    return by_conditions(live, _CLASS)


def gateway(live: Object) -> Judgement:
    """Judge a Gateway with all its listeners."""
    judgement = by_conditions(live, _GATEWAY)
    if judgement is not HEALTHY:
        return judgement
    return _each(live, list(mappings(status(live).get("listeners"))), "listener")


def route(live: Object) -> Judgement:
    """Judge a route: every parent that it names has to accept it and to find what it refers to."""
    wanted = {text(each, "name") for each in mappings(spec(live).get("parentRefs"))}
    parents = list(mappings(status(live).get("parents")))
    heard = {text(mapping(each.get("parentRef")), "name"): each for each in parents}
    if silent := sorted(wanted - heard.keys()):
        return progressing(f"{silent[0]} has said nothing of it yet") if heard else unspoken(_SILENT)
    return _attached(live, [each for name, each in heard.items() if name in wanted] if wanted else parents, "parentRef")


def policy(live: Object) -> Judgement:
    """Judge a policy by the ancestors that it is attached to."""
    return _attached(live, list(mappings(status(live).get("ancestors"))), "ancestorRef")


def _attached(live: Object, holders: Sequence[Mapping[str, Any]], ref: str) -> Judgement:
    if not holders:
        return unspoken(_SILENT)
    return _each(live, holders, ref)


def _each(live: Object, holders: Sequence[Mapping[str, Any]], ref: str) -> Judgement:
    for holder in holders:
        judgement = _holder(live, holder, text(holder, "name") or text(mapping(holder.get(ref)), "name") or ref)
        if judgement is not HEALTHY:
            return judgement
    return HEALTHY


def _holder(live: Object, holder: Mapping[str, Any], name: str) -> Judgement:
    for each in _MUST_NOT:
        found = condition_in(holder, each)
        if is_current(live, found):
            return degraded(f"{name}: {each}: {words(found)}")
    for each in _MUST_HOLD:
        found = condition_in(holder, each)
        if not found:
            if each == "Accepted":
                return unspoken(f"{name} has not said whether it accepts it")
            continue
        if behind(found.get("observedGeneration"), metadata(live).get("generation")):
            return progressing(f"{name} has not seen the newest version yet")
        if found.get("status") == "True":
            continue
        said = f"{name}: not {each}: {words(found)}"
        patient = found.get("status") != "False" or text(found, "reason") in _PATIENT
        return progressing(said) if patient else degraded(said)
    return HEALTHY
