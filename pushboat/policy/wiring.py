"""Whether the objects of one environment fit together: who selects whom, who stands in front of whom.

What somebody else may bring is not known here, so nothing of it is asked by default but what the API server refuses.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any

from pushboat.model.manifest import Manifest
from pushboat.model.wording import printable
from pushboat.policy.pods import pod_in
from pushboat.policy.selecting import Pods, Selector, is_scalar, scalars, selector_in, selects
from pushboat.policy.words import OFF, WARN, WIRING, Body, Hit, Rule, at, mapping, mappings

Found = Iterator[tuple[Manifest, Hit]]
_GATHER = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def of_kind(manifests: Sequence[Manifest], *kinds: str) -> Iterator[Manifest]:
    """Pick the objects of some kinds that only Kubernetes itself has."""
    return (each for each in manifests if each.ref.kind in kinds and not each.ref.group.count("."))


def in_networking(manifests: Sequence[Manifest], kind: str) -> list[Manifest]:
    """Pick the objects of a kind of networking.k8s.io."""
    return [each for each in manifests if (each.ref.group, each.ref.kind) == ("networking.k8s.io", kind)]


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
    pods = Pods(manifests)
    for each in of_kind(manifests, "Service"):
        wanted = mapping(at(each.body, "spec", "selector"))
        if wanted and not _any(pods.taken(space(each), Selector(wanted))):
            yield each, Hit(path=("spec", "selector"), what="no pod of this environment has the labels that it selects")


def without_backends(manifests: Sequence[Manifest]) -> Found:
    """Find Ingresses whose Services are not there, or have no such port."""
    services = {(space(each), each.ref.name): _ports(each.body) for each in of_kind(manifests, "Service")}
    for each in in_networking(manifests, "Ingress"):
        for path, backend in _backends(each.body):
            name = backend.get("name")
            ports = services.get((space(each), str(name)))
            if name and ports is None:
                what = f"no Service {printable(str(name), 63)} is in this environment"
                yield each, Hit(path=(*path, "name"), what=what)
            elif ports is not None and not _among(ports, mapping(backend.get("port"))):
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


def _ports(service: Body) -> tuple[Set[Any], Set[Any]]:
    """Give the numbers and the names of a Service's ports."""
    ports = [port for _, port in mappings(at(service, "spec", "ports"))]
    return scalars([each.get("port") for each in ports]), scalars([each.get("name") for each in ports])


def _among(ports: tuple[Set[Any], Set[Any]], wanted: Body) -> bool:
    asked = (wanted.get("number"), wanted.get("name", ""))
    return any(is_scalar(each) and each in known for each, known in zip(asked, ports, strict=True))


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
    pods = Pods(manifests)
    for each in in_networking(manifests, "NetworkPolicy"):
        selector = at(each.body, "spec", "podSelector")
        if selector and not _any(pods.taken(space(each), selector_in(selector))):
            yield each, Hit(path=("spec", "podSelector"), what="it selects no pod of this environment")


def unguarded(manifests: Sequence[Manifest]) -> Found:
    """Find pods that anybody may speak to, or that may speak to anybody."""
    pods = Pods(manifests)
    guarded: dict[str, set[int]] = {"Ingress": set(), "Egress": set()}
    for each in in_networking(manifests, "NetworkPolicy"):
        selector = selector_in(at(each.body, "spec", "podSelector"))
        ways = scalars(at(each.body, "spec", "policyTypes")) or {"Ingress"}
        taken = set(pods.taken(space(each), selector))
        for way in ways & guarded.keys():
            guarded[way] |= taken
    for number, owner in enumerate(pods.owners):
        for way, what in (("Ingress", "speak to its pods"), ("Egress", "be spoken to by its pods")):
            if number not in guarded[way]:
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


def _any(numbers: Iterable[int]) -> bool:
    return next(iter(numbers), None) is not None


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
