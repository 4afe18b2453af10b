"""Longhorn and Rook: storage that is made of other machines' disks.

https://longhorn.io/docs/latest/ and https://rook.io/docs/rook/latest/CRDs/specification/ name states and phases.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    is_true,
    progressing,
    status,
    text,
    unspoken,
    words,
)

_CLAIM = Phases(well=words_of("Bound"), working=words_of("Pending", "Released"), broken=words_of("Failed"))
_ROOK = Phases(
    well=words_of("Ready", "Connected"),
    working=words_of("Progressing", "Updating", "Connecting", "Deleting", "Created"),
    broken=words_of("Failure", "Error", "Failed", "ReconcileFailed"),
)


def longhorn_volume(live: Object) -> Judgement:
    """Judge a Longhorn Volume; one that is detached is well, nobody uses it."""
    found = status(live)
    robustness, state = text(found, "robustness"), text(found, "state")
    if robustness in ("faulted", "degraded"):
        return degraded(f"is {robustness}")
    if not state:
        return unspoken()
    if state in ("creating", "attaching", "detaching", "deleting"):
        return progressing(f"is {state}")
    return HEALTHY if robustness == "healthy" or state == "detached" else progressing(f"robustness is {robustness}")


def longhorn_target(live: Object) -> Judgement:
    """Judge a Longhorn BackupTarget."""
    found = status(live)
    if found.get("available") is True:
        return HEALTHY
    if is_true(live, "Unavailable"):
        return degraded(f"is not available: {words(condition(live, 'Unavailable'))}")
    return progressing("is not available yet") if found else unspoken()


def bucket_claim(live: Object) -> Judgement:
    """Judge an ObjectBucketClaim."""
    return by_phase(text(status(live), "phase"), _CLAIM)


def rook(live: Object) -> Judgement:
    """Judge a CephCluster and its pools, file systems and object stores; a Ready one may still be in HEALTH_ERR."""
    found = status(live)
    judgement = by_phase(text(found, "phase"), _ROOK, text(found, "message"))
    if judgement is HEALTHY and text(found, "ceph", "health") == "HEALTH_ERR":
        return degraded("Ceph says HEALTH_ERR")
    return judgement
