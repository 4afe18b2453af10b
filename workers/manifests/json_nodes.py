"""Where everything in a JSON text stands: the nodes that YAML's parser would give, of texts that it cannot always read.

JSON may be indented with tabs and escape characters by their halves. Whoever asks has read the text, at least as far as
something is wrong in it; what comes behind is of no interest, and nothing recurses.
"""

import json
import re
from bisect import bisect_right
from contextlib import suppress
from itertools import accumulate
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from workers.manifests.yaml_scalars import PLAIN, QUOTED

STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
"""An open one reaches to the end of the text, so that it is looked through once."""
_TOKEN = re.compile(rf'{STRING}|[{{}}\[\]]|[^\s{{}}\[\],:"]+', re.DOTALL)


class _Unbalanced(Exception):
    """From here on it is no JSON."""


def json_nodes(text: str) -> list[Node]:
    """Give the node of each value in a stream of JSON."""
    roots = SequenceNode("", [], None, None)
    with suppress(_Unbalanced, ValueError):
        _fill(roots, text)
    return list(roots.value)


def nodes_at(text: str, positions: list[int]) -> list[Node]:
    """Give nodes that know where they begin, and nothing of what is in them."""
    starts = _starts(text)
    marks: list[Any] = [_Mark(position, starts) for position in positions]
    return [MappingNode("", [], mark, None) for mark in marks]


class _Mark:
    """A position, which becomes line and column when somebody asks."""

    __slots__ = ("_position", "_starts")

    def __init__(self, position: int, starts: list[int]) -> None:
        self._position = position
        self._starts = starts

    @property
    def line(self) -> int:
        """Count the lines before it."""
        return bisect_right(self._starts, self._position) - 1

    @property
    def column(self) -> int:
        """Count the characters of its line before it."""
        return self._position - self._starts[self.line]


def _starts(text: str) -> list[int]:
    """Give where each line begins."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n"))]


def _fill(roots: SequenceNode, text: str) -> None:
    starts = _starts(text)
    open_ones: list[Node] = [roots]
    names: list[ScalarNode | None] = [None]
    end, opened = 0, True
    for token in _TOKEN.finditer(text):
        sign, gap, end = token[0], text[end : token.start()], token.end()
        if sign in "}]":
            open_ones.pop()
            names.pop()
            opened = False
            if not open_ones:
                raise _Unbalanced
            continue
        if not opened and not gap.strip() and len(open_ones) > 1:  # no comma, no colon
            raise _Unbalanced
        opened = sign in "{["
        node, holder = _node(sign, _Mark(token.start(), starts)), open_ones[-1]
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


def _node(sign: str, mark: Any) -> Node:
    if sign == "{":
        return MappingNode("", [], mark, None)
    if sign == "[":
        return SequenceNode("", [], mark, None)
    if sign[0] == '"':
        return ScalarNode(QUOTED, json.loads(sign) if "\\" in sign else sign[1:-1], mark, None)
    return ScalarNode(PLAIN, sign, mark, None)
