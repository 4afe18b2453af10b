"""KubeVirt and its importer of disks.

https://kubevirt.io/user-guide/ names a virtual machine's printable status and the phases of the others.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    name,
    progressing,
    spec,
    status,
    suspended,
    text,
    words,
)

_MACHINE = Phases(
    well=words_of("Running"),
    working=words_of(
        "Provisioning",
        "Starting",
        "Stopped",
        "Stopping",
        "Terminating",
        "Migrating",
        "WaitingForVolumeBinding",
        "WaitingForReceiver",
    ),
    broken=words_of(
        "CrashLoopBackOff",
        "Unknown",
        "ErrorUnschedulable",
        "FailedUnschedulable",
        "ErrImagePull",
        "ImagePullBackOff",
        "ErrorPvcNotFound",
        "DataVolumeError",
        "ErrorDataVolumeNotFound",
    ),
    held=words_of("Paused"),
)
_OFF = Phases(
    well=words_of("Stopped", "Running"),
    working=_MACHINE.working - {"Stopped"},
    broken=_MACHINE.broken,
    held=words_of("Paused"),
)
_INSTANCE = Phases(
    well=words_of("Running", "Succeeded"),
    working=words_of("Pending", "Scheduling", "Scheduled", "WaitingForSync"),
    broken=words_of("Unknown"),
    over=words_of("Failed"),
)
_DISK = Phases(
    well=words_of("Succeeded", "WaitForFirstConsumer", "PendingPopulation"),
    working=words_of(
        "Pending",
        "PVCBound",
        "ImportScheduled",
        "ImportInProgress",
        "CloneScheduled",
        "CloneInProgress",
        "SnapshotForSmartCloneInProgress",
        "CloneFromSnapshotSourceInProgress",
        "SmartClonePVCInProgress",
        "CSICloneInProgress",
        "ExpansionInProgress",
        "NamespaceTransferInProgress",
        "PrepClaimInProgress",
        "RebindInProgress",
        "UploadScheduled",
        "UploadReady",
    ),
    broken=words_of("Unknown"),
    over=words_of("Failed"),
    held=words_of("Paused"),
)
_INSTALLED = Contract(needed=("Available",), broken=("Degraded",), working=("Progressing",))
_MAY_BE_OFF = ("Halted", "Manual", "RerunOnFailure", "Once")


def machine(live: Object) -> Judgement:
    """Judge a VirtualMachine by its printable status; one that shall be off is well when it is."""
    failure = condition(live, "Failure")
    if failure.get("status") == "True":
        return degraded(words(failure) or "failed")
    restart = condition(live, "RestartRequired")
    if restart.get("status") == "True":
        return suspended(
            f"runs its old version until a person restarts it (virtctl restart {name(live)}): {words(restart)}"
        )
    off = spec(live).get("running") is False or text(spec(live), "runStrategy") in _MAY_BE_OFF
    ready = condition(live, "Ready")
    said = words(ready) if ready.get("status") == "False" else ""
    return by_phase(text(status(live), "printableStatus"), _OFF if off else _MACHINE, said)


def instance(live: Object) -> Judgement:
    """Judge a VirtualMachineInstance."""
    synchronized, paused, ready = (condition(live, each) for each in ("Synchronized", "Paused", "Ready"))
    judgement = by_phase(text(status(live), "phase"), _INSTANCE, words(synchronized))
    if judgement is not HEALTHY:
        return judgement
    if paused.get("status") == "True":
        return suspended(words(paused) or "is paused")
    if synchronized.get("status") == "False":
        return degraded(f"not Synchronized: {text(synchronized, 'reason')} {words(synchronized)}")
    waits = text(status(live), "phase") == "Running" and ready.get("status") == "False"
    return progressing(words(ready) or "is not ready yet") if waits else HEALTHY


def disk(live: Object) -> Judgement:
    """Judge a DataVolume; one that waits for its first consumer is as a claim would be."""
    found = condition(live, "Running")
    return by_phase(text(status(live), "phase"), _DISK, words(found) if found.get("status") == "False" else "")


def installed(live: Object) -> Judgement:
    """Judge a KubeVirt or a CDI: the installation itself."""
    return by_conditions(live, _INSTALLED)
