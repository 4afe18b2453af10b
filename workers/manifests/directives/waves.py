"""In which order the objects of one push are written: phase by phase, wave by wave, and within one, who waits for whom.

Each wave is healthy before the next one begins.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pushboat.model.manifest import Ref
from workers.manifests.directives.checking import Directed, Wrong, refuse
from workers.manifests.directives.edges import Edges, Junction, Node, edges_of, needs_of
from workers.manifests.directives.levels import Circle, levels
from workers.manifests.directives.positions import Position, positions_of
from workers.manifests.directives.turns import in_turn
from workers.manifests.directives.words import Occasion, Phase, Slip

MOST_NAMED = 6
"""Objects of a circle; a longer one is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """What is written at once: `level` counts those who wait for others of the same phase and number."""

    phase: Phase
    number: int
    level: int
    members: tuple[Directed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """All waves in order, and what is not written this time: hooks of other occasions, and what is left alone."""

    waves: tuple[Wave, ...]
    idle: tuple[Directed, ...]


def arrange(objects: Sequence[Directed], occasion: Occasion) -> Arrangement:
    """Put the objects of one push in order, for one sort of deployment.

    Every object stands in one wave for each of its hooks' phases, or is idle. Within a wave they keep their order; of a
    member's hooks, only those of this occasion and phase are left.

    Raises:
        InvalidManifest: objects wait for each other, for something that comes later, or for nothing in this push.
    """
    edges = edges_of(objects)
    positions = positions_of(objects, edges, occasion)
    buckets: dict[Position, dict[Ref, Directed]] = {}
    for each in objects:
        for position in positions[each.manifest.ref]:
            buckets.setdefault(position, {})[each.manifest.ref] = _here(each, position[0], occasion)
    wrong = [*edges.wrong, *_backwards(objects, edges, positions)]
    waves: list[Wave] = []
    for position in sorted(buckets):
        try:
            waves += _waves(position, buckets[position], edges)
        except Circle as circle:
            wrong.append(_named(circle, buckets[position], edges))
    refuse(wrong)
    idle = tuple(each for each in objects if not positions[each.manifest.ref])
    return Arrangement(waves=tuple(waves), idle=idle)


def _here(each: Directed, phase: Phase, occasion: Occasion) -> Directed:
    if not each.directives.is_hook:
        return each
    hooks = tuple(hook for hook in each.directives.hooks if hook.phase is phase and occasion in hook.occasions)
    return replace(each, directives=replace(each.directives, hooks=hooks))


def _waves(position: Position, here: Mapping[Ref, Directed], edges: Edges) -> Iterator[Wave]:
    found: dict[Node, int] = {}
    if edges.waits or position[0] is not Phase.SYNC:
        needs = needs_of(edges, here)
        costs: dict[Node, int] = {node: 0 for node in needs if isinstance(node, Junction)}
        try:
            found = levels(in_turn(here, needs), costs)
        except Circle:  # what was said counts before the turns that nobody spoke of
            found = levels(needs, costs)
    members: dict[int, list[Directed]] = {}
    for ref, each in here.items():
        members.setdefault(found.get(ref, 0), []).append(each)
    for level in sorted(members):
        yield Wave(phase=position[0], number=position[1], level=level, members=tuple(members[level]))


def _backwards(
    objects: Iterable[Directed], edges: Edges, positions: Mapping[Ref, tuple[Position, ...]]
) -> Iterator[Wrong]:
    """Find who waits for something that another tool's number puts later."""
    if not edges.waits:
        return
    begins = {ref: min(found) for ref, found in positions.items() if found}
    last = {junction: max((ref for ref in refs if ref in begins), key=lambda ref: begins[ref], default=None)
            for junction, refs in edges.gathers.items()}  # fmt: skip
    for each in objects:
        mine = begins.get(each.manifest.ref)
        for node, key in edges.waits.get(each.manifest.ref, {}).items() if mine is not None else ():
            ref = last[node] if isinstance(node, Junction) else node
            if ref in begins and mine is not None and begins[ref] > mine:
                phase, number = begins[ref]
                where = f"wave {number}" if phase is mine[0] else f"phase {phase.name.lower().replace('_', ' ')}"
                sentence = (
                    f"{key} waits for {ref}, which comes later (in {where}): give it the same wave, or an earlier one"
                )
                yield Wrong(manifest=each.manifest, slip=Slip(key=key, wrong=sentence))


def _named(circle: Circle, here: Mapping[Ref, Directed], edges: Edges) -> Wrong:
    refs = [node for node in circle.nodes if isinstance(node, Ref)]
    shown = [str(ref) for ref in refs[:MOST_NAMED]]
    rest = f", which waits for {len(refs) - MOST_NAMED} more" if len(refs) > MOST_NAMED else ""
    sentence = ", which waits for ".join([*shown]) + rest + f", which waits for {shown[0]}"
    first = here[refs[0]]
    key = next(iter(edges.waits[refs[0]].values()))
    return Wrong(manifest=first.manifest, slip=Slip(key=key, wrong=f"{_first_waits(sentence)}: remove one of these"))


def _first_waits(sentence: str) -> str:
    return sentence.replace(", which waits for ", " waits for ", 1)
