"""The volume claim that a pod waits for, and what that claim waits for itself."""

from collections.abc import Iterator

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.explaining.events import events_about, loudest
from workers.cluster.objects import Object

CLAIMS = Kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", namespaced=True)


def claim_that_waits(cluster: Cluster, pod: Object) -> str:
    """Say which claim of a pod has no volume yet and why; nothing where all have one or we may not look."""
    for name in _claims_of(pod):
        try:
            claim = cluster.find(CLAIMS.path(pod["metadata"]["namespace"], name))
        except (ApplyRejected, ClusterRefused, ClusterUnavailable):
            continue
        if claim is None:
            return f"PersistentVolumeClaim {name} is not there"
        if (claim.get("status") or {}).get("phase") != "Bound":
            return f"PersistentVolumeClaim {name} waits{_for_what(cluster, claim)}"
    return ""


def _claims_of(pod: Object) -> Iterator[str]:
    for volume in pod.get("spec", {}).get("volumes") or ():
        claim = volume.get("persistentVolumeClaim") or {}
        if claim.get("claimName"):
            yield str(claim["claimName"])
        elif "ephemeral" in volume:
            yield f"{pod['metadata']['name']}-{volume['name']}"


def _for_what(cluster: Cluster, claim: Object) -> str:
    event = loudest(events_about(cluster, claim) or ())
    if event is not None:
        return f": {event.reason}: {event.message}"
    wanted = (claim.get("spec") or {}).get("storageClassName")
    return f" for StorageClass {wanted}" if wanted else ""
