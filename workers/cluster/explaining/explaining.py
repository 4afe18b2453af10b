"""Why something does not run: one sentence for every surface, and for a page the new pods, their events and last lines.

What we may not read is left out and said once; an explanation never fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pushboat.model.container_log import MOST_CONTAINERS, ContainerLog
from pushboat.model.health import Finding
from workers.cluster.client.connection import Cluster
from workers.cluster.explaining.claims import claim_that_waits
from workers.cluster.explaining.events import Told, events_about
from workers.cluster.explaining.evidence import Evidence
from workers.cluster.explaining.logs import LogsForbidden, last_lines
from workers.cluster.explaining.sentences import is_ready, sharpened, the_pod_to_blame
from workers.cluster.health import trouble
from workers.cluster.objects import Object

MOST_OBJECTS, MOST_PODS, MOST_EVENTS = 10, 3, 5
"""That are explained by questions to the cluster; the others are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The findings with their sharpened reasons, markdown about them, and the last lines of containers apart from it:
    they may not be shown wherever the rest is."""

    findings: tuple[Finding, ...]
    details: str
    logs: tuple[ContainerLog, ...]


@dataclass(slots=True)
class _Asking:
    """What is asked of one cluster for one explanation, and what it would not tell."""

    cluster: Cluster
    evidence: Evidence
    logs: list[ContainerLog] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)

    def events(self, live: Object | None) -> list[Told]:
        found = events_about(self.cluster, live) if live else []
        if found is None:
            self._withhold("events could not be read: grant list of events in this namespace")
        return [replace(each, message=self.evidence.without_secrets(each.message)) for each in found or ()]

    def read_logs(self, pod: Object) -> None:
        if self.withheld_logs or len(self.logs) >= MOST_CONTAINERS:
            return
        try:
            found = last_lines(self.cluster, pod)
        except LogsForbidden:
            self._withhold("container logs could not be read: grant get of pods/log in this namespace")
            return
        self.logs += [replace(each, lines=tuple(map(self.evidence.without_secrets, each.lines))) for each in found]

    @property
    def withheld_logs(self) -> bool:
        return any(each.startswith("container logs") for each in self.withheld)

    def _withhold(self, sentence: str) -> None:
        if sentence not in self.withheld:
            self.withheld.append(sentence)


def explain(cluster: Cluster, findings: Sequence[Finding], evidence: Evidence) -> Explanation:
    """Explain objects that are not healthy; no value of a Secret that we know of is in it."""
    asking = _Asking(cluster, evidence)
    sharp, parts = [], []
    for each in findings[:MOST_OBJECTS]:
        finding, about = _about(asking, each)
        sharp.append(finding)
        parts.append(about)
    rest = [_without_secrets(evidence, each) for each in findings[MOST_OBJECTS:]]
    if rest:
        parts.append(
            "\n".join(["And these, without their pods and events:", "", *(f"- {_title(each)}" for each in rest)])
        )
    if asking.withheld:
        parts.append("\n".join(f"- {each}" for each in asking.withheld))
    return Explanation(
        findings=(*sharp, *rest),
        details="\n\n".join(parts),
        logs=tuple(asking.logs[:MOST_CONTAINERS]),
    )


def _about(asking: _Asking, finding: Finding) -> tuple[Finding, str]:
    evidence, ref = asking.evidence, finding.ref
    pods, live = evidence.new_pods.get(ref, ()), evidence.objects.get(ref)
    blamed = the_pod_to_blame(pods)
    of_object = [] if pods else asking.events(live)
    failing = [each for each in pods if trouble(each)] or list(pods)
    shown = failing[:MOST_PODS]
    of_pods = {each["metadata"]["name"]: asking.events(each) for each in shown}
    reason = evidence.without_secrets(finding.judgement.reason)
    of_blamed = of_pods.get(blamed["metadata"]["name"], []) if blamed else []
    claim = claim_that_waits(asking.cluster, blamed) if blamed and not _is_bound(blamed) else ""
    sentence = sharpened(reason, blamed, of_blamed, of_object, evidence.without_secrets(claim))
    if blamed:
        asking.read_logs(blamed)
    sharp = replace(finding, judgement=replace(finding.judgement, reason=sentence))
    lines = [_title(sharp), ""]
    if old := [each for each in evidence.old_pods.get(ref, ()) if is_ready(each)]:
        lines.append(_still_run(len(old)))
    for each in shown:
        lines.append(f"- {evidence.without_secrets(_pod(each))}")
        lines += [f"  - event {text}" for text in reversed(of_pods[each["metadata"]["name"]][:MOST_EVENTS])]
    if len(failing) > MOST_PODS:
        lines.append(f"- and pods {', '.join(each['metadata']['name'] for each in failing[MOST_PODS:])}")
    lines += [f"- event {text}" for text in reversed(of_object[:MOST_EVENTS])]
    return sharp, "\n".join(lines).rstrip()


def _title(finding: Finding) -> str:
    return f"**{finding.ref}** is {finding.judgement.health}: {finding.judgement.reason}"


def _without_secrets(evidence: Evidence, finding: Finding) -> Finding:
    reason = evidence.without_secrets(finding.judgement.reason)
    return replace(finding, judgement=replace(finding.judgement, reason=reason))


def _is_bound(pod: Object) -> bool:
    return bool(pod.get("spec", {}).get("nodeName"))


def _still_run(count: int) -> str:
    return f"- {count} pod{'s' * (count > 1)} of the previous revision still run{'s' * (count == 1)}"


def _pod(pod: Object) -> str:
    found = trouble(pod)
    name, phase = pod["metadata"]["name"], pod.get("status", {}).get("phase", "Unknown")
    if found is None:
        return f"pod {name}: {phase}"
    container = f", container {found.container}" if found.container else ""
    return f"pod {name} ({phase}){container}: {found.whole}"
