"""Where the fields of manifests stand in a text, which is parsed again for it: only errors pay for columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Path
from workers.manifests.words import column_of, line_of
from workers.manifests.yaml_composing import signs_in
from workers.manifests.yaml_scalars import PLAIN, NotASupportedValue, is_merge, key

Compose = Callable[[], Iterable[Node]]
Step = str | int | tuple[str, str]
"""One step to a field: a key, an item's number, or the item in which a field has a value (`("name", "app")`)."""
MOST_READ_AGAIN = 300_000
"""Signs before values, in all files of one render that are parsed again: each value takes a quarter of a kilobyte."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, 1-based; `exact` where the field itself stands there, and not merely what is around it."""

    file: str
    line: int
    column: int
    exact: bool

    def __str__(self) -> str:
        """Print as compilers do."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(slots=True)
class Allowance:
    """How much of the files of one render may still be parsed again, whoever asks: what is wrong in them is hostile."""

    left: int = MOST_READ_AGAIN

    def take(self, text: str) -> bool:
        """Take what a text needs; where there is too little left, nothing."""
        needed = signs_in(text)
        if needed > self.left:
            return False
        self.left -= needed
        return True


class Places:
    """The fields of one text, which is parsed when the first of them is asked for, and once.

    Where the allowance has too little left for it, its objects' own places are all that is known.
    """

    def __init__(self, file: str, text: str, compose: Compose, allowance: Allowance) -> None:
        self._file = file
        self._text = text
        self._compose = compose
        self._allowance = allowance
        self._roots: dict[tuple[int, int], Node] | None = None

    def place(self, manifest: Manifest, path: Path, *, by_name: bool) -> str:
        """Say where a field of a manifest stands, as `file:line:column`."""
        return str(self.spot((manifest.line, manifest.column), path, by_name=by_name))

    def word(self, manifest: Manifest, path: Path) -> str:
        """Give a plain word of a manifest as it is written; empty where there is none."""
        return self.word_at((manifest.line, manifest.column), path)

    def key(self, manifest: Manifest, path: Path) -> str:
        """Give a field's name as it is written, where it is a plain word; empty where it is none."""
        return self.word_at((manifest.line, manifest.column), path, by_name=True)

    def spot(self, start: tuple[int, int], path: Sequence[Step], *, by_name: bool = False) -> Spot:
        """Find a field's value, or its name, in the object that starts at a line and column.

        A field that is not written is placed at the nearest thing around it that is.
        """
        root = self._root(start) if path else None
        if root is None:
            return Spot(self._file, *start, exact=not path)
        found = _descend(root, path, by_name=by_name)
        return Spot(self._file, line_of(found[-1]), column_of(found[-1]), exact=len(found) > len(path))

    def word_at(self, start: tuple[int, int], path: Sequence[Step], *, by_name: bool = False) -> str:
        """Give a plain word as it is written, before anything was made of it; empty where there is none."""
        root = self._root(start)
        found = _descend(root, path, by_name=by_name) if root is not None else []
        word = found[-1] if len(found) > len(path) else None
        return str(word.value) if isinstance(word, ScalarNode) and word.tag == PLAIN else ""

    def _root(self, start: tuple[int, int]) -> Node | None:
        if self._roots is None:
            self._roots = {}
            with suppress(InvalidManifest):
                for document in self._compose() if self._allowance.take(self._text) else ():
                    for node in _candidates(document):
                        self._roots.setdefault((line_of(node), column_of(node)), node)
        return self._roots.get(start)


def items_of(node: Node | None) -> list[Node]:
    """Give the nodes of a list's items."""
    items = _child(node, "items") if node is not None else None
    return list(items.value) if isinstance(items, SequenceNode) else []


def _candidates(node: Node) -> Iterator[Node]:
    yield node
    for item in items_of(node):
        yield from _candidates(item)


def _descend(node: Node, path: Sequence[Step], *, by_name: bool) -> list[Node]:
    """Give the nodes on the way to a field, as far as they are written; `by_name` ends at its name."""
    nodes = [node]
    for number, step in enumerate(path, 1):
        pair = _pair(nodes[-1], step)
        if pair is None:
            break
        nodes.append(pair[0] if by_name and number == len(path) else pair[1])
    return nodes


def _child(node: Node, step: Step) -> Node | None:
    pair = _pair(node, step)
    return pair[1] if pair else None


def _pair(node: Node, step: Step) -> tuple[Node, Node] | None:
    """Find a field's name and value, also where they are merged from; an item of a list is its own name."""
    if isinstance(node, SequenceNode):
        if isinstance(step, tuple):
            step = next((number for number, item in enumerate(node.value) if _has(item, *step)), len(node.value))
        return (node.value[step],) * 2 if isinstance(step, int) and step < len(node.value) else None
    if not isinstance(node, MappingNode) or isinstance(step, tuple):
        return None
    for name, value in reversed(node.value):  # the last one counts
        if is_merge(name):
            sources = value.value if isinstance(value, SequenceNode) else [value]
            if found := next((pair for source in sources if (pair := _pair(source, step))), None):
                return found
        elif _is_called(name, step):
            return name, value
    return None


def _has(item: Node, field: str, word: str) -> bool:
    value = _child(item, field) if isinstance(item, MappingNode) else None
    return isinstance(value, ScalarNode) and value.value == word


def _is_called(name: Node, step: str | int) -> bool:
    with suppress(NotASupportedValue):
        return isinstance(name, ScalarNode) and key(name) == str(step)
    return False
