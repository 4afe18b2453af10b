"""In which order objects leave: the last wave first, and nothing before those that wait for it.

Whoever wants to be rid of objects is never held up by what they say of each other: what goes round in a circle leaves
at once, and a name that nobody has is nobody's.
"""

from collections.abc import Sequence

from pushboat.model.manifest import Ref
from workers.manifests.directives.checking import Directed
from workers.manifests.directives.edges import Edges, Junction, Node, edges_of, needs_of
from workers.manifests.directives.levels import Circle, levels
from workers.manifests.directives.positions import positions_of
from workers.manifests.directives.words import Action, Occasion


def departures(objects: Sequence[Directed]) -> tuple[tuple[Directed, ...], ...]:
    """Put leaving objects in order, batch by batch; each batch is gone before the next one begins to go."""
    coming, leaving = edges_of(objects), edges_of(objects, Action.DELETE)
    positions = positions_of(objects, coming, Occasion.LATER)
    waves: dict[int, dict[Ref, Directed]] = {}
    for each in objects:
        stood = positions[each.manifest.ref]
        number = max(stood)[1] if stood else each.directives.order
        waves.setdefault(number, {})[each.manifest.ref] = each
    found: list[tuple[Directed, ...]] = []
    for number in sorted(waves, reverse=True):
        found += _batches(waves[number], coming, leaving)
    return tuple(found)


def _batches(here: dict[Ref, Directed], coming: Edges, leaving: Edges) -> list[tuple[Directed, ...]]:
    at: dict[Node, int] = {}
    said = needs_of(leaving, here)
    implied = _reversed(needs_of(coming, here))
    for needs in (_both(said, implied), said):
        try:
            at = levels(needs, {node: 0 for node in needs if isinstance(node, Junction)})
            break
        except Circle:  # what was said of leaving counts before what follows from coming
            continue
    batches: dict[int, list[Directed]] = {}
    for ref, each in here.items():
        batches.setdefault(at.get(ref, 0), []).append(each)
    return [tuple(batches[number]) for number in sorted(batches)]


def _reversed(needs: dict[Node, list[Node]]) -> dict[Node, list[Node]]:
    turned: dict[Node, list[Node]] = {node: [] for node in needs}
    for node, needed in needs.items():
        for each in needed:
            turned[each].append(node)
    return turned


def _both(said: dict[Node, list[Node]], implied: dict[Node, list[Node]]) -> dict[Node, list[Node]]:
    """Join two graphs; a junction of one is another junction in the other."""

    def renamed(node: Node) -> Node:
        return Junction(f"implied {node.sort}", node.of) if isinstance(node, Junction) else node

    both = {node: list(needed) for node, needed in said.items()}
    for node, needed in implied.items():
        both.setdefault(renamed(node), []).extend(renamed(each) for each in needed)
    return both
