"""Whether one node, or one look away, takes everything along; nothing of it is asked by default."""

import re
from collections.abc import Iterator, Sequence

from pushboat.model.manifest import Manifest, Path
from pushboat.model.wording import printable
from pushboat.policy.pods import pod_in
from pushboat.policy.selecting import Pods, selector_in
from pushboat.policy.wiring import Found, of_kind, scaled, space
from pushboat.policy.words import AVAILABILITY, HYGIENE, OFF, WARN, Body, Hit, Rule, at, mapping, mappings

_LABEL = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")


def single(manifests: Sequence[Manifest]) -> Found:
    """Find Deployments of one pod that nothing scales."""
    autoscalers = scaled(manifests)
    for each in of_kind(manifests, "Deployment"):
        count = at(each.body, "spec", "replicas")
        if (count is None or count == 1) and (space(each), "Deployment", each.ref.name) not in autoscalers:
            yield each, Hit(path=("spec", "replicas"), what="it has one pod")


def without_budget(manifests: Sequence[Manifest]) -> Found:
    """Find workloads of which every pod may be evicted at once."""
    pods = Pods(manifests)
    kept: set[int] = set()
    for budget in of_kind(manifests, "PodDisruptionBudget"):
        kept.update(pods.taken(space(budget), selector_in(at(budget.body, "spec", "selector"))))
    for number, each in enumerate(pods.owners):
        if number not in kept and each.ref.kind in ("Deployment", "StatefulSet"):
            yield each, Hit(path=("kind",), what="no PodDisruptionBudget is about its pods")


def empty_budget(manifest: Manifest) -> Iterator[Hit]:
    """Find budgets that say no number."""
    spec = mapping(manifest.body.get("spec"))
    if _is(manifest, "policy", "PodDisruptionBudget") and not spec.keys() & {"minAvailable", "maxUnavailable"}:
        yield Hit(path=("spec",), what="it says neither minAvailable nor maxUnavailable")


def scaled_to_one(manifest: Manifest) -> Iterator[Hit]:
    """Find autoscalers that may leave one pod."""
    least = at(manifest.body, "spec", "minReplicas")
    if _is(manifest, "autoscaling", "HorizontalPodAutoscaler") and (least is None or least == 1):
        yield Hit(path=("spec", "minReplicas"), what="it may leave one pod")


def without_deadline(manifest: Manifest) -> Iterator[Hit]:
    """Find CronJobs that make up for every run that they missed."""
    if _is(manifest, "batch", "CronJob") and at(manifest.body, "spec", "startingDeadlineSeconds") is None:
        yield Hit(path=("spec", "startingDeadlineSeconds"), what="after 100 runs that it missed it starts no more")


def node_port(manifest: Manifest) -> Iterator[Hit]:
    """Find Services that every node is open for."""
    if _is(manifest, "", "Service") and at(manifest.body, "spec", "type") == "NodePort":
        yield Hit(path=("spec", "type"), what="it opens a port on every node")


def claims(manifest: Manifest) -> Iterator[Hit]:
    """Find templates of claims that leave open how much, or that several nodes may write at once."""
    templates = at(manifest.body, "spec", "volumeClaimTemplates") if _is(manifest, "apps", "StatefulSet") else ()
    for number, each in mappings(templates):
        path = ("spec", "volumeClaimTemplates", number, "spec")
        if at(each, "spec", "resources", "requests", "storage") is None:
            yield Hit(path=(*path, "resources"), what="a claim of it does not say how much storage")
        modes = at(each, "spec", "accessModes")
        if modes not in (["ReadWriteOnce"], ["ReadWriteOncePod"]):
            yield Hit(path=(*path, "accessModes"), what="a claim of it may be written by several nodes")


def label_values(manifest: Manifest) -> Iterator[Hit]:
    """Find values that no label can have."""
    labels = mapping(at(manifest.body, "metadata", "labels"))
    places: list[tuple[Path, Body]] = [(("metadata", "labels"), labels)]
    if pod := pod_in(manifest):
        places += [((*pod.path, "metadata", "labels"), pod.labels)] if pod.path else []
    for path, written in places:
        for key, value in written.items():
            if isinstance(value, str) and not _LABEL.fullmatch(value):
                what = f"{printable(value, 63)} cannot be a label's value"
                yield Hit(path=(*path, str(key)), what=what)


def _is(manifest: Manifest, group: str, kind: str) -> bool:
    return manifest.ref.kind == kind and manifest.ref.group == group


_DRAINS = "Who drains a node may stop all of them at once"
_ONE = "While that one moves to another node, nobody answers"
RULES = (
    Rule(
        name="one-replica", verdict=OFF, groups=(AVAILABILITY,), together=single, reason=_ONE,
        fix="write replicas: 2, or have an autoscaler",
    ),
    Rule(
        name="disruption-budget", verdict=OFF, groups=(AVAILABILITY,), together=without_budget, reason=_DRAINS,
        fix="add one that selects its labels",
    ),
    *(
        Rule(name=name, verdict=verdict, groups=(group,), objects=look, reason=reason, fix=fix)
        for name, verdict, group, look, reason, fix in (
            (
                "empty-budget", OFF, AVAILABILITY, empty_budget, "It keeps nobody from anything",
                "write maxUnavailable: 1",
            ),
            ("autoscaler-to-one", OFF, AVAILABILITY, scaled_to_one, _ONE, "write minReplicas: 2"),
            (
                "cron-deadline", OFF, AVAILABILITY, without_deadline,
                "A controller that was away for long gives such a CronJob up", "write startingDeadlineSeconds: 300",
            ),
            (
                "node-port", OFF, HYGIENE, node_port, "Whoever reaches a node reaches it, past load balancer and TLS",
                "use ClusterIP and an Ingress, or a LoadBalancer",
            ),
            (
                "claim-templates", OFF, HYGIENE, claims, "Such a template can never be changed",
                "write resources.requests.storage and accessModes: [ReadWriteOnce]",
            ),
            (
                "label-values", WARN, HYGIENE, label_values, "The API server refuses it",
                "write at most 63 letters, digits, and -_. between them",
            ),
        )
    ),
)  # fmt: skip
