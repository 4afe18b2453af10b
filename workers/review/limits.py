"""Check manifests against what the operator allows, before anything touches the cluster: all mistakes at once.

This is a fence, not a courtesy: what passes here may be written. It needs no cluster beyond `scope`, which says whether
a kind lives in namespaces.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol

from pushboat.config.environment import Environment
from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.wording import printable
from workers.manifests.directives.reading import directives_in
from workers.manifests.directives.words import Mode
from workers.review.arriving import may_arrive, meant
from workers.review.defining import served_by
from workers.review.permissions import allow_inside, allow_outside, asking
from workers.review.required import complete, wrong_marks
from workers.review.unserved import Served, moved, unserved
from workers.review.words import Finding, Moved, NotAllowed, Unserved, Wrong

Namespaced = Callable[[str, str, str], bool | None]
_DEEPEST_LIST = 5
MOST_OBJECTS = 10_000
"""The largest environments have some thousand; a file of a few bytes per object would bury the cluster."""
MOST_SHOWN = 100
"""Mistakes; they are stored, and shown on one page."""
_INVENTORY = re.compile(r"pushboat-.*-[0-9a-f]{10}")
"""How inventory.Parent names its Secrets; one of a repository's own would take their place."""


class Scope(Served, Protocol):
    """Knows the cluster's kinds."""

    def namespaced(self, group: str, version: str, kind: str) -> bool | None:
        """Say whether objects of a kind live in namespaces; None where the cluster does not know it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The objects that are sound, and what is wrong with the others: everything, and each object's exception."""

    objects: tuple[Manifest, ...]
    findings: tuple[Finding, ...]
    wrong: tuple[Wrong, ...]


def check(
    manifests: Sequence[Manifest],
    environment: Environment,
    scope: Scope,
    further: Callable[[Sequence[Manifest]], Iterable[Finding]] = lambda _: (),
) -> tuple[Manifest, ...]:
    """Give the manifests as they will be applied: lists expanded, the default namespace filled in.

    Where something is refused, `further` is asked what else is surely wrong, so that all of it is told at once.

    Raises:
        InvalidManifest: names every object that is incomplete, unknown, twice there, or outside the limits.
    """
    found = examine(manifests, environment, scope)
    if found.findings:
        said = {(each.place, each.ref) for each in found.findings}
        more = [each for each in further(manifests) if (each.place, each.ref) not in said]
        raise _summed_up(replace(found, findings=(*found.findings, *more)), environment)
    return found.objects


def examine(manifests: Sequence[Manifest], environment: Environment, scope: Scope) -> Examined:
    """Tell the objects that may be applied from those that may not.

    Raises:
        InvalidManifest: there are too many of them.
    """
    findings: list[Finding] = []
    known: list[Wrong] = []
    checked: dict[Ref, Manifest] = {}
    expanded = list(islice(_expanded(manifests, scope, findings), MOST_OBJECTS + 1))
    if len(expanded) > MOST_OBJECTS:
        raise InvalidManifest(f"more than {MOST_OBJECTS:,} objects in one environment: split it into several")
    knows = _with_arrivals(expanded, environment, scope, _scope_with(expanded, scope))
    for manifest in expanded:
        wrong = [*wrong_marks(manifest)]
        try:
            sound = _checked(manifest, environment, knows, scope)
        except Wrong as first:
            wrong.insert(0, first)
        for each in wrong:
            findings.append(_finding(manifest, each, len(findings)))
        known += wrong
        if wrong:
            continue
        if twin := checked.get(sound.ref):
            at = Wrong(f"{sound.ref} is already defined at {twin.place}", ("metadata", "name"))
            findings.append(_finding(sound, at, len(findings)))
        checked.setdefault(sound.ref, sound)
    return Examined(objects=tuple(checked.values()), findings=tuple(findings), wrong=tuple(known))


def _finding(manifest: Manifest, wrong: Wrong, so_far: int) -> Finding:
    return Finding(rule=wrong.rule, place=_place(manifest, wrong, so_far), sentence=str(wrong), ref=manifest.ref)


