"""Which kinds an environment deploys: those of a work tree, of the release that runs, or what most people have."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from cli.checking.knowing import of_kubernetes
from cli.checking.looking import FETCHES_NOTHING, Against, Supply, file_of, look
from cli.checking.snapshot import Snapshot, snapshot
from cli.checking.supplying import fetching
from cli.configuration import NotSetUp
from cli.opening import opened_store
from cli.output import one_line
from pushboat.config.operator import Limits, Operator
from pushboat.errors import NotConfigured, PushboatError
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Manifest, Ref
from workers.checks.deployed import Find, Kinds, of_refs, released, served_by, usual, within
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.rights import Deployed
from workers.review.minors import DEFAULT, minor
from workers.review.unserved import is_of_kubernetes

_PLURAL = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
_GROUP = re.compile(rf"{_PLURAL.pattern}(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
DEFINITION = ("apiextensions.k8s.io", "CustomResourceDefinition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The kinds, and from where they are known, as `for the kinds …` goes on."""

    kinds: Kinds
    source: str


@contextmanager
def asking(operator: Operator, cluster: str) -> Iterator[Find]:
    """Find kinds by their names: those of Kubernetes itself here, all others at the cluster, asked when they come."""
    opened: list[Cluster] = []

    def find(group: str, kind: str) -> Deployed | None:
        if known := _built_in(group, kind):
            return known
        if not opened:
            opened.append(connect(operator.clusters[cluster]))
        try:
            return served_by(opened[0])(group, kind)
        except PushboatError:
            return None

    try:
        yield find
    finally:
        for each in opened:
            each.close()


def of_work_tree(operator: Operator, lane: Lane, limits: Limits, folder: Path, find: Find) -> Known:
    """Render an environment of a work tree and give its kinds.

    Raises:
        NotConfigured: it does not render.
    """
    with tempfile.TemporaryDirectory(prefix="pushboat-rbac-") as scratch:
        made = snapshot(folder, Path(scratch))
        against = Against(
            project=operator.projects[lane.repository],
            supply=_supply(operator, made, Path(scratch)),
            knowing=of_kubernetes(""),
            fenced=True,
        )
        found = next(look(made, file_of(made), against, Path(scratch), [lane.environment]), None)
    if found is None:
        raise NotConfigured(f"the work tree's file has no environment {lane.environment}")
    if found.unknown or not found.manifests:
        why = found.unknown or "; ".join(str(each) for each in found.mistakes[:1]) or "it has no objects"
        raise NotConfigured(f"{lane.environment} of the work tree: {why}")
    refs = [_placed(each, limits) for each in found.manifests]
    return Known(kinds=of_refs(refs, limits, _first(_brought(found.manifests), find)), source="of the work tree")


def of_what_runs(operator: Operator, lane: Lane, limits: Limits, find: Find) -> Known:
    """Give the kinds of the newest release, else the usual ones."""
    try:
        with opened_store(operator) as store:
            refs = released(store, lane)
    except NotSetUp:
        refs = ()
    if refs:
        return Known(kinds=of_refs(refs, limits, find), source="of the release that runs")
    source = "that most people deploy, since nothing was deployed there yet (--here takes those of a work tree)"
    return Known(kinds=usual(limits, find), source=source)


def with_more(known: Known, words: Iterable[str], limits: Limits, find: Find) -> Known:
    """Add kinds that somebody names as `Kind` or `Kind.group`, in all namespaces of the environment.

    Raises:
        UsageError: nobody knows one of them.
    """
    there = {(each.group, each.kind): each for each in known.kinds.found}
    for text in words:
        kind, _, group = text.partition(".")
        found = find(group, kind)
        if found is None:
            raise click.UsageError(f"--kind {one_line(text)}: name it as Kind.group, as the cluster serves it")
        there[found.group, found.kind] = within(found, limits.namespaces)
    return replace(known, kinds=replace(known.kinds, found=tuple(there.values())))


def _built_in(group: str, kind: str) -> Deployed | None:
    """Find a kind of Kubernetes itself, whose names in paths all follow one rule; people leave the group out."""
    known = {(of, name): inside for (of, _, name), inside in minor(DEFAULT).kinds.items() if name == kind}
    groups = [group] if (group, kind) in known else [of for of, _ in sorted(known) if not group]
    if not groups:
        return None
    return Deployed(group=groups[0], kind=kind, plural=_plural(kind), namespaced=known[groups[0], kind])


def _plural(kind: str) -> str:
    """Say how the API server calls the objects of a kind (its own UnsafeGuessKindToResource)."""
    name = kind.lower()
    if name == "endpoints":
        return name
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}es" if name.endswith("s") else f"{name}s"


def _brought(manifests: Iterable[Manifest]) -> Mapping[tuple[str, str], Deployed]:
    """Find the kinds that the tree defines itself; none that would stand for more than it defines."""
    found = {}
    for each in manifests:
        spec = each.body.get("spec")
        names = spec.get("names") if isinstance(spec, Mapping) else None
        if (each.ref.group, each.ref.kind) != DEFINITION or not isinstance(spec, Mapping):
            continue
        group, said = str(spec.get("group")), names if isinstance(names, Mapping) else {}
        kind, plural = str(said.get("kind")), str(said.get("plural"))
        if _GROUP.fullmatch(group) and _PLURAL.fullmatch(plural) and not is_of_kubernetes(group):
            inside = spec.get("scope") == "Namespaced"
            found[group, kind] = Deployed(group=group, kind=kind, plural=plural, namespaced=inside)
    return found


def _first(brought: Mapping[tuple[str, str], Deployed], find: Find) -> Callable[[str, str], Deployed | None]:
    return lambda group, kind: brought.get((group, kind)) or find(group, kind)


def _placed(manifest: Manifest, limits: Limits) -> Ref:
    ref = manifest.ref
    return Ref(ref.group, ref.kind, ref.namespace or limits.fixed.get("namespace") or limits.namespaces[0], ref.name)


def _supply(operator: Operator, made: Snapshot, scratch: Path) -> Supply:
    return fetching(made, operator.sources, scratch) if operator.sources else FETCHES_NOTHING
