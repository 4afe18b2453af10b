"""Where everything in a JSON text stands: the nodes that YAML's parser would give, of texts that it cannot always read.

JSON may be indented with tabs and escape characters by their halves. Whoever asks has read the text, at least as far as
something is wrong in it; what comes behind is of no interest, and nothing recurses.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress
from itertools import accumulate

from yaml import Mark
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from workers.manifests.yaml_scalars import PLAIN, QUOTED

STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
"""An open one reaches to the end of the text, so that it is looked through once."""
_TOKEN = re.compile(rf'{STRING}|[{{}}\[\]]|[^\s{{}}\[\],:"]+', re.DOTALL)


class _Unbalanced(Exception):
    """From here on it is no JSON."""


def json_nodes(text: str, file: str) -> list[Node]:
    """Give the node of each value in a stream of JSON."""
    roots = SequenceNode("", [], None, None)
    with suppress(_Unbalanced, ValueError):
        _fill(roots, text, file)
    return list(roots.value)


def nodes_at(text: str, file: str, positions: list[int]) -> list[Node]:
    """Give nodes that know where they begin, and nothing of what is in them."""
    mark = marks(text, file)
    return [MappingNode("", [], mark(position), None) for position in positions]


def marks(text: str, file: str) -> Callable[[int], Mark]:
    """Give what turns a position into line and column."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def mark(position: int) -> Mark:
        line = bisect_right(starts, position) - 1
        return Mark(file, position, line, position - starts[line], None, 0)

    return mark


def _fill(roots: SequenceNode, text: str, file: str) -> None:
    mark = marks(text, file)
    open_ones: list[Node] = [roots]
    names: list[ScalarNode | None] = [None]
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "}]":
            open_ones.pop()
            names.pop()
            if not open_ones:
                raise _Unbalanced
            continue
        node, holder = _node(sign, mark(token.start())), open_ones[-1]
        if isinstance(holder, SequenceNode):
            holder.value.append(node)
        elif (name := names[-1]) is not None:
            holder.value.append((name, node))
            names[-1] = None
        elif isinstance(node, ScalarNode):
            names[-1] = node
        else:
            raise _Unbalanced
        if not isinstance(node, ScalarNode):
            open_ones.append(node)
            names.append(None)


def _node(sign: str, mark: Mark) -> Node:
    if sign == "{":
        return MappingNode("", [], mark, None)
    if sign == "[":
        return SequenceNode("", [], mark, None)
    if sign[0] == '"':
        return ScalarNode(QUOTED, json.loads(sign), mark, None)
    return ScalarNode(PLAIN, sign, mark, None)
