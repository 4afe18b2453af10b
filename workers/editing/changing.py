"""One step of an edit: a value put in another one's place, an entry or an item added, or one taken away.

Each gives the whole text anew. Whether nothing else changed by it is asked by whoever calls.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from pushboat.model.manifest import Path
from workers.editing import spelling
from workers.editing.spelling import Manner, indented, is_branch, lines_of_text
from workers.editing.texts import BLOCKS, CannotWrite, Text, end_of, is_alias, own_pair, start_of

_INDENT = 2
_SIGN = re.compile(r"[|>][-+0-9]*")


@dataclass(frozen=True, slots=True)
class Spot:
    """A node with what it stands in: the mapping or list around it, its key there, and whether that is in braces."""

    node: Node
    around: CollectionNode | None = None
    name: Node | None = None
    in_flow: bool = False


def spot_at(root: Node, path: Path) -> Spot:
    """Follow a path to what stands there itself.

    Raises:
        CannotWrite: an alias or a merge leads there, so that it is another field's too.
    """
    spot = Spot(root)
    for step in path:
        node = spot.node
        in_flow = spot.in_flow or bool(isinstance(node, CollectionNode) and node.flow_style)
        if isinstance(node, MappingNode):
            pair = own_pair(node, str(step))
            if pair is None:
                raise CannotWrite(f"`<<` merges {step} into line {node.start_mark.line + 1} from elsewhere")
            found = Spot(pair[1], node, pair[0], in_flow)
        else:
            assert isinstance(node, SequenceNode) and isinstance(step, int)  # noqa: PT018 - told by the data's shape
            found = Spot(node.value[step], node, None, in_flow)
        if is_alias(found.name or node, found.node):
            raise CannotWrite(f"an alias stands for {step} below line {node.start_mark.line + 1}, as elsewhere too")
        spot = found
    return spot


def put(text: Text, root: Node, path: Path, value: Any, manner: Manner) -> str:
    """Put a value in the place of another one."""
    holder = spot_at(root, path[:-1]).node if path else None
    if isinstance(holder, MappingNode) and own_pair(holder, str(path[-1])) is None:
        return add(text, root, path, value, manner)  # what is written out behind a merge counts
    spot, body = spot_at(root, path), text.body
    node, style = spot.node, getattr(spot.node, "style", None)
    if style in BLOCKS and isinstance(value, str) and (lines := lines_of_text(value)):
        return _put_lines(text, node, lines)
    end = end_of(body, node)
    keeps = isinstance(node, ScalarNode) and style not in BLOCKS and "!" not in _properties(body, node)
    start = start_of(body, node) if keeps else node.start_mark.index
    several = lines_of_text(value) if isinstance(value, str) and "\n" in value.rstrip("\n") else None
    in_lines = not spot.in_flow and not manner.is_json and (is_branch(value) or several) and not _in_braces(node)
    if in_lines and spot.around is not None and style not in ("'", '"'):
        head, lines = (several[0], several[1:]) if several else ("", spelling.block(value, manner))
        return _put_block(text, spot, (start, end), head, lines, manner)
    shown = spelling.inline(value, manner, quote=style if style in ("'", '"') else "", in_flow=spot.in_flow)
    before = body[:start] if keeps or spot.around is None else f"{body[:start].rstrip()} "
    gap = " " if before[-1:] in (":", "-") else ""
    return f"{before}{gap}{shown}{body[end:]}"


def add(text: Text, root: Node, path: Path, value: Any, manner: Manner) -> str:
    """Add an entry to a mapping, behind the others, or an item to a list, before the one of its number."""
    spot, step = spot_at(root, path[:-1]), path[-1]
    node = spot.node
    assert isinstance(node, CollectionNode) and node.value  # noqa: PT018 - an empty one is put anew
    if spot.in_flow or node.flow_style:
        name = f"{spelling.key_of(step, manner, in_flow=True)}: " if isinstance(step, str) else ""
        return _add_in_flow(text, node, step, f"{name}{spelling.inline(value, manner, in_flow=True)}")
    if isinstance(step, str):
        column, lines = node.value[0][0].start_mark.column, spelling.entry(step, value, manner)
    else:
        column, lines = node.start_mark.column, spelling.item(value, manner)
    shown = [indented(line, column) for line in lines]
    if isinstance(step, int) and step < len(node.value):
        at = _line_of_item(text.body, node, step)
        return f"{text.body[:at]}{''.join(f'{line}{text.newline}' for line in shown)}{text.body[at:]}"
    at = _line_end(text.body, end_of(text.body, node))
    return f"{text.body[:at]}{''.join(f'{text.newline}{line}' for line in shown)}{text.body[at:]}"


def take_away(text: Text, root: Node, path: Path) -> str:
    """Take an entry or an item away, with all lines that are its own."""
    spot, body = spot_at(root, path), text.body
    around, step = spot.around, path[-1]
    assert around is not None
    if spot.in_flow:
        return _take_from_flow(body, around, spot)
    end = _line_end(body, end_of(body, spot.node))
    if spot.name is None:
        assert isinstance(step, int)
        return _without_lines(body, _line_of_item(body, around, step), end)
    start = spot.name.start_mark.index
    line = body.rfind("\n", 0, start) + 1
    if not body[line:start].strip():
        return _without_lines(body, line, end)
    following = [name.start_mark.index for name, _ in around.value if name.start_mark.index > start]
    if not following or body[end : following[0]].strip():
        raise CannotWrite(f"line {spot.name.start_mark.line + 1} begins an item, and a comment stands below it")
    return f"{body[:start]}{body[following[0] :]}"


def _put_lines(text: Text, node: Node, lines: Sequence[str]) -> str:
    """Put other lines in the place of a block of text, at the column of the old ones."""
    body = text.body
    start, end = start_of(body, node), end_of(body, node)
    head = body[start : _end_of_line(body, start)]
    old = [line for line in body[start + len(head) : end].splitlines() if line.strip()]
    own = next((line for line in str(node.value).splitlines() if line.strip()), "")
    column = _spaces(old[0]) - _spaces(own) if old else node.start_mark.column
    shown = "".join(f"{text.newline}{indented(line, column)}" for line in lines[1:])
    return f"{body[:start]}{_SIGN.sub(lines[0], head, count=1)}{shown}{body[end:]}"


def _put_block(text: Text, spot: Spot, span: tuple[int, int], head: str, lines: Sequence[str], manner: Manner) -> str:
    """Put a block in the place of a value that stood in one line, or of another block."""
    body, (start, end), around = text.body, span, spot.around
    assert around is not None
    rest = body[end : _line_end(body, end)]
    if spot.name is None and not head:
        first, *more = lines
        column = around.start_mark.column + _INDENT
        shown = "".join(f"{text.newline}{indented(line, column)}" for line in more)
        return f"{body[:start]}{first}{rest}{shown}{body[end + len(rest) :]}"
    column = around.start_mark.column + _INDENT
    if lines and lines[0].startswith("- ") and not head:
        column = around.start_mark.column + manner.dash
    shown = "".join(f"{text.newline}{indented(line, column)}" for line in lines)
    before = body[:start].rstrip()
    return f"{before}{' ' * bool(head)}{head}{rest.rstrip()}{shown}{body[end + len(rest) :]}"


def _add_in_flow(text: Text, node: CollectionNode, step: str | int, shown: str) -> str:
    body, starts = text.body, [_start(each) for each in node.value]
    if isinstance(step, int) and step < len(starts):
        return f"{body[: starts[step].index]}{shown}, {body[starts[step].index :]}"
    last = node.value[-1]
    name, value = last if isinstance(last, tuple) else (node, last)
    if is_alias(name, value):
        raise CannotWrite(f"line {node.start_mark.line + 1} ends in an alias")
    end, mark = end_of(body, value), starts[-1]
    own_line = mark.line > node.start_mark.line
    return f"{body[:end]},{text.newline + ' ' * mark.column if own_line else ' '}{shown}{body[end:]}"


def _take_from_flow(body: str, around: CollectionNode, spot: Spot) -> str:
    children = [each[1] if isinstance(each, tuple) else each for each in around.value]
    at = next(number for number, child in enumerate(children) if child is spot.node)
    starts = [_start(each).index for each in around.value]
    end = end_of(body, spot.node)
    if at + 1 < len(children):
        start, stop, between = starts[at], starts[at + 1], body[end : starts[at + 1]]
    else:
        start, stop = end_of(body, children[at - 1]), end
        between = body[start : starts[at]]
    if between.strip(", \t\r\n"):
        raise CannotWrite(f"a comment stands beside it in line {around.start_mark.line + 1}")
    return f"{body[:start]}{body[stop:]}"


def _line_of_item(body: str, node: CollectionNode, number: int) -> int:
    """Say where the line of an item's dash begins."""
    first, column = int(node.start_mark.index), node.start_mark.column
    if body[first : first + 1] != "-" or is_alias(node, node.value[number]):
        raise CannotWrite(f"the list of line {node.start_mark.line + 1} cannot be taken apart")
    if number == 0:
        line = body.rfind("\n", 0, first) + 1
        if body[line:first].strip():
            raise CannotWrite(f"the list of line {node.start_mark.line + 1} begins behind another dash")
        return line
    return body.rfind(f"\n{' ' * column}-", 0, node.value[number].start_mark.index) + 1


def _line_end(body: str, end: int) -> int:
    """Say where the line ends on which something ends, if nothing but a comment stands behind it."""
    at = _end_of_line(body, end)
    rest = body[end:at].strip()
    if rest and not (rest.startswith("#") and body[end : end + 1] in " \t"):
        raise CannotWrite("something else stands behind it on its line")
    return at


def _end_of_line(body: str, start: int) -> int:
    at = body.find("\n", start)
    at = len(body) if at < 0 else at
    return at - 1 if at > start and body[at - 1] == "\r" else at


def _without_lines(body: str, start: int, end: int) -> str:
    rest = body[end:].removeprefix("\r").removeprefix("\n")
    return f"{body[:start]}{rest}"


def _properties(body: str, node: Node) -> str:
    return body[node.start_mark.index : start_of(body, node)]


def _in_braces(node: Node) -> bool:
    return isinstance(node, CollectionNode) and bool(node.flow_style) and bool(node.value)


def _start(entry: Any) -> Any:
    return (entry[0] if isinstance(entry, tuple) else entry).start_mark


def _spaces(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
