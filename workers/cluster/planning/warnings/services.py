"""A Service that leads nowhere: its selector means no pod of this push and none of the cluster."""

from collections.abc import Iterator, Mapping
from typing import Any

from pushboat.model.changeset import Action
from workers.cluster.client.kinds import BUILT_IN
from workers.cluster.objects import Object, is_going, labels
from workers.cluster.planning.warnings.templates import has, pod_labels, selects
from workers.cluster.planning.warnings.words import Prospect, Prospects, part

_MAKE_NO_PODS = (
    "cert-manager.io", "acme.cert-manager.io", "cilium.io", "external-secrets.io", "bitnami.com",
    "gateway.networking.k8s.io", "monitoring.coreos.com", "networking.istio.io", "security.istio.io", "keda.sh",
    "traefik.io", "traefik.containo.us", "kyverno.io", "snapshot.storage.k8s.io", "networking.gke.io",
)  # fmt: skip
"""Groups of custom kinds whose objects start no pods that a Service of the same push may be for."""


def undecided(prospects: Prospects) -> tuple[Prospect, ...]:
    """List the Services that lead to no pod of the push: only the cluster can tell whether they lead anywhere."""
    return tuple(each for each in prospects.objects if _may_lead_nowhere(each, prospects))


def selector(service: Prospect) -> Mapping[str, Any]:
    """Read whom a Service means; nobody where it has no selector, or is a mere name for another host."""
    spec = part(service.after, "spec")
    return {} if spec.get("type") == "ExternalName" else part(spec, "selector")


def selects_nothing(prospect: Prospect, prospects: Prospects) -> Iterator[str]:
    """Warn of a Service that this push leaves, or makes, without pods."""
    if not _may_lead_nowhere(prospect, prospects) or any(_stays_for(prospect, prospects)):
        return
    wanted = selector(prospect)
    pairs = ",".join(f"{key}={value}" for key, value in wanted.items())
    near = next((f"; {each.ref} has {found}" for each, found in _near(prospect, prospects)), "")
    yield f"{prospect.ref} leads to no pod: neither this push nor the cluster has any with {pairs}{near}"


def _may_lead_nowhere(service: Prospect, prospects: Prospects) -> bool:
    if (service.ref.group, service.ref.kind) != ("", "Service") or service.after is None:
        return False
    wanted = selector(service)
    if not wanted or service.action is Action.REFUSED:
        return False
    beside = prospects.beside(service)
    if any(has(pod_labels(each.ref, each.after), wanted) for each in beside if each.after is not None):
        return False
    if any(_brings_pods_of_its_own(each) for each in beside):
        return False
    is_news = service.action is Action.CREATED or bool(service.changed("spec.selector", "spec.type"))
    return is_news or any(_takes_pods_away(each, wanted) for each in beside)


def _brings_pods_of_its_own(prospect: Prospect) -> bool:
    """Say whether an operator will make who knows what of an object that comes or changes."""
    return prospect.comes_or_changes and prospect.ref.group not in (*BUILT_IN, *_MAKE_NO_PODS)


def _takes_pods_away(prospect: Prospect, wanted: Mapping[str, Any]) -> bool:
    """Say whether pods that were meant go: with their workload, or by other labels."""
    return has(pod_labels(prospect.ref, prospect.before), wanted) and bool(pod_labels(prospect.ref, prospect.before))


def _stays_for(service: Prospect, prospects: Prospects) -> Iterator[Object]:
    """Find the cluster's pods that a Service means, without those that this push takes away."""
    wanted = selector(service)
    leaving = [
        part(each.before, "spec", "selector") for each in prospects.beside(service) if _takes_pods_away(each, wanted)
    ]
    for pod in prospects.pods:
        is_meant = pod["metadata"].get("namespace") == service.ref.namespace and has(labels(pod), wanted)
        if is_meant and not is_going(pod) and not any(selects(each, labels(pod)) for each in leaving if each):
            yield pod


def _near(service: Prospect, prospects: Prospects) -> Iterator[tuple[Prospect, str]]:
    """Find whose pods have a label of that name, or one of the pairs: what was probably meant."""
    wanted = selector(service)
    for each in prospects.beside(service):
        found = {key: value for key, value in pod_labels(each.ref, each.after).items() if key in wanted}
        if found:
            yield each, ",".join(f"{key}={value}" for key, value in found.items())
