"""Check manifests against what the operator allows, before anything touches the cluster: all mistakes at once.

This is a fence, not a courtesy: what passes here may be written. It needs no cluster beyond `scope`, which says whether
a kind lives in namespaces.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Protocol

from pushboat.config.environment import Environment
from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.wording import printable
from workers.manifests.directives.reading import directives_in
from workers.manifests.directives.words import Mode
from workers.review.arriving import RULE, may_arrive, meant
from workers.review.permissions import NotAllowed, Wrong, allow_inside, allow_outside, asking

Namespaced = Callable[[str, str, str], bool | None]
_DEEPEST_LIST = 5
MOST_OBJECTS = 10_000
"""The largest environments have some thousand; a file of a few bytes per object would bury the cluster."""
MOST_SHOWN = 100
"""Mistakes; they are stored, and shown on one page."""
_PATH_SEGMENT = re.compile(r"(?!\.{1,2}$)[^/%\s]{1,253}")
"""A name becomes part of a request's path; these characters would make it another path."""
_INVENTORY = re.compile(r"pushboat-.*-[0-9a-f]{10}")
"""How inventory.Parent names its Secrets; one of a repository's own would take their place."""
_RESERVED = ("applyset.kubernetes.io/", "pushboat.dev/applied", "pushboat.dev/fence")


class Scope(Protocol):
    """Knows the cluster's kinds."""

    def namespaced(self, group: str, version: str, kind: str) -> bool | None:
        """Say whether objects of a kind live in namespaces; None where the cluster does not know it."""

    def kinds_of(self, group: str) -> Collection[str]:
        """Name the kinds of a group that the cluster knows."""


def check(manifests: Sequence[Manifest], environment: Environment, scope: Scope) -> tuple[Manifest, ...]:
    """Give the manifests as they will be applied: lists expanded, the default namespace filled in.

    Raises:
        InvalidManifest: names every object that is incomplete, unknown, twice there, or outside the limits.
    """
    mistakes: list[str] = []
    missing: list[NotAllowed] = []
    checked: dict[Ref, Manifest] = {}
    expanded = list(islice(_expanded(manifests, scope, mistakes), MOST_OBJECTS + 1))
    if len(expanded) > MOST_OBJECTS:
        raise InvalidManifest(f"more than {MOST_OBJECTS:,} objects in one environment: split it into several")
    knows = _with_arrivals(expanded, environment, scope, _scope_with(expanded, scope))
    for manifest in expanded:
        try:
            sound = _checked(manifest, environment, knows)
        except Wrong as wrong:
            mistakes.append(f"{manifest.place}: {wrong}")
            missing += [wrong] if isinstance(wrong, NotAllowed) else []
            continue
        if twin := checked.get(sound.ref):
            mistakes.append(f"{sound.place}: {sound.ref} is already defined at {twin.place}")
        checked.setdefault(sound.ref, sound)
    if mistakes:
        raise _summed_up(mistakes, missing, environment)
    return tuple(checked.values())


def _summed_up(mistakes: Sequence[str], missing: Sequence[NotAllowed], environment: Environment) -> InvalidManifest:
    """Make one refusal of all mistakes; where the operator could allow everything, that comes first."""
    more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    summary, details = f"{mistakes[0]}{more}", _listed(mistakes)
    if missing:
        sentence, lines = asking(missing, environment)
        summary = f"{sentence} — {summary}" if len(missing) == len(mistakes) else summary
        details = f"{details}\n\n{lines}"
    return InvalidManifest(summary, details)


def _listed(mistakes: Sequence[str]) -> str:
    lines = [f"- {each}" for each in mistakes[:MOST_SHOWN]]
    if len(mistakes) > MOST_SHOWN:
        lines.append(f"- and {len(mistakes) - MOST_SHOWN:,} more: correct these first, the next push names those")
    return "\n".join(lines)


def _checked(manifest: Manifest, environment: Environment, namespaced: Namespaced) -> Manifest:
    metadata = _complete(manifest)
    group, version, kind = _type_of(manifest.body)
    name = metadata.get("name") or metadata["generateName"]
    inside = namespaced(group, version, kind)
    if inside is None and directives_in(manifest.body).mode is Mode.IGNORE:  # it is for another tool, and never sent
        return replace(manifest, ref=Ref(group, kind, str(metadata.get("namespace") or ""), name), version=version)
    if inside is None:
        named = f"{printable(kind)} ({printable(manifest.body['apiVersion'])})"
        raise Wrong(f"the cluster does not know {named}: is its CRD missing here? ({RULE})")
    if inside:
        namespace = metadata.get("namespace") or environment.namespace
        allow_inside(Ref(group, kind, namespace, name), environment)
        if (group, kind) == ("", "Secret") and _INVENTORY.fullmatch(name):
            raise Wrong(f"Secret/{namespace}/{name} is named as Pushboat names its inventories: give it another name")
        metadata = {**metadata, "namespace": namespace}
    else:
        namespace = ""
        allow_outside(Ref(group, kind, "", name), environment)
        metadata = {key: value for key, value in metadata.items() if key != "namespace"}
    return replace(
        manifest,
        ref=Ref(group, kind, namespace, name),
        version=version,
        body={**manifest.body, "metadata": metadata},
    )


