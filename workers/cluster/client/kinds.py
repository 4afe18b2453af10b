"""What kinds the cluster serves: from apiVersion and kind to a path, and whether objects of it live in namespaces.

Two requests (aggregated discovery) answer for every kind; an unknown one asks again, because a CRD may have come.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
REFRESH_AT_MOST_EVERY = 1.0
"""Seconds; many unknown kinds in one commit must not become as many discoveries."""

BUILT_IN = frozenset(
    {"", "apps", "autoscaling", "batch", "policy", "extensions"}
    | {
        f"{name}.k8s.io"
        for name in (
            "admissionregistration",
            "apiextensions",
            "apiregistration",
            "authentication",
            "authorization",
            "certificates",
            "coordination",
            "discovery",
            "events",
            "flowcontrol.apiserver",
            "internal.apiserver",
            "networking",
            "node",
            "rbac.authorization",
            "resource",
            "scheduling",
            "storage",
            "storagemigration",
        )
    }
)
"""The API groups of Kubernetes itself; all others come with a CRD or an aggregated API server."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One served kind; `plural` is its name in paths, `preferred` says that its version is the group's first.

    `has_status` says that there is a status that only a controller writes.
    """

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool
    preferred: bool = False
    has_status: bool = False
    short_names: tuple[str, ...] = field(default=(), compare=False)
    verbs: frozenset[str] = field(default=frozenset(), compare=False)

    def collection(self, namespace: str = "") -> str:
        """Give the path of all objects, or of those in one namespace."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        middle = f"/namespaces/{_segment(namespace)}" if self.namespaced and namespace else ""
        return f"{root}{middle}/{self.plural}"

    def path(self, namespace: str, name: str) -> str:
        """Give one object's path."""
        return f"{self.collection(namespace)}/{_segment(name)}"


@dataclass(slots=True)
class Discovered:
    """What was found out so far, shared by everybody who asks in one identity."""

    known: Mapping[tuple[str, str, str], Kind] = field(default_factory=dict)
    read_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


class Kinds:
    """The kinds of one cluster, discovered when first asked for and again when one is unknown."""

    name = "the cluster"
    """In the middle of a sentence."""

    def __init__(
        self, fetch: Callable[[str, str], Mapping[str, Any]], found: Discovered, aside: Callable[[], None]
    ) -> None:
        self._fetch = fetch
        self._found = found
        self._aside = aside

    def find(self, group: str, version: str, kind: str) -> Kind | None:
        """Find a kind in this very version."""
        self._look_again_unless(lambda: (group, version, kind) in self._found.known)
        return self._found.known.get((group, version, kind))

    def preferred(self, group: str, kind: str) -> Kind | None:
        """Find a kind in the version that the cluster prefers."""
        found = self._of(group, kind)
        if not found:
            self._look_again_unless(lambda: bool(self._of(group, kind)))
            found = self._of(group, kind)
        return next((each for each in found if each.preferred), found[0] if found else None)

    def versions(self, group: str, kind: str) -> list[Kind]:
        """List a kind in all versions that are known to be served."""
        return self._of(group, kind)

    def named(self, text: str) -> Kind | None:
        """Find a kind by its name in an inventory (`Deployment.apps`)."""
        name, _, group = text.partition(".")
        return self.preferred(group, name)

    def called(self, word: str) -> Kind | None:
        """Find a kind by what people type: deploy, deployment, deployments, Deployment.apps."""
        self._look_again_unless(lambda: self._called(word) is not None)
        return self._called(word)

    def namespaced(self, group: str, version: str, kind: str) -> bool | None:
        """Say whether objects of a kind live in namespaces; None where the cluster does not know it."""
        found = self.find(group, version, kind)
        return None if found is None else found.namespaced

    def kinds_of(self, group: str) -> set[str]:
        """Name the kinds of a group, as far as they are known."""
        return {each.kind for each in self._found.known.values() if each.group == group}

    def api_versions(self, kind: str) -> list[str]:
        """List under which API versions kinds of a name are served, as far as is known: one of each group."""
        found = {each.group: each for each in self._found.known.values() if each.kind == kind}
        preferred = {each.group: each for each in self._found.known.values() if each.kind == kind and each.preferred}
        return [f"{group}/{each.version}".lstrip("/") for group, each in sorted({**found, **preferred}.items())]

    def deletable(self) -> list[Kind]:
        """List every kind of which objects can be listed and deleted, each once."""
        self.refresh()
        found: dict[tuple[str, str], Kind] = {}
        for each in self._found.known.values():
            if {"list", "delete"} <= each.verbs and (each.preferred or (each.group, each.kind) not in found):
                found[each.group, each.kind] = each
        return list(found.values())

    def served(self) -> tuple[str, ...]:
        """List all that is known to be served as charts ask for it: apps/v1, apps/v1/Deployment."""
        versions = {
            (f"{each.group}/{each.version}" if each.group else each.version, each.kind)
            for each in self._found.known.values()
        }
        return tuple(sorted({version for version, _ in versions} | {"/".join(each) for each in versions if each[1]}))

    def refresh(self) -> None:
        """Ask the cluster again."""
        documents = [self._fetch(path, ACCEPT) for path in ("/api", "/apis")]
        self._found.known = {(each.group, each.version, each.kind): each for each in read(documents)}
        self._found.read_at = time.monotonic()

    def look_again(self) -> None:
        """Ask the cluster again, unless somebody did so a moment ago."""
        self._look_again_unless(lambda: False)

    def _called(self, word: str) -> Kind | None:
        name, _, group = word.lower().partition(".")
        fitting = [
            each
            for each in self._found.known.values()
            if name in (each.kind.lower(), each.plural, *each.short_names) and (not group or each.group == group)
        ]
        return min(fitting, key=lambda each: ("." in each.group, each.group, not each.preferred), default=None)

    def _of(self, group: str, kind: str) -> list[Kind]:
        return [each for each in self._found.known.values() if (each.group, each.kind) == (group, kind)]

    def _look_again_unless(self, known: Callable[[], bool]) -> None:
        if known():
            return
        if self._found.lock.locked():  # whoever asks already may be waiting for credentials
            self._aside()
        with self._found.lock:
            if not known() and time.monotonic() - self._found.read_at >= REFRESH_AT_MOST_EVERY:
                self.refresh()


def read(documents: list[Mapping[str, Any]]) -> list[Kind]:
    """Read aggregated discovery documents; a version that its server could not describe is left out."""
    return [
        _kind(group["metadata"].get("name", ""), version["version"], resource, first=place == 0)
        for document in documents
        for group in document.get("items", ())
        for place, version in enumerate(group.get("versions", ()))
        for resource in version.get("resources", ())
    ]


def _kind(group: str, version: str, resource: Mapping[str, Any], *, first: bool) -> Kind:
    # A resource may answer with another group's kind (scale); what we need is the group it is asked under.
    return Kind(
        group=group,
        version=version,
        kind=resource["responseKind"].get("kind", ""),
        plural=resource["resource"],
        namespaced=resource.get("scope") == "Namespaced",
        preferred=first,
        short_names=tuple(resource.get("shortNames") or ()),
        verbs=frozenset(resource.get("verbs") or ()),
        has_status=any(each.get("subresource") == "status" for each in resource.get("subresources") or ()),
    )


def _segment(text: str) -> str:
    # Names come from pushed files. The API server decodes %2F before it splits the path, so quoting alone would let
    # `../other/configmaps/x` walk into another namespace.
    if not text or text in (".", "..") or "/" in text or "%" in text:
        raise ValueError(f"{text!r} cannot be part of an API path")
    return quote(text, safe=":")
