"""In which phase and wave each object stands: by its numbers, by what needs it, and by what it waits for.

A Namespace or a definition moves to the earliest place that needs it. An object that waits for others and says no wave
of Argo CD's goes with the latest of them: to werf a dependency counts before a weight, and the others have no numbers.
"""

from collections.abc import Iterable, Mapping, Sequence

from pushboat.model.manifest import Manifest, Ref
from workers.manifests.directives.checking import Directed
from workers.manifests.directives.edges import Edges, Junction, Node, needs_of
from workers.manifests.directives.levels import Circle, levels
from workers.manifests.directives.words import Mode, Occasion, Phase

Position = tuple[Phase, int]
Positions = dict[Ref, tuple[Position, ...]]
Need = tuple[str, str, str]
"""A namespace, or a kind of a group, that objects need."""


def positions_of(objects: Sequence[Directed], edges: Edges, occasion: Occasion) -> Positions:
    """Say where each object stands; nowhere, where it is not written this time."""
    found = {each.manifest.ref: _said(each, occasion) for each in objects}
    if edges.waits:
        _take_along(objects, edges, found)
    _bring_forward(objects, found)
    return found


def _said(each: Directed, occasion: Occasion) -> tuple[Position, ...]:
    said = each.directives
    if said.mode is Mode.IGNORE:
        return ()
    if said.is_hook:
        phases = dict.fromkeys(hook.phase for hook in said.hooks if occasion in hook.occasions)
        return tuple((phase, said.order) for phase in phases)
    return () if occasion is Occasion.REMOVAL else ((Phase.SYNC, said.order),)


def _take_along(objects: Iterable[Directed], edges: Edges, positions: Positions) -> None:
    """Move who waits, and has no wave of its own, to the latest place that it waits for."""
    here = {ref: min(found) for ref, found in positions.items() if found}
    needs = needs_of(edges, here)
    costs: dict[Node, int] = {node: 0 for node in needs if isinstance(node, Junction)}
    try:
        at = levels(needs, costs)
    except Circle:  # which is named once everything has its place
        return
    free = {each.manifest.ref for each in objects if each.directives.wave is None and not each.directives.is_hook}
    stands: dict[Node, Position] = {}
    # A junction stands on the level of those that wait for it, and comes before them.
    for node in sorted(needs, key=lambda node: (at[node], isinstance(node, Ref))):
        places = [stands[each] for each in needs[node] if each in stands]
        own = here.get(node) if isinstance(node, Ref) else None
        if isinstance(node, Ref) and own is not None and node in free:
            places = [place for place in places if place[0] is own[0]]
            positions[node] = (max([own, *places]),)
            stands[node] = positions[node][0]
        elif own is not None:
            stands[node] = own
        elif places:
            stands[node] = max(places)


def _bring_forward(objects: Iterable[Directed], positions: Positions) -> None:
    """Move each Namespace and definition to the earliest place that needs it."""
    first: dict[Need, Position] = {}
    for each in objects:
        ref = each.manifest.ref
        for position in positions[ref]:
            for need in (("namespace", "", ref.namespace), ("kind", ref.group, ref.kind)):
                first[need] = min(first.get(need, position), position)
    for each in objects:
        ref = each.manifest.ref
        given = _gives(each.manifest) if positions[ref] and not each.directives.is_hook else None
        if given is not None and given in first:
            positions[ref] = (min(first[given], *positions[ref]),)


def _gives(manifest: Manifest) -> Need | None:
    """Say what must be there before others can be: a namespace, or a kind."""
    ref, spec = manifest.ref, manifest.body.get("spec")
    if (ref.group, ref.kind) == ("", "Namespace"):
        return "namespace", "", ref.name
    if ref.kind != "CustomResourceDefinition" or not isinstance(spec, Mapping):
        return None
    names = spec.get("names")
    return ("kind", str(spec.get("group")), str(names.get("kind"))) if isinstance(names, Mapping) else None
