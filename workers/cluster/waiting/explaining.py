"""Why something does not run, as a page shows it: the new pods, their last events, and what still runs of the old."""

from collections.abc import Sequence

from pushboat.errors import ClusterRefused, ClusterUnavailable
from pushboat.model.health import Finding
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.refusals import ApiRefused
from workers.cluster.health import trouble
from workers.cluster.objects import Object
from workers.cluster.reading.listing import list_place
from workers.cluster.waiting.looking import Look

EVENTS = Kind("", "v1", "Event", "events", namespaced=True)
MOST_OBJECTS, MOST_PODS, MOST_EVENTS = 10, 3, 5
"""That are explained by questions to the cluster; the others are named."""


def explain(cluster: Cluster, findings: Sequence[Finding], seen: Look) -> str:
    """Write markdown about objects that are not healthy: the first ones with their pods and events, and all by name."""
    parts = [_about(cluster, each, seen) for each in findings[:MOST_OBJECTS]]
    if rest := [_title(each) for each in findings[MOST_OBJECTS:]]:
        parts.append("\n".join(["And these, without their pods and events:", "", *(f"- {each}" for each in rest)]))
    return "\n\n".join(parts)


def _title(finding: Finding) -> str:
    return f"**{finding.ref}** is {finding.judgement.health}: {finding.judgement.reason}"


def _about(cluster: Cluster, finding: Finding, seen: Look) -> str:
    lines = [_title(finding), ""]
    if old := [each for each in seen.old_pods.get(finding.ref, ()) if _is_ready(each)]:
        lines.append(
            f"- {len(old)} pod{'s' * (len(old) > 1)} of the previous revision still run{'s' * (len(old) == 1)}"
        )
    pods = seen.new_pods.get(finding.ref, ())
    failing = [each for each in pods if trouble(each)] or list(pods)
    for each in failing[:MOST_PODS]:
        lines.append(f"- {_pod(each)}")
        lines += [f"  - event {text}" for text in _events(cluster, each)]
    if len(failing) > MOST_PODS:
        lines.append(f"- and pods {', '.join(each['metadata']['name'] for each in failing[MOST_PODS:])}")
    if not pods:
        lines += [f"- event {text}" for text in _events_named(cluster, finding.ref.namespace, finding.ref.name)]
    return "\n".join(lines).rstrip()


def _pod(pod: Object) -> str:
    found = trouble(pod)
    name, phase = pod["metadata"]["name"], pod.get("status", {}).get("phase", "Unknown")
    if found is None:
        return f"pod {name}: {phase}"
    container = f", container {found.container}" if found.container else ""
    return f"pod {name} ({phase}){container}: {found.whole}"


def _events(cluster: Cluster, pod: Object) -> list[str]:
    return _events_named(cluster, pod["metadata"]["namespace"], pod["metadata"]["name"])


def _events_named(cluster: Cluster, namespace: str, name: str) -> list[str]:
    """Read the last warnings about an object; without permission for that, a page simply lacks them."""
    if not namespace:
        return []
    try:
        only = f"involvedObject.name={name},type=Warning"
        found = list_place(cluster, (EVENTS, namespace), {"fieldSelector": only})
    except (ApiRefused, ClusterRefused, ClusterUnavailable):
        return []
    found.sort(key=_when)
    return [_event(each) for each in found[-MOST_EVENTS:]]


def _event(event: Object) -> str:
    count = event.get("count") or 1
    times = f" ({count}\u00d7)" if count > 1 else ""
    return f"{event.get('reason', '')}{times}: {' '.join(str(event.get('message', '')).split())}"


def _when(event: Object) -> str:
    return str(event.get("lastTimestamp") or event.get("eventTime") or event["metadata"].get("creationTimestamp") or "")


def _is_ready(pod: Object) -> bool:
    conditions = pod.get("status", {}).get("conditions") or ()
    return any(each.get("type") == "Ready" and each.get("status") == "True" for each in conditions)
