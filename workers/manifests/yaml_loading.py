"""Read YAML as kubectl does, from people we do not trust, with the place of every value at hand.

No YAML library reads scalars as kubectl does (`0644`, `on`, `12:30:00`, a sha like `1234567e8`), and the C parser
crashes the whole process on deep nesting. So: the guard measures the text first, the C parser only composes nodes, and
the builder here turns nodes into JSON data. Aliases are counted at their full size before anything is copied.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest, Mistake
from pushboat.yaml_guard import NotYaml, TooMany, Unreadable, guarded_events, translated
from workers.manifests.yaml_scalars import NotASupportedValue, Resolving, key, not_supported, scalar

LARGEST_FILE_CHARACTERS = 10 << 20
DEEPEST_LEVEL = 100
MOST_VALUES = 1_000_000
"""What a file may expand to through its aliases; the largest real ones stay below a tenth."""
MOST_NODES = 1_000_000
"""As written; each takes a quarter of a kilobyte while a file is read, whatever it says."""
_SAFE_DEPTH = 2_000
"""The C parser survives 15,000 levels; below this bound no walk is needed to know that a text is far from it."""


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: JSON data and the node it was read from; lines and columns are 1-based."""

    data: Any
    node: Node

    @property
    def line(self) -> int:
        """Say where it starts."""
        return line_of(self.node)


def load(text: str, file: str, *, largest: int = LARGEST_FILE_CHARACTERS) -> list[Document]:
    """Read every document of a text; empty ones are left out.

    Raises:
        InvalidManifest: with file:line:column, for whatever is wrong or too large.
    """
    return [
        Document(_Builder(file).build(node), node)
        for node in compose(text, file, largest=largest)
        if not (isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null")
    ]


def compose(text: str, file: str, *, largest: int = LARGEST_FILE_CHARACTERS) -> list[Node]:
    """Parse a text to nodes, behind the guards.

    Raises:
        InvalidManifest: it is not YAML, too large or too deep.
    """
    if len(text) > largest:
        raise InvalidManifest(f"{file}: the file is larger than {largest >> 20} MiB: split it")
    text = text.removeprefix("\ufeff")
    _guard(text, file)
    try:
        return list(_nodes(text))
    except yaml.YAMLError as error:
        raise _refused(translated(error, text), file) from error


def line_of(node: Node) -> int:
    """Give a node's first line, 1-based."""
    return int(node.start_mark.line) + 1


def invalid(file: str, node: Node, message: str) -> InvalidManifest:
    """Make the error that names a node's place."""
    mark = node.start_mark
    return InvalidManifest(str(Mistake(file=file, line=mark.line + 1, column=mark.column + 1, message=message)))


def _nodes(text: str) -> Iterator[Node]:
    loader = Resolving(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            assert node is not None
            yield node
    finally:
        loader.dispose()


def _guard(text: str, file: str) -> None:
    """Refuse deep nesting before the C parser recurses into it, and more nodes than fit into memory.

    Each bracket opens at most one level, and block levels need a column each (two levels, where a sequence stands at
    its key's own column); each node but the first has one of six signs or a line's end before it. So most texts are
    cleared by counting; for the rest, the parser's events are walked, which neither recurses nor keeps anything.
    """
    longest = max((len(line) for line in text.splitlines()), default=0)
    shallow = text.count("[") + text.count("{") + 2 * longest <= _SAFE_DEPTH
    if shallow and sum(map(text.count, ",:-?[{\n\r\x85\u2028\u2029")) < MOST_NODES // 2:
        return
    try:
        for _ in guarded_events(text, deepest_level=DEEPEST_LEVEL, most_nodes=MOST_NODES):
            pass
    except TooMany as guard:
        raise InvalidManifest(f"{file}: holds more than {MOST_NODES:,} values: split it") from guard
    except Unreadable as guard:
        raise _refused(guard, file) from guard


class _Builder:
    """Turns one document's nodes into JSON data; a node that is aliased is built once and shared."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._built: dict[int, tuple[Any, int]] = {}
        self._open: set[int] = set()

    def build(self, node: Node) -> Any:
        """Give a node's data."""
        return self._value(node, 0)[0]

    def _value(self, node: Node, depth: int) -> tuple[Any, int]:
        """Give a node's data and how many values it expands to."""
        if id(node) in self._built:
            return self._built[id(node)]
        if id(node) in self._open:
            raise invalid(self._file, node, "an alias that holds itself has no end")
        if depth > DEEPEST_LEVEL:
            raise invalid(self._file, node, f"nested more than {DEEPEST_LEVEL} levels deep")
        self._open.add(id(node))
        built: tuple[Any, int]
        if isinstance(node, MappingNode):
            built = self._mapping(node, depth)
        elif isinstance(node, SequenceNode):
            built = self._sequence(node, depth)
        else:
            built = self._scalar(node), 1
        if built[1] > MOST_VALUES:
            raise invalid(self._file, node, f"its aliases expand to more than {MOST_VALUES:,} values")
        self._open.discard(id(node))
        self._built[id(node)] = built
        return built

    def _sequence(self, node: SequenceNode, depth: int) -> tuple[list[Any], int]:
        _demand_tag(node, "seq", self._file)
        items = [self._value(item, depth + 1) for item in node.value]
        return [data for data, _ in items], 1 + sum(size for _, size in items)

    def _mapping(self, node: MappingNode, depth: int) -> tuple[dict[str, Any], int]:
        _demand_tag(node, "map", self._file)
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        size = 1
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                size += self._merge(value_node, merged, depth)
                continue
            name = self._key(key_node)
            if name in own:
                raise invalid(self._file, key_node, f"the key {name!r} stands twice in one mapping")
            own[name], more = self._value(value_node, depth + 1)
            size += more
        return {**merged, **own}, size

    def _merge(self, node: Node, into: dict[str, Any], depth: int) -> int:
        """Merge one mapping or a list of them, of which the first wins; give how many values that adds at most."""
        sources = node.value if isinstance(node, SequenceNode) else [node]
        size = 0
        for source in sources:
            data, more = self._value(source, depth + 1)
            if not isinstance(data, dict):
                raise invalid(self._file, source, "`<<` merges mappings only")
            size += more
            if size > MOST_VALUES:
                raise invalid(self._file, source, f"its aliases expand to more than {MOST_VALUES:,} values")
            for name, value in data.items():
                into.setdefault(name, value)
        return size

    def _key(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise invalid(self._file, node, "a mapping's key must be a plain word")
        try:
            return key(node)
        except NotASupportedValue as error:
            raise invalid(self._file, node, str(error)) from error

    def _scalar(self, node: Node) -> Any:
        try:
            return scalar(node)
        except NotASupportedValue as error:
            raise invalid(self._file, node, str(error)) from error


def _demand_tag(node: Node, kind: str, file: str) -> None:
    if node.tag != f"tag:yaml.org,2002:{kind}":
        raise invalid(file, node, not_supported(node.tag))


def _refused(trouble: Unreadable, file: str) -> InvalidManifest:
    hint = " (a tab: YAML is indented with spaces)" if isinstance(trouble, NotYaml) and trouble.tab else ""
    message = f"{trouble.message}{hint}"
    return InvalidManifest(str(Mistake(file=file, line=trouble.line, column=trouble.column, message=message)))