def _complete(manifest: Manifest) -> dict[str, Any]:
    body = manifest.body
    for key in ("apiVersion", "kind"):
        if not isinstance(body.get(key), str) or not body[key]:
            raise Wrong(f"{key} is missing")
    kind, metadata = printable(body["kind"]), body.get("metadata")
    if not isinstance(metadata, Mapping):
        raise Wrong(f"{kind} has no metadata")
    name, namespace = metadata.get("name"), metadata.get("namespace")
    if not name and (name := metadata.get("generateName")) and not directives_in(body).is_hook:
        raise Wrong(f"{kind} has a generateName: every deployment would create another one; give it a name")
    if not isinstance(name, str) or not name:
        raise Wrong(f"{kind} has no name")
    if not _PATH_SEGMENT.fullmatch(name) or not name.isprintable():
        raise Wrong(f"{kind} has a name that cannot be part of a path: {name[:80]!r}")
    if namespace is not None and not isinstance(namespace, str):
        raise Wrong(f"{kind}/{name}: the namespace must be text: write it in quotes")
    _refuse_our_marks(f"{kind}/{name}", metadata)
    return dict(metadata)


def _refuse_our_marks(whose: str, metadata: Mapping[str, Any]) -> None:
    for marks in ("labels", "annotations"):
        for key in _keys(whose, metadata, marks):
            if key.startswith(_RESERVED):
                raise Wrong(f"{whose}: {key} belongs to Pushboat; remove it")


def _keys(whose: str, metadata: Mapping[str, Any], marks: str) -> Iterator[str]:
    found = metadata.get(marks)
    if found is None:
        return
    if not isinstance(found, Mapping):
        raise Wrong(f"{whose}: {marks} must be a mapping")
    for key, value in found.items():
        if value is not None and not isinstance(value, str):
            raise Wrong(f"{whose}: {marks}.{key} must be text: write it in quotes")
        yield str(key)


def _expanded(manifests: Iterable[Manifest], scope: Scope, mistakes: list[str], depth: int = 0) -> Iterator[Manifest]:
    for manifest in manifests:
        kind, items = manifest.body.get("kind"), manifest.body.get("items")
        if not isinstance(kind, str) or not _is_list(manifest, kind, scope):
            yield manifest
            continue
        if depth == _DEEPEST_LIST:
            mistakes.append(f"{manifest.place}: lists within lists are too deep")
            continue
        written = items if isinstance(items, list) else [] if items is None else [items]
        inner = [each for each in written if isinstance(each, Mapping) and isinstance(items, list)]
        if len(inner) < len(written):
            mistakes.append(f"{manifest.place}: {kind} has an item that is not an object")
        yield from _expanded([_item(manifest, each, kind) for each in inner], scope, mistakes, depth + 1)


def _is_list(manifest: Manifest, kind: str, scope: Scope) -> bool:
    if kind == "List":
        return manifest.body.get("apiVersion") == "v1"
    if not kind.endswith("List") or not isinstance(manifest.body.get("items"), list):
        return False
    group, _, version = str(manifest.body.get("apiVersion")).rpartition("/")
    return scope.namespaced(group, version, kind) is None  # a kind of that very name is an object of its own


def _item(manifest: Manifest, body: Mapping[str, Any], kind: str) -> Manifest:
    # A ConfigMapList's items may leave out what the list says.
    typed = {"apiVersion": manifest.body.get("apiVersion"), "kind": kind.removesuffix("List")} if kind != "List" else {}
    return replace(manifest, body={**typed, **body})


def _scope_with(manifests: Iterable[Manifest], scope: Scope) -> Namespaced:
    """Add what the set's own CRDs define. The cluster's word on a kind that it serves comes first: a CRD may lie."""
    defined: dict[tuple[str, str, str], bool] = {}
    for manifest in manifests:
        if manifest.body.get("kind") == "CustomResourceDefinition":
            defined.update(_defined_by(manifest.body))

    def namespaced(group: str, version: str, kind: str) -> bool | None:
        served = scope.namespaced(group, version, kind)
        return defined.get((group, version, kind)) if served is None else served

    return namespaced


def _with_arrivals(
    manifests: Sequence[Manifest], environment: Environment, scope: Scope, knows: Namespaced
) -> Namespaced:
    """Add what an operator that comes with the set may define, and what an annotation says will be.

    Where its objects will live is not known yet: in a namespace, unless the operator's file has the kind outside. What
    turns out to live elsewhere is not written.
    """

    read = [(each, directives_in(each.body)) for each in manifests]
    hoped = {_written_type(each) for each, said in read if said.may_be_unknown}
    coming = [each for each, said in read if not said.never_runs]

    def namespaced(group: str, version: str, kind: str) -> bool | None:
        known = knows(group, version, kind)
        if known is not None or not ((group, kind) in hoped or may_arrive(coming, group, kind)):
            return known
        if near := meant(kind, scope.kinds_of(group)):
            raise Wrong(f"the cluster does not know {printable(kind)} ({printable(group)}): did you mean {near}?")
        return kind not in environment.cluster_scoped

    return namespaced


def _defined_by(body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], bool]]:
    spec = body.get("spec")
    if not isinstance(spec, Mapping) or not isinstance(spec.get("names"), Mapping):
        return
    versions = spec.get("versions")
    for version in versions if isinstance(versions, list) else ():
        if isinstance(version, Mapping) and version.get("served", True):
            key = (str(spec.get("group")), str(version.get("name")), str(spec["names"].get("kind")))
            yield key, spec.get("scope") == "Namespaced"


def _written_type(manifest: Manifest) -> tuple[str, str]:
    return str(manifest.body.get("apiVersion")).rpartition("/")[0], str(manifest.body.get("kind"))


def _type_of(body: Mapping[str, Any]) -> tuple[str, str, str]:
    group, _, version = str(body["apiVersion"]).rpartition("/")
    return group, version, str(body["kind"])
