"""Whether the objects of one environment fit together: who selects whom, who stands in front of whom.

What somebody else may bring is not known here, so nothing of it is asked by default but what the API server refuses.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from pushboat.model.manifest import Manifest
from pushboat.model.wording import printable
from pushboat.policy.pods import pod_in
from pushboat.policy.words import OFF, WARN, WIRING, Body, Hit, Rule, at, listing, mapping, mappings

Found = Iterator[tuple[Manifest, Hit]]
_GATHER = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def selects(selector: Any, labels: Body) -> bool:
    """Say whether a LabelSelector takes labels; one that is empty takes all."""
    selector = mapping(selector)
    wanted = mapping(selector.get("matchLabels"))
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_holds(each, labels) for _, each in mappings(selector.get("matchExpressions")))


def _holds(wanted: Body, labels: Body) -> bool:
    key, values = str(wanted.get("key")), listing(wanted.get("values"))
    match wanted.get("operator"):
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return False


def of_kind(manifests: Sequence[Manifest], *kinds: str) -> Iterator[Manifest]:
    """Pick the objects of some kinds that only Kubernetes itself has."""
    return (each for each in manifests if each.ref.kind in kinds and not each.ref.group.count("."))


def in_networking(manifests: Sequence[Manifest], kind: str) -> list[Manifest]:
    """Pick the objects of a kind of networking.k8s.io."""
    return [each for each in manifests if (each.ref.group, each.ref.kind) == ("networking.k8s.io", kind)]


def pods_of(manifests: Sequence[Manifest]) -> list[tuple[Manifest, Body]]:
    """Give the labels of all pods, each with whose they are."""
    return [(each, pod.labels) for each in manifests if (pod := pod_in(each)) is not None]


def space(manifest: Manifest) -> str:
    """Name the namespace of an object, which may not be written."""
    return manifest.ref.namespace


def unselected(manifest: Manifest) -> Iterator[Hit]:
    """Find what does not select the pods that it makes."""
    pod = pod_in(manifest) if manifest.ref.kind in _GATHER else None
    selector = at(manifest.body, "spec", "selector")
    if pod is not None and selector and not selects(selector, pod.labels):
        yield Hit(path=("spec", "selector"), what="its selector does not take the labels of its own template")


def without_pods(manifests: Sequence[Manifest]) -> Found:
    """Find Services that no pod stands behind."""
    pods = pods_of(manifests)
    for each in of_kind(manifests, "Service"):
        wanted = mapping(at(each.body, "spec", "selector"))
        if wanted and not any(
            space(each) == space(owner) and wanted.items() <= labels.items() for owner, labels in pods
        ):
            yield each, Hit(path=("spec", "selector"), what="no pod of this environment has the labels that it selects")


def without_backends(manifests: Sequence[Manifest]) -> Found:
    """Find Ingresses whose Services are not there, or have no such port."""
    services = {(space(each), each.ref.name): each for each in of_kind(manifests, "Service")}
    for each in in_networking(manifests, "Ingress"):
        for path, backend in _backends(each.body):
            name = backend.get("name")
            service = services.get((space(each), str(name)))
            if name and service is None:
                what = f"no Service {printable(str(name), 63)} is in this environment"
                yield each, Hit(path=(*path, "name"), what=what)
            elif service is not None and not _has_port(service.body, mapping(backend.get("port"))):
                what = f"Service {printable(str(name), 63)} has no such port"
                yield each, Hit(path=(*path, "port"), what=what)


def _backends(body: Body) -> Iterator[tuple[tuple[str | int, ...], Body]]:
    default = mapping(at(body, "spec", "defaultBackend", "service"))
    if default:
        yield ("spec", "defaultBackend", "service"), default
    for number, rule in mappings(at(body, "spec", "rules")):
        for index, path in mappings(at(rule, "http", "paths")):
            service = mapping(at(path, "backend", "service"))
            if service:
                yield ("spec", "rules", number, "http", "paths", index, "backend", "service"), service


def _has_port(service: Body, wanted: Body) -> bool:
    ports = [port for _, port in mappings(at(service, "spec", "ports"))]
    return any(wanted.get("number") == each.get("port") or wanted.get("name", "") == each.get("name") for each in ports)


def headless(manifests: Sequence[Manifest]) -> Found:
    """Find StatefulSets whose pods get no names of their own in DNS."""
    known = {
        (space(each), each.ref.name)
        for each in of_kind(manifests, "Service")
        if at(each.body, "spec", "clusterIP") == "None"
    }
    for each in of_kind(manifests, "StatefulSet"):
        name = str(at(each.body, "spec", "serviceName"))
        if (space(each), name) not in known:
            what = "its serviceName is no headless Service of this environment"
            yield each, Hit(path=("spec", "serviceName"), what=what)


def about_nobody(manifests: Sequence[Manifest]) -> Found:
    """Find NetworkPolicies that are about no pod."""
    pods = pods_of(manifests)
    for each in in_networking(manifests, "NetworkPolicy"):
        selector = at(each.body, "spec", "podSelector")
        if selector and not any(space(each) == space(owner) and selects(selector, labels) for owner, labels in pods):
            yield each, Hit(path=("spec", "podSelector"), what="it selects no pod of this environment")


def unguarded(manifests: Sequence[Manifest]) -> Found:
    """Find pods that anybody may speak to, or that may speak to anybody."""
    policies = in_networking(manifests, "NetworkPolicy")
    for owner, labels in pods_of(manifests):
        ways = {
            way
            for each in policies
            if space(each) == space(owner) and selects(at(each.body, "spec", "podSelector"), labels)
            for way in map(str, listing(at(each.body, "spec", "policyTypes")) or ["Ingress"])
        }
        for way, what in (("Ingress", "speak to its pods"), ("Egress", "be spoken to by its pods")):
            if way not in ways:
                yield owner, Hit(path=("kind",), what=f"everybody may {what}: no NetworkPolicy selects them for {way}")


def scaled(manifests: Sequence[Manifest]) -> dict[tuple[str, str, str], Manifest]:
    """Give the autoscalers by namespace, kind and name of what they scale."""
    found = {}
    for each in of_kind(manifests, "HorizontalPodAutoscaler"):
        target = mapping(at(each.body, "spec", "scaleTargetRef"))
        found[space(each), str(target.get("kind")), str(target.get("name"))] = each
    return found


def scaling_nothing(manifests: Sequence[Manifest]) -> Found:
    """Find autoscalers that scale nothing."""
    known = {(space(each), each.ref.kind, each.ref.name) for each in manifests}
    for target, each in scaled(manifests).items():
        if target not in known:
            what = "what it scales is not in this environment"
            yield each, Hit(path=("spec", "scaleTargetRef"), what=what)


def counted_twice(manifests: Sequence[Manifest]) -> Found:
    """Find replicas that an autoscaler decides about."""
    autoscalers = scaled(manifests)
    for each in of_kind(manifests, "Deployment", "StatefulSet"):
        has_count = at(each.body, "spec", "replicas") is not None
        if has_count and (space(each), each.ref.kind, each.ref.name) in autoscalers:
            what = "replicas is written, and an autoscaler decides about it"
            yield each, Hit(path=("spec", "replicas"), what=what, by_name=True)


_REFUSED = "The API server refuses it"
_NOBODY = "Who asks it gets no answer, and nothing says why"
RULES = (
    Rule(
        name="selector-labels", verdict=WARN, groups=(WIRING,), objects=unselected, reason=_REFUSED,
        fix="write the same labels in both",
    ),
    *(
        Rule(name=name, verdict=OFF, groups=(WIRING,), together=look, reason=reason, fix=fix)
        for name, look, reason, fix in (
            ("service-alone", without_pods, _NOBODY, "select labels that pods have, or leave the selector out"),
            ("ingress-alone", without_backends, _NOBODY, "name a Service and a port that are there"),
            (
                "headless-service", headless, "Members of a StatefulSet find each other by these names",
                "add a Service with clusterIP: None, and name it in spec.serviceName",
            ),
            (
                "network-policy-alone", about_nobody, "What it is to keep apart is open",
                "select labels that pods have",
            ),
            (
                "network-policy", unguarded, "Who breaks into one pod reaches all others",
                "write NetworkPolicies for both ways",
            ),
            (
                "autoscaler-alone", scaling_nothing, "Nothing is scaled, and nothing says why",
                "name a workload that is there",
            ),
            (
                "replicas-with-autoscaler", counted_twice, "Each deployment takes back what the autoscaler has decided",
                "leave replicas out",
            ),
        )
    ),
)  # fmt: skip