def _place(manifest: Manifest, wrong: Wrong, so_far: int) -> str:
    """Say where a mistake stands: to the column, where it is shown."""
    return manifest.place_of(wrong.path, by_name=wrong.by_name) if so_far < MOST_SHOWN else manifest.place


def _summed_up(found: Examined, environment: Environment) -> InvalidManifest:
    """Make one refusal of all mistakes; where one step would mend them all, that comes first."""
    mistakes = [str(each) for each in found.findings]
    more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    summary, details = f"{mistakes[0]}{more}", _listed(mistakes)
    missing = [each for each in found.wrong if isinstance(each, NotAllowed)]
    gone = [each for each in found.wrong if isinstance(each, Moved)]
    if missing:
        sentence, lines = asking(missing, environment)
        summary = f"{sentence} — {summary}" if len(missing) == len(mistakes) else summary
        details = f"{details}\n\n{lines}"
    if len(gone) == len(mistakes) > 1:
        summary = f"{moved(gone)} — {summary}"
    return InvalidManifest(summary, details)


def _listed(mistakes: Sequence[str]) -> str:
    lines = [f"- {each}" for each in mistakes[:MOST_SHOWN]]
    if len(mistakes) > MOST_SHOWN:
        lines.append(f"- and {len(mistakes) - MOST_SHOWN:,} more: correct these first, the next push names those")
    return "\n".join(lines)


def _checked(manifest: Manifest, environment: Environment, namespaced: Namespaced, served: Served) -> Manifest:
    metadata = complete(manifest)
    group, version, kind = _type_of(manifest.body)
    name = metadata.get("name") or metadata["generateName"]
    inside = namespaced(group, version, kind)
    if inside is None and directives_in(manifest.body).mode is Mode.IGNORE:  # it is for another tool, and never sent
        return replace(manifest, ref=Ref(group, kind, str(metadata.get("namespace") or ""), name), version=version)
    if inside is None:
        raise unserved(manifest.body["apiVersion"], kind, served)
    if inside:
        namespace = metadata.get("namespace") or environment.namespace
        allow_inside(Ref(group, kind, namespace, name), environment)
        if (group, kind) == ("", "Secret") and _INVENTORY.fullmatch(name):
            wrong = f"Secret/{namespace}/{name} is named as Pushboat names its inventories: give it another name"
            raise Wrong(wrong, ("metadata", "name"))
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


def _expanded(
    manifests: Iterable[Manifest], scope: Scope, mistakes: list[Finding], depth: int = 0
) -> Iterator[Manifest]:
    for manifest in manifests:
        kind, items = manifest.body.get("kind"), manifest.body.get("items")
        if not isinstance(kind, str) or not _is_list(manifest, kind, scope):
            yield manifest
            continue
        if depth == _DEEPEST_LIST:
            mistakes.append(Finding(rule="object", place=manifest.place, sentence="lists within lists are too deep"))
            continue
        written = items if isinstance(items, list) else [] if items is None else [items]
        inner = [each for each in written if isinstance(each, Mapping) and isinstance(items, list)]
        if len(inner) < len(written):
            wrong = f"{kind} has an item that is not an object"
            mistakes.append(Finding(rule="object", place=manifest.place_of(("items",)), sentence=wrong))
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
            defined.update(served_by(manifest.body))

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
            raise Unserved(
                f"{scope.name} does not know {printable(kind)} ({printable(group)}): did you mean {near}?", ("kind",)
            )
        return kind not in environment.cluster_scoped

    return namespaced


def _written_type(manifest: Manifest) -> tuple[str, str]:
    return str(manifest.body.get("apiVersion")).rpartition("/")[0], str(manifest.body.get("kind"))


def _type_of(body: Mapping[str, Any]) -> tuple[str, str, str]:
    group, _, version = str(body["apiVersion"]).rpartition("/")
    return group, version, str(body["kind"])
