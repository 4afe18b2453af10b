"""Istio: its configuration is judged where `ISTIO_STATUS` is on; by default Istio writes no status at all.

https://istio.io/latest/docs/reference/config/config-status/ documents conditions and validation messages.
"""

from pushboat.model.health import Health, Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    mapping,
    mappings,
    progressing,
    status,
    text,
    words,
)

_OPERATOR = Phases(
    well=words_of("HEALTHY"),
    working=words_of("RECONCILING", "UPDATING", "NONE"),
    broken=words_of("ERROR"),
    held=words_of("ACTION_REQUIRED"),
)
_MESH = Contract(needed=("Reconciled", "Ready"))


def configuration(live: Object) -> Judgement:
    """Judge a VirtualService and all others that istiod distributes."""
    found = status(live)
    for each in mappings(found.get("validationMessages")):
        if each.get("level") in ("ERROR", "Error", 3):
            code = text(mapping(each.get("type")), "code") or text(mapping(each.get("type")), "name")
            return degraded(f"{code}: {text(each, 'documentationUrl')}")
    reconciled = condition(live, "Reconciled")
    if not reconciled:
        return Judgement(Health.UNVERIFIED, "Istio says nothing of it unless PILOT_ENABLE_STATUS is on")
    if reconciled.get("status") == "True":
        return HEALTHY
    return progressing(words(reconciled) or "has not reached all proxies yet")


def operator(live: Object) -> Judgement:
    """Judge an IstioOperator."""
    return by_phase(text(status(live), "status"), _OPERATOR, text(status(live), "message"), waits_for="a person")


def mesh(live: Object) -> Judgement:
    """Judge what the Sail operator installs: Istio, IstioRevision, IstioCNI, ZTunnel."""
    return by_conditions(live, _MESH)
