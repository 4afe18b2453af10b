"""Order what waits for each other: the level of each node, or the circle that has none. Pure graph work, linear."""

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeVar

Node = TypeVar("Node", bound=Hashable)


class Circle(Exception):
    """Nodes that wait for each other, in the order of waiting; the first one is not repeated."""

    def __init__(self, nodes: Sequence[Any]) -> None:
        super().__init__("a circle")
        self.nodes = tuple(nodes)


def levels(needs: Mapping[Node, Sequence[Node]], costs: Mapping[Node, int]) -> dict[Node, int]:
    """Number each node above all that it needs; a node that costs nothing stands on the level of what it gathers.

    Every node must be a key of `needs`.

    Raises:
        Circle: some nodes wait for each other.
    """
    wanted_by: dict[Node, list[Node]] = {node: [] for node in needs}
    open_needs = {node: len(needed) for node, needed in needs.items()}
    for node, needed in needs.items():
        for each in needed:
            wanted_by[each].append(node)
    found = dict.fromkeys((node for node, count in open_needs.items() if not count), 0)
    ready = deque(found)
    while ready:
        node = ready.popleft()
        for above in wanted_by[node]:
            found[above] = max(found.get(above, 0), found[node] + costs.get(node, 1))
            open_needs[above] -= 1
            if not open_needs[above]:
                ready.append(above)
    stuck = {node for node, count in open_needs.items() if count}
    if stuck:
        raise Circle(_circle(needs, stuck))
    return found


def _circle(needs: Mapping[Any, Sequence[Any]], stuck: set[Any]) -> Sequence[Any]:
    """Walk from need to need among the stuck ones until one comes again."""
    node = next(node for node in needs if node in stuck)
    seen: dict[Any, int] = {}
    walked: list[Any] = []
    while node not in seen:
        seen[node] = len(walked)
        walked.append(node)
        node = next(each for each in needs[node] if each in stuck)
    return walked[seen[node] :]
