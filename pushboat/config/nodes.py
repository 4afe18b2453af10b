"""YAML text to a tree of nodes that remember their places, built from guarded events.

A tree that a syntax error cut short is kept: the names in it still say whose statuses must turn red.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import yaml

from pushboat.model.wording import quoted
from pushboat.yaml_guard import NotYaml, TooMany, Unreadable, guarded_events

DEEPEST_LEVEL = 50
"""Our files need five levels."""

MOST_NODES = 20_000
"""Counted as written, and again as aliases expand: some two hundred environments with every field."""

Scalar = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, 1-based."""

    line: int
    column: int


@dataclass(slots=True)
class Node:
    """A scalar (`value`, and `text` as written), a list (`items`) or a mapping (`pairs`); `whole` once it has ended."""

    place: Place
    kind: Literal["scalar", "list", "mapping"]
    value: Scalar = None
    text: str = ""
    plain: bool = False
    items: list["Node"] = field(default_factory=list)
    pairs: list[tuple["Node", "Node"]] = field(default_factory=list)
    key: "Node | None" = None
    whole: bool = False


class Refused(Exception):
    """The text is not YAML that we read; `place` says where."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


class Tree:
    """What has been built so far; `root` is None for an empty text."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._anchors: dict[str, Node] = {}

    def build(self, text: str) -> None:
        """Build the tree, or raise `Refused` and keep what came before."""
        for event in _events(text):
            self._add(event)

    def _add(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.CollectionEndEvent):
            self._open.pop().whole = True
        elif isinstance(event, yaml.AliasEvent):
            self._attach(self._anchored(event), event)
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event)
            self._attach(node, event)
            if event.anchor:
                self._anchors[event.anchor] = node
            if not node.whole:
                self._open.append(node)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise Refused(_place(event), "a second YAML document starts here: one file holds one document")

    def _attach(self, node: Node, event: yaml.Event) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if parent.kind == "list":
            parent.items.append(node)
        elif parent.key is not None:
            parent.pairs.append((parent.key, node))
            parent.key = None
        elif node.kind == "scalar":
            parent.key = node
        else:
            raise Refused(_place(event), "a key must be a plain word")

    def _anchored(self, event: yaml.AliasEvent) -> Node:
        name = event.anchor or ""
        node = self._anchors.get(name)
        if node is None:
            raise Refused(_place(event), f"no anchor &{name[:40]} before this alias")
        if not node.whole:
            raise Refused(_place(event), f"the alias *{name[:40]} contains itself")
        return node


def _events(text: str) -> Iterator[yaml.Event]:
    try:
        yield from guarded_events(text, deepest_level=DEEPEST_LEVEL, most_nodes=MOST_NODES)
    except TooMany as guard:
        place = Place(guard.line, guard.column)
        raise Refused(place, f"{guard.message}: no file of ours is that large") from guard
    except NotYaml as error:
        raise Refused(Place(error.line, error.column), f"not YAML: {error.message}") from error
    except Unreadable as guard:
        raise Refused(Place(guard.line, guard.column), guard.message) from guard


def _node(event: yaml.NodeEvent) -> Node:
    tag = getattr(event, "tag", None)
    if tag not in (None, "!", "tag:yaml.org,2002:str"):
        raise Refused(_place(event), f"the tag {quoted(tag)} is not read here: write the value itself")
    if isinstance(event, yaml.ScalarEvent):
        plain = tag is None and bool(event.implicit[0])
        value = scalar(event.value) if plain else event.value
        return Node(_place(event), "scalar", value=value, text=event.value, plain=plain, whole=True)
    return Node(_place(event), "list" if isinstance(event, yaml.SequenceStartEvent) else "mapping")


def scalar(text: str) -> Scalar:
    """Read an unquoted scalar. Times, dates and fractions stay text: `tag: 1.10` means what it says."""
    word = text.lower()
    if word in ("", "~", "null"):
        return None
    if word in _BOOLEANS:
        return _BOOLEANS[word]
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= 18 and (digits == "0" or digits[0] != "0"):
        return int(text)
    return text


_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
