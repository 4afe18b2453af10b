"""Write an Event, as controllers do, for people who look with `kubectl get events` or `kubectl describe`."""

from dataclasses import dataclass
from datetime import UTC, datetime

from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import CONFLICT, Answered
from workers.cluster.inventory import Parent

COMPONENT = "pushboat"
LONGEST_MESSAGE_CHARACTERS = 1000
"""The API server takes 1,024 bytes: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What happened. `kind` is Normal or Warning; the same `name` again is the same event, told once.

    `last`: it is about the inventory's end, and told where that was.
    """

    name: str
    reason: str
    message: str
    kind: str
    last: bool = False


def publish(cluster: Cluster, parent: Parent, notice: Notice) -> None:
    """Write an event at an inventory's parent, once.

    Raises:
        ClusterRefused, ApplyRejected, ClusterUnavailable: it could not be written.
    """
    live = cluster.find(parent.path)
    if live is None and not notice.last:  # nothing was ever deployed there
        return
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    about = {"apiVersion": "v1", "kind": "Secret", "namespace": parent.namespace, "name": parent.name}
    body = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": notice.name, "namespace": parent.namespace},
        "involvedObject": {**about, "uid": live["metadata"]["uid"]} if live else about,
        "reason": notice.reason,
        "message": _shortened(notice.message),
        "type": notice.kind,
        "source": {"component": COMPONENT},
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
    }
    try:
        cluster.request("POST", f"/api/v1/namespaces/{parent.namespace}/events", {"fieldManager": COMPONENT}, body)
    except Answered as answered:
        if answered.code != CONFLICT:
            raise


def _shortened(text: str) -> str:
    written = text.encode()
    if len(written) <= LONGEST_MESSAGE_CHARACTERS:
        return text
    return written[: LONGEST_MESSAGE_CHARACTERS - 3].decode(errors="ignore") + "…"
