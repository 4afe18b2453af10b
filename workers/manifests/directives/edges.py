"""Who waits for whom among the objects of one push, or among those that leave, by all tools' ways of saying so.

A group or a selection of many objects is a junction: those that wait, wait for it, and it gathers its members. So ten
thousand objects that wait for ten thousand others are twenty thousand edges, not a hundred million.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pushboat.model.manifest import Ref
from pushboat.model.wording import printable
from workers.manifests.directives.checking import Directed, Wrong
from workers.manifests.directives.words import Action, Dependency, Directives, Slip

_PARTS = ("group", "version", "kind", "namespace", "name")
Selection = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Junction:
    """Many objects as one: those of a group, those that must come before a group, or those of a selection."""

    sort: str
    of: str | Selection


Node = Ref | Junction


@dataclass(slots=True)
class Edges:
    """What each object waits for, by which annotation; `gathers` are the members of each junction."""

    waits: dict[Ref, dict[Node, str]] = field(default_factory=dict)
    gathers: dict[Junction, list[Ref]] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)


def edges_of(objects: Sequence[Directed], action: Action = Action.UPSERT) -> Edges:
    """Find who waits for whom to be there, or to be gone; what names nobody is `wrong`."""
    found = Edges()
    saying = [each for each in objects if _says_something(each.directives)]
    if not saying:
        return found
    _gather_groups(saying, found, action)
    selections = _Selections(objects)
    for each in saying:
        said = each.directives
        for dependency in said.dependencies if action is Action.UPSERT else said.leaves_after:
            if not dependency.external:
                _depend(each, dependency, selections, found)
    _leave_oneself_out(objects, found)
    return found


def _says_something(said: Directives) -> bool:
    return bool(said.dependencies or said.leaves_after or said.groups or said.rules)


def _gather_groups(saying: Iterable[Directed], found: Edges, action: Action) -> None:
    """Read kapp's groups and rules; a group without a member holds nobody up."""
    members: dict[str, list[Ref]] = {}
    for each in saying:
        for group in dict.fromkeys(each.directives.groups):
            members.setdefault(group, []).append(each.manifest.ref)
    for each in saying:
        for rule in each.directives.rules:
            if rule.action is not action or rule.group not in members:
                continue
            if rule.after:
                junction = Junction("group", rule.group)
                found.gathers[junction] = members[rule.group]
                found.waits.setdefault(each.manifest.ref, {})[junction] = rule.key
                continue
            junction = Junction("before", rule.group)
            if junction not in found.gathers:
                for member in members[rule.group]:
                    found.waits.setdefault(member, {})[junction] = rule.key
            found.gathers.setdefault(junction, []).append(each.manifest.ref)


class _Selections:
    """Objects by any of their names' parts; each combination of parts is indexed once."""

    def __init__(self, objects: Sequence[Directed]) -> None:
        self._objects = objects
        self._refs = {each.manifest.ref for each in objects}
        self._indexes: dict[tuple[bool, ...], dict[Selection, list[Ref]]] = {}

    def exactly(self, dependency: Dependency) -> Ref | None:
        """Find the one object that a dependency names whole."""
        ref = Ref(*(getattr(dependency, part) or "" for part in ("group", "kind", "namespace", "name")))
        return ref if ref in self._refs else None

    def all(self, selection: Selection) -> list[Ref]:
        """Find the objects of a selection."""
        said = tuple(part is not None for part in selection)
        if said not in self._indexes:
            index: dict[Selection, list[Ref]] = {}
            for each in self._objects:
                ref = each.manifest.ref
                parts = (ref.group, each.manifest.version, ref.kind, ref.namespace, ref.name)
                key = tuple(part if wanted else None for part, wanted in zip(parts, said, strict=True))
                index.setdefault(key, []).append(ref)
            self._indexes[said] = index
        return self._indexes[said].get(selection, [])


def _depend(each: Directed, dependency: Dependency, selections: _Selections, found: Edges) -> None:
    mine = found.waits.setdefault(each.manifest.ref, {})
    selection = tuple(getattr(dependency, part) for part in _PARTS)
    if None not in (dependency.group, dependency.kind, dependency.namespace, dependency.name):
        node = selections.exactly(dependency)
        if node is not None:
            mine[node] = dependency.key
            return
    elif members := selections.all(selection):
        junction = Junction("selection", selection)
        found.gathers[junction] = members
        mine[junction] = dependency.key
        return
    sentence = f"{printable(dependency.key, 100)} waits for {named(dependency)}, which is not in this push"
    slip = Slip(key=dependency.key, wrong=f"{sentence}: correct the name, or remove it")
    found.wrong.append(Wrong(manifest=each.manifest, slip=slip))


def named(dependency: Dependency) -> str:
    """Name what a dependency is about, as far as it says."""
    parts = (dependency.kind or "", dependency.namespace or "", dependency.name or "")
    said = "/".join(printable(part) for part in parts if part)
    return said or " ".join(f"{part}={printable(getattr(dependency, part) or '')}" for part in _PARTS[:2])


def _leave_oneself_out(objects: Sequence[Directed], found: Edges) -> None:
    """Let a member of a group wait for the others of it; two who do so wait for each other, which is a circle."""
    members = {junction: frozenset(refs) for junction, refs in found.gathers.items()}
    within: dict[Junction, list[Ref]] = {}
    for each in objects:
        ref = each.manifest.ref
        for node in found.waits.get(ref, ()):
            if isinstance(node, Junction) and ref in members[node]:
                within.setdefault(node, []).append(ref)
    for junction, refs in within.items():
        for ref in refs:
            key = found.waits[ref].pop(junction)
            others = found.gathers[junction] if len(refs) == 1 else refs[:2] if ref in refs[:2] else refs[:1]
            found.waits[ref] |= dict.fromkeys((other for other in others if other != ref), key)


def needs_of(edges: Edges, here: Mapping[Ref, object]) -> dict[Node, list[Node]]:
    """Give what each object waits for among those that are here, junctions included."""
    needs: dict[Node, list[Node]] = {ref: [] for ref in here}
    junctions = {node for ref in here for node in edges.waits.get(ref, ()) if isinstance(node, Junction)}
    for junction in junctions:
        needs[junction] = [ref for ref in edges.gathers[junction] if ref in here]
    for ref in here:
        needs[ref] = [node for node in edges.waits.get(ref, ()) if node in needs]
    return needs
