"""Claims and volumes."""

from pushboat.model.health import Health, Judgement
from workers.cluster.health.reading import HEALTHY, Object, degraded, progressing, status


def claim(live: Object) -> Judgement:
    """Judge a PersistentVolumeClaim; one whose class waits for the first consumer is Pending until a pod uses it."""
    match status(live).get("phase"):
        case "Bound":
            return HEALTHY
        case "Lost":
            return degraded("its volume is lost", certain=True)
        case "Pending" | None:
            return progressing("is not bound yet")
        case phase:
            return Judgement(Health.UNKNOWN, f"phase {phase}")


def volume(live: Object) -> Judgement:
    """Judge a PersistentVolume."""
    match status(live).get("phase"):
        case "Available" | "Bound" | "Released":
            return HEALTHY
        case "Failed":
            return degraded(str(status(live).get("message") or "failed"))
        case _:
            return progressing("is not available yet")
