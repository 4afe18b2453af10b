"""Velero and volume snapshots: what is run once has ended well, or has not.

https://velero.io/docs/main/api-types/ and https://kubernetes.io/docs/concepts/storage/volume-snapshots/
"""

from pushboat.model.health import Judgement
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    degraded,
    mapping,
    progressing,
    spec,
    status,
    suspended,
    text,
)
from workers.cluster.health.reading import unspoken as not_spoken

_RUN = Phases(
    well=words_of("Completed"),
    working=words_of(
        "New",
        "Queued",
        "ReadyToStart",
        "InProgress",
        "WaitingForPluginOperations",
        "WaitingForPluginOperationsPartiallyFailed",
        "Finalizing",
        "FinalizingPartiallyFailed",
        "Deleting",
    ),
    over=words_of("FailedValidation", "PartiallyFailed", "Failed"),
)
_SCHEDULE = Phases(well=words_of("Enabled"), working=words_of("New"), broken=words_of("FailedValidation"))
_LOCATION = Phases(well=words_of("Available"), broken=words_of("Unavailable"))


def run(live: Object) -> Judgement:
    """Judge a Backup or a Restore; one that PartiallyFailed lacks something."""
    found = status(live)
    said = _refusals(live) or text(found, "failureReason")
    if not said and found.get("errors"):
        said = f"{found['errors']} errors"
    return by_phase(text(found, "phase"), _RUN, said)


def schedule(live: Object) -> Judgement:
    """Judge a Schedule."""
    if spec(live).get("paused") is True:
        return suspended("is paused (spec.paused)")
    return by_phase(text(status(live), "phase"), _SCHEDULE, _refusals(live))


def location(live: Object) -> Judgement:
    """Judge a BackupStorageLocation."""
    return by_phase(text(status(live), "phase"), _LOCATION, text(status(live), "message"))


def snapshot(live: Object) -> Judgement:
    """Judge a VolumeSnapshot or a VolumeSnapshotContent."""
    found = status(live)
    if error := mapping(found.get("error")):
        return degraded(text(error, "message") or "failed")
    if found.get("readyToUse") is True:
        return HEALTHY
    return progressing("is not ready to use yet") if found else not_spoken()


def _refusals(live: Object) -> str:
    errors = status(live).get("validationErrors")
    return "; ".join(str(each) for each in errors) if isinstance(errors, list) else ""
