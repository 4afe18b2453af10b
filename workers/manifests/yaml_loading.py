"""Read YAML as kubectl does, from people we do not trust: nodes become JSON data.

No YAML library reads scalars as kubectl does (`0644`, `on`, `12:30:00`, a sha like `1234567e8`), so the parser only
composes nodes, and the builder here reads them. What is aliased counts at its full size before anything is copied.
"""

from collections.abc import Iterator
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest
from pushboat.model.wording import printable
from workers.manifests.words import DEEPEST_LEVEL, LARGEST_FILE_CHARACTERS, Document, invalid
from workers.manifests.yaml_composing import compose
from workers.manifests.yaml_scalars import NotASupportedValue, is_merge, is_null, key, not_supported, scalar

MOST_VALUES = 2_000_000
"""What a file may expand to through its aliases; the largest real ones stay below a tenth."""
MOST_WRONG = 1000
"""Single values of a file; whoever mends these looks again."""
_CHARACTERS_OF_A_VALUE = 8
"""By so many bits is a text longer than one value."""


def load(
    text: str, file: str, *, largest: int = LARGEST_FILE_CHARACTERS, wrong: list[InvalidManifest] | None = None
) -> Iterator[Document]:
    """Read every document of a text; empty ones are left out.

    Who gives a list gets there what is wrong with single values; their documents are left out, and the rest is read.

    Raises:
        InvalidManifest: with file:line:column, for whatever is wrong or too large.
    """
    size = 0
    for node in compose(text, file, largest=largest, wrong=wrong):
        if not _is_nothing(node, file):
            builder = _Builder(file, MOST_VALUES - size)
            try:
                data, more = builder.build(node)
            except InvalidManifest:
                if wrong is not None:
                    wrong += builder.wrong
                raise
            size += more
            if not builder.wrong:
                yield Document(data, node)
            elif wrong is None or len(wrong) > MOST_WRONG:
                raise builder.wrong[0]
            else:
                wrong += builder.wrong


def _is_nothing(node: Node, file: str) -> bool:
    try:
        return is_null(node)
    except NotASupportedValue as error:  # `!!null` before something
        raise invalid(file, node, str(error)) from error


class _Builder:
    """Turns one document's nodes into JSON data; a collection that is aliased is built once and shared."""

    def __init__(self, file: str, most: int) -> None:
        self.wrong: list[InvalidManifest] = []
        self._file = file
        self._most = most
        self._built: dict[int, tuple[Any, int]] = {}
        self._open: set[int] = set()

    def build(self, node: Node) -> tuple[Any, int]:
        """Give a node's data and how many values it expands to."""
        return self._value(node, 0)

    def _value(self, node: Node, depth: int) -> tuple[Any, int]:
        if type(node) is ScalarNode:
            return self._scalar(node), 1 + (len(node.value) >> _CHARACTERS_OF_A_VALUE)
        if id(node) in self._built:
            return self._built[id(node)]
        if id(node) in self._open:
            raise invalid(self._file, node, "an alias that holds itself has no end")
        if depth > DEEPEST_LEVEL:
            raise invalid(self._file, node, f"nested more than {DEEPEST_LEVEL} levels deep")
        self._open.add(id(node))
        built = self._mapping(node, depth) if isinstance(node, MappingNode) else self._sequence(node, depth)
        self._open.discard(id(node))
        self._built[id(node)] = built
        return built

    def _sequence(self, node: Node, depth: int) -> tuple[list[Any], int]:
        self._demand_tag(node, "seq")
        items: list[Any] = []
        size = 1
        for item in node.value:
            data, more = self._value(item, depth + 1)
            size = self._counted(item, size + more)
            items.append(data)
        return items, size

    def _mapping(self, node: Node, depth: int) -> tuple[dict[str, Any], int]:
        self._demand_tag(node, "map")
        data: dict[str, Any] = {}
        own: set[str] = set()
        size = 1
        for key_node, value_node in node.value:
            if is_merge(key_node):
                size = self._counted(value_node, size + self._merge(value_node, data, depth))
                continue
            name = self._key(key_node)
            if name in own:
                twice = f"the key {name!r} stands twice in one mapping{_written(key_node, name)}"
                self._note(key_node, twice)
            own.add(name)
            data[name], more = self._value(value_node, depth + 1)
            size = self._counted(value_node, size + more)
        return data, size

    def _merge(self, node: Node, into: dict[str, Any], depth: int) -> int:
        """Merge one mapping or a list of them, of which the first wins; give how many values that adds at most.

        As for kubectl, keys that stand before `<<` give way to it, and those behind it do not.
        """
        sources = node.value[::-1] if isinstance(node, SequenceNode) else [node]
        size = 0
        for source in sources:
            if not isinstance(source, MappingNode):
                raise invalid(self._file, source, "`<<` merges mappings only")
            data, more = self._value(source, depth + 1)
            size = self._counted(source, size + more)
            into.update(data)
        return size

    def _counted(self, node: Node, size: int) -> int:
        if size > self._most:
            raise invalid(self._file, node, f"its aliases expand to more than {MOST_VALUES:,} values")
        return size

    def _key(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise invalid(self._file, node, "a mapping's key must be a plain word")
        try:
            return key(node)
        except NotASupportedValue as error:
            self._note(node, str(error))
            return str(node.value)

    def _scalar(self, node: Node) -> Any:
        try:
            return scalar(node)
        except NotASupportedValue as error:
            self._note(node, str(error))
            return None

    def _demand_tag(self, node: Node, kind: str) -> None:
        if node.tag != f"tag:yaml.org,2002:{kind}":
            self._note(node, not_supported(node.tag))

    def _note(self, node: Node, what: str) -> None:
        """Go on behind a single value that is wrong, so that people read all of them at once."""
        if len(self.wrong) < MOST_WRONG:
            self.wrong.append(invalid(self._file, node, what))


def _written(node: Node, name: str) -> str:
    """Show how a key is written, where it is read as another word."""
    return "" if node.value == name else f" (written {printable(node.value)}, without quotes)"
