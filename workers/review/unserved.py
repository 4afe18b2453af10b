"""What to tell whose kind is not served: its version of today, the kind that was meant, or who may define it.

A version of Kubernetes that is gone looks like a custom kind whose definition is missing; only the cluster can tell.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from pushboat.model.wording import listed, printable, quoted
from workers.review.arriving import RULE, meant
from workers.review.lifecycles import Lifecycle, lifecycle_of, number
from workers.review.words import Moved, Unserved

_GONE = {
    "PodSecurityPolicy": "label the namespace with pod-security.kubernetes.io/enforce instead",
    "ComponentStatus": "ask /readyz instead",
}
"""Kinds of Kubernetes that have no successor, and what people do now."""

OLDEST = (1, 32)
"""The minor version below which nobody's cluster should be."""

_OWN_GROUPS = frozenset(
    (
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "internal.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
        "storagemigration.k8s.io",
    )
)
"""Others that end so are of CRDs: VolumeSnapshots, Gateways."""


class Served(Protocol):
    """Knows what a cluster serves."""

    @property
    def name(self) -> str:
        """Say what it is, in the middle of a sentence."""

    def kinds_of(self, group: str) -> Collection[str]:
        """Name the kinds of a group that the cluster knows."""

    def api_versions(self, kind: str) -> Sequence[str]:
        """List under which API versions kinds of a name are served, the preferred one of each group."""


def unserved(api_version: str, kind: str, served: Served) -> Unserved:
    """Say what is wrong with an object whose kind is not served as it is written."""
    group, _, version = api_version.rpartition("/")
    named, life = f"{_seen(kind)} ({_seen(api_version)})", lifecycle_of((group, version, kind))
    if now := now_served(api_version, kind, served):
        versions = listed(now, "or")
        gone = f", which is gone since Kubernetes {life.removed}" if _has_gone(life) else ""
        sentence = f"{served.name} does not serve {named}{gone}: write apiVersion: {versions}"
        return Moved(sentence, printable(kind), versions)
    unknown = f"{served.name} does not know {named}"
    if near := meant(kind, served.kinds_of(group)):
        return Unserved(f"{unknown}: did you mean {near}?", ("kind",))
    if not is_of_kubernetes(group):
        return Unserved(f"{unknown}: is its CRD missing here? ({RULE})", ("kind",))
    return Unserved(f"{unknown}: {_instead(kind, life)}", ("kind",))


def now_served(api_version: str, kind: str, served: Served) -> list[str]:
    """List the API versions that have a kind which was of another version, or of another group of Kubernetes."""
    group = api_version.rpartition("/")[0]
    return [each for each in served.api_versions(kind) if _takes_over(each.rpartition("/")[0], group)]


def _seen(word: str) -> str:
    """Show a word so that its blanks are seen."""
    return printable(word) if word.split() == [word] else quoted(word)


def _instead(kind: str, life: Lifecycle) -> str:
    if kind in _GONE:
        return _GONE[kind]
    if _has_gone(life):
        return f"it is gone since Kubernetes {life.removed}, without a successor: remove it"
    if life.introduced:
        return f"it came with Kubernetes {life.introduced}: remove it, or turn it on in a cluster that has it"
    return "it is gone from Kubernetes, or newer than this cluster: remove it, or write its successor"


def _has_gone(life: Lifecycle) -> bool:
    """Say whether every cluster of today does without it; a younger API may only be turned off."""
    return bool(life.removed) and number(life.removed) <= OLDEST


def is_of_kubernetes(group: str) -> bool:
    """Say whether a group is Kubernetes' own, where no CRD can define a kind."""
    return "." not in group or group in _OWN_GROUPS


def moved(wrong: Iterable[Moved]) -> str:
    """Say of several kinds in one sentence under which versions they are served."""
    now = {each.kind: each.now for each in wrong}
    return f"write the versions that this cluster serves: {listed(f'{kind} is {now[kind]}' for kind in sorted(now))}"


def _takes_over(group: str, wanted: str) -> bool:
    """Say whether a group may have a kind that was of another one: its own, or both are Kubernetes' own."""
    return group == wanted or (is_of_kubernetes(group) and is_of_kubernetes(wanted))
