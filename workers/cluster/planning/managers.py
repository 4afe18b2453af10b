"""Who is behind a field manager: ourselves, people, a tool that deploys, or a controller. One table, read by name."""

import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

OURS = "pushboat"
KUBECTL, HELM, ARGOCD, FLUX, ANY = "kubectl", "helm", "argocd", "flux", "any"
_PEOPLE = re.compile(
    r"(kubectl.*|before-first-apply|k9s|k0s|oc|lens|openlens|freelens|node-fetch|headlamp|octant|dashboard.*|mozilla.*"
    r"|rancher|python-requests|curl.*|kubernetes-client|okteto|garden|skaffold|telepresence|cli)",
    re.IGNORECASE,
)
_TOOLS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (FLUX, re.compile(r"(kustomize|helm|source)-controller|flux.*|gotk.*", re.IGNORECASE)),
    (HELM, re.compile(r"helm([^a-z].*)?|tiller", re.IGNORECASE)),
    (ARGOCD, re.compile(r"argo-?cd.*|gitops-agent.*", re.IGNORECASE)),
    (
        ANY,
        re.compile(
            r"kapp.*|terraform.*|hashicorp.*|pulumi.*|fleet(agent|-agent|controller)?|config-?sync.*|configsync.*"
            r"|reposync.*|kluctl.*|werf|tanka|timoni|porter|spinnaker.*|ansible.*|cdk8s.*|carvel.*",
            re.IGNORECASE,
        ),
    ),
)
"""Who deploys, by the word for it in `adopt`; each may have been given a suffix."""
_SYSTEM = re.compile(r"kube-.*|cloud-controller-manager|node-controller|pushboat-fence")
_SCALERS = re.compile(r"(kube-controller-manager|horizontal-pod-autoscaler|keda.*|vpa-.*|kube-scaler.*|knative-.*)")
_CA_INJECTORS = re.compile(r"(cert-manager.*|cainjector|service-ca-operator|kube-webhook-certgen|certgen.*)")


class Sort(StrEnum):
    """What sort of writer a manager is."""

    OURS = "ours"
    PERSON = "person"
    TOOL = "tool"
    CONTROLLER = "controller"


@dataclass(frozen=True, slots=True)
class Holder:
    """A manager that holds a field, and the subresource that it wrote it through."""

    manager: str
    subresource: str = ""

    def __str__(self) -> str:
        """Name it as people know it."""
        return f"{self.manager} ({self.subresource})" if self.subresource else self.manager


@dataclass(frozen=True, slots=True)
class Writer:
    """Who a manager is: its sort, and the word in `adopt` that it may be taken over by."""

    sort: Sort
    word: str = ""


def writer(manager: str, people: Iterable[str] = ()) -> Writer:
    """Recognise a manager by its name; `people` are globs of names that the operator counts among people's tools."""
    if manager == OURS:
        return Writer(Sort.OURS)
    if _PEOPLE.fullmatch(manager) or any(fnmatch.fnmatchcase(manager, glob) for glob in people):
        return Writer(Sort.PERSON, KUBECTL)
    word = next((word for word, names in _TOOLS if names.fullmatch(manager)), "")
    return Writer(Sort.TOOL, word) if word else Writer(Sort.CONTROLLER)


def is_system(manager: str) -> bool:
    """Say whether a manager is a part of Kubernetes itself, which never deploys anything."""
    return _SYSTEM.fullmatch(manager) is not None


def always_holds(holder: Holder, field: str) -> bool:
    """Say whether a controller is known to hold just this field (as `.spec.replicas`), whatever was declared before."""
    if field.endswith(".replicas"):
        return holder.subresource == "scale" or _SCALERS.fullmatch(holder.manager) is not None
    return field.endswith(".caBundle") and _CA_INJECTORS.fullmatch(holder.manager) is not None


def holder_of(entry: Mapping[str, Any]) -> Holder:
    """Name the holder that an entry of managedFields is about."""
    return Holder(str(entry.get("manager", "")), str(entry.get("subresource", "")))
