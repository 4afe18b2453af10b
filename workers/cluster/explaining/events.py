"""The events about one object that tell why it does not come up: asked for by its uid, the newest and loudest first.

Events of events.k8s.io are served as events of the core group too, with their words in other fields; one question
finds both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.objects import Object
from workers.cluster.reading.listing import list_place

EVENTS = Kind("", "v1", "Event", "events", namespaced=True)
ECHOES = frozenset({"BackOff", "Failed", "Killing"})
"""Reasons that say again what a pod's status says better."""
QUIET_BUT_TELLING = frozenset({"WaitForFirstConsumer", "ExternalProvisioning", "WaitForPodScheduled"})
"""Events that are no warnings, and yet say for what somebody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event: its reason, its words on one line, how often it came and when last."""

    reason: str
    message: str
    count: int = 1
    at: str = ""

    def __str__(self) -> str:
        """Print for a list of evidence."""
        times = f" ({self.count}\u00d7)" if self.count > 1 else ""
        return f"{self.reason}{times}: {self.message}"


def events_about(cluster: Cluster, live: Object) -> list[Told] | None:
    """Read what is told of an object, the newest first; None where we may not read it or nobody answers."""
    namespace, uid = live["metadata"].get("namespace", ""), live["metadata"].get("uid", "")
    if not namespace or not uid:
        return []
    try:
        found = list_place(cluster, (EVENTS, namespace), {"fieldSelector": f"involvedObject.uid={uid}"})
    except (ApplyRejected, ClusterRefused, ClusterUnavailable):
        return None
    return read(found)


def read(events: Sequence[Object]) -> list[Told]:
    """Read events of either group; those that warn or say for what somebody waits, newest first."""
    told = [_told(each) for each in events if _matters(each)]
    return sorted(told, key=lambda each: (each.at, each.count), reverse=True)


def loudest(events: Sequence[Told]) -> Told | None:
    """Choose the event that matters: no echo of a status, and of the newest ones what came most often."""
    telling = [each for each in events if each.reason not in ECHOES]
    return max(telling, key=lambda each: (each.at[:16], each.count), default=None)  # to the minute


def _matters(event: Mapping[str, object]) -> bool:
    return event.get("type") == "Warning" or event.get("reason") in QUIET_BUT_TELLING


def _told(event: Object) -> Told:
    series = event.get("series") or {}
    return Told(
        reason=str(event.get("reason") or ""),
        message=" ".join(str(event.get("message") or event.get("note") or "").split()),
        count=int(series.get("count") or event.get("count") or 1),
        at=str(
            series.get("lastObservedTime")
            or event.get("lastTimestamp")
            or event.get("eventTime")
            or event["metadata"].get("creationTimestamp")
            or ""
        ),
    )
