"""Sharpen a judgement's reason with the event that matters, and put what to do about it first. Pure."""

from collections.abc import Mapping, Sequence

from workers.cluster.explaining.advice import advised
from workers.cluster.explaining.events import Told, loudest
from workers.cluster.health import Trouble, trouble
from workers.cluster.objects import Object


def the_pod_to_blame(pods: Sequence[Object]) -> Object | None:
    """Choose the pod that tells most: one with a trouble, else one that is not ready."""
    there = [each for each in pods if not each["metadata"].get("deletionTimestamp")]
    troubled = [each for each in there if trouble(each)]
    return next((each for each in (*troubled, *there) if not is_ready(each)), None)


def sharpened(
    reason: str, pod: Object | None, of_pod: Sequence[Told], of_object: Sequence[Told], claim: str = ""
) -> str:
    """Say why an object is not healthy, with what its pod, its claim and its events add to the judge's reason."""
    found = trouble(pod) if pod else None
    if claim and pod:
        return advised(f"{_pod(pod)}: {claim}")
    event = loudest(of_pod if pod else of_object)
    if event is None or event.message in reason:
        return advised(reason)
    if pod is None:
        return advised(f"{reason}: {event.reason}: {event.message}" if reason else f"{event.reason}: {event.message}")
    if found is None:
        return advised(f"{_pod(pod)}: {event.reason}: {event.message} ({reason})")
    if tells_little(found):
        return advised(f"{reason}: {event.message}")
    return advised(reason)


def tells_little(found: Trouble) -> bool:
    """Say whether a trouble only says that something is not ready; a probe's event says why."""
    return not found.broken and bool(found.container)


def is_ready(pod: Mapping[str, object]) -> bool:
    """Say whether a pod is ready."""
    status = pod.get("status")
    conditions = status.get("conditions") if isinstance(status, Mapping) else ()
    return any(each.get("type") == "Ready" and each.get("status") == "True" for each in conditions or ())


def _pod(pod: Object) -> str:
    return f"pod {pod['metadata']['name']}"
