"""Which kinds may come with a push although nobody serves them yet and no CRD of the push defines them; pure.

Operators define their kinds when they start. So an unknown kind is waited for where the push brings somebody who could
define it, and is a mistake at once where it does not: whoever misspells a kind must not wait for ten minutes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pushboat.model.manifest import Manifest

_WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Pod"}
_DEFINITIONS, _DEFINING = "customresourcedefinitions", "apiextensions.k8s.io"
_INSTALLERS = {
    ("operators.coreos.com", "Subscription"),
    ("helm.toolkit.fluxcd.io", "HelmRelease"),
    ("kustomize.toolkit.fluxcd.io", "Kustomization"),
    ("argoproj.io", "Application"),
    ("argoproj.io", "ApplicationSet"),
    ("helm.cattle.io", "HelmChart"),
    ("pkg.crossplane.io", "Provider"),
    ("pkg.crossplane.io", "Configuration"),
    ("pkg.crossplane.io", "Function"),
}
"""Objects that make others install something; what that defines is not written in them."""

_ALMOST = 0.85
"""How much alike two kinds of one group are where one of them is a slip of the pen."""

RULE = "a kind is waited for only where the push brings a workload with a ClusterRole that may create CRDs"


def may_arrive(manifests: Sequence[Manifest], group: str, kind: str) -> bool:
    """Say whether something in a push may define a kind; a group without a dot is of Kubernetes itself."""
    if "." not in group:
        return False
    return any(_defines(each, group, kind) for each in manifests) or installs_definitions(manifests)


def meant(kind: str, known: Iterable[str]) -> str:
    """Find the kind of a group that was probably meant; empty where none is that close, or it is that very kind."""
    names = sorted(known)
    if kind in names:
        return ""
    other_case = (each for each in names if each.lower() == kind.lower())
    return next(other_case, "") or next(iter(get_close_matches(kind, names, n=1, cutoff=_ALMOST)), "")


def installs_definitions(manifests: Sequence[Manifest]) -> bool:
    """Say whether a push brings somebody who may define kinds of any name."""
    kinds = {_type(each) for each in manifests}
    if kinds & _INSTALLERS:
        return True
    return any(kind in _WORKLOADS for _, kind in kinds) and any(_grants_definitions(each.body) for each in manifests)


def _type(manifest: Manifest) -> tuple[str, str]:
    group = str(manifest.body.get("apiVersion", "")).rpartition("/")[0]
    return group, str(manifest.body.get("kind", ""))


def _defines(manifest: Manifest, group: str, kind: str) -> bool:
    """Say whether an object's own words define a kind, in the three ways that do without a CRD of the push."""
    spec = _inner(manifest.body, "spec")
    match _type(manifest):
        case ("apiextensions.crossplane.io", "CompositeResourceDefinition"):
            names = (_inner(spec, "names").get("kind"), _inner(spec, "claimNames").get("kind"))
            return spec.get("group") == group and kind in names
        case ("templates.gatekeeper.sh", "ConstraintTemplate"):
            made = _inner(_inner(_inner(spec, "crd"), "spec"), "names").get("kind")
            return group == "constraints.gatekeeper.sh" and made == kind
        case ("apiregistration.k8s.io", "APIService"):
            return spec.get("group") == group
    return False


def _grants_definitions(body: Mapping[str, Any]) -> bool:
    """Say whether a role lets somebody create CRDs, or a binding makes somebody an administrator."""
    match body.get("kind"):
        case "ClusterRole":
            return any(_is_about_definitions(rule) for rule in _mappings(body.get("rules")))
        case "ClusterRoleBinding":
            return _inner(body, "roleRef").get("name") == "cluster-admin"
    return False


def _is_about_definitions(rule: Mapping[str, Any]) -> bool:
    wanted = (("verbs", "create"), ("resources", _DEFINITIONS), ("apiGroups", _DEFINING))
    return all({word, "*"} & set(_words(rule.get(name))) for name, word in wanted)


def _words(value: Any) -> Iterator[str]:
    return (each for each in value if isinstance(each, str)) if isinstance(value, list) else iter(())


def _mappings(value: Any) -> Iterable[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _inner(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = body.get(key)
    return found if isinstance(found, Mapping) else {}
