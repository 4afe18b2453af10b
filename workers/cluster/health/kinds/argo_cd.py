"""Argo CD's own objects, for who deploys them by a push.

https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml names the fields of an Application's status.
"""

from collections.abc import Mapping

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    Object,
    conditions_in,
    degraded,
    mapping,
    progressing,
    spec,
    status,
    suspended,
    text,
    words,
)

_HEALTH = Phases(
    well=words_of("Healthy"),
    working=words_of("Progressing", "Missing", "Unknown"),
    broken=words_of("Degraded"),
    held=words_of("Suspended"),
)
_INSTALLED = Phases(well=words_of("Available"), working=words_of("Pending"), broken=words_of("Failed", "Unknown"))
_SET = Contract(needed=("ResourcesUpToDate",), broken=("ErrorOccurred",), working=("RolloutProgressing",))


def application(live: Object) -> Judgement:
    """Judge an Application: compared, synced, and healthy; its error conditions have no status, being there is all."""
    found = status(live)
    for each in conditions_in(found):
        if str(each.get("type")).endswith("Error"):
            return degraded(f"{each.get('type')}: {words(each)}")
    if _compared_another_source(live):
        return progressing("Argo CD has not compared the newest version yet")
    operation = text(found, "operationState", "phase")
    said = text(found, "operationState", "message")
    if operation in ("Running", "Terminating"):
        return progressing(f"is syncing: {said}" if said else "is syncing")
    if operation in ("Failed", "Error"):
        return degraded(f"its last sync failed: {said}" if said else "its last sync failed")
    sync = text(found, "sync", "status")
    if sync == "OutOfSync":
        if _syncs_by_itself(live):
            return progressing("is out of sync")
        return suspended("is out of sync, and waits for a person to sync it: syncPolicy.automated is not set")
    if sync and sync != "Synced":
        return progressing(f"its sync is {sync}")
    return by_phase(text(found, "health", "status"), _HEALTH, text(found, "health", "message"))


def application_set(live: Object) -> Judgement:
    """Judge an ApplicationSet by whether its Applications are as its generators want them."""
    return by_conditions(live, _SET)


def installed(live: Object) -> Judgement:
    """Judge what the Argo CD operator installs: https://argocd-operator.readthedocs.io/en/latest/reference/argocd/"""
    return by_phase(text(status(live), "phase"), _INSTALLED)


def _compared_another_source(live: Object) -> bool:
    wanted = mapping(spec(live).get("source"))
    compared = mapping(mapping(mapping(status(live).get("sync")).get("comparedTo")).get("source"))
    fields = ("repoURL", "path", "targetRevision", "chart")
    return bool(wanted and compared) and any(text(wanted, each) != text(compared, each) for each in fields)


def _syncs_by_itself(live: Object) -> bool:
    automated = mapping(spec(live).get("syncPolicy")).get("automated")
    return isinstance(automated, Mapping) and automated.get("enabled") is not False
