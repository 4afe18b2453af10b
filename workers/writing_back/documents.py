"""One file's documents by the places of what stands in them, and the file with one of them changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.model.manifest import Path
from workers.editing.rewriting import rewritten
from workers.editing.texts import CannotWrite, is_alias, opened
from workers.manifests.words import column_of, line_of
from workers.manifests.yaml_scalars import is_merge, key
from workers.writing_back.steps import at

Place = tuple[int, int]
"""A line and a column, from one on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands at a place of a file: its document by number and data, the path to it there, its first line."""

    raw: bytes
    file: str
    number: int
    path: Path
    document: Any
    line: int

    @property
    def data(self) -> Any:
        """Give what stands there."""
        return at(self.document, self.path)

    def up(self, levels: int) -> "Standing":
        """Give what it stands in."""
        path = self.path[: len(self.path) - levels]
        return Standing(
            raw=self.raw, file=self.file, number=self.number, path=path, document=self.document, line=self.line
        )

    def with_data(self, data: Any) -> bytes:
        """Give the file with other data at this place.

        Raises:
            CannotWrite: that cannot be done without changing something else.
        """
        return rewritten(self.raw, self.file, self.number, _with(self.document, self.path, data))


def standing_at(raw: bytes, file: str, place: Place) -> Standing | None:
    """Find what begins at a place as a value; None where nothing does.

    Raises:
        CannotWrite: the file cannot be read.
    """
    return _found(raw, file, lambda node: (line_of(node), column_of(node)) == place)


def block_around(raw: bytes, file: str, place: Place) -> tuple[Standing, Place] | None:
    """Find the block of text that a place is in, and where that is in the text."""
    line, column = place
    found = _found(raw, file, lambda node: _is_block_over(node, line))
    if found is None:
        return None
    shown, lines = opened(raw, file).body.splitlines(), str(found.data).splitlines()
    inside = line - found.line
    if not 0 < inside <= len(lines) or not shown[line - 1].endswith(lines[inside - 1]):
        return None
    return found, (inside, column - (len(shown[line - 1]) - len(lines[inside - 1])))


def _is_block_over(node: Node, line: int) -> bool:
    is_block = isinstance(node, ScalarNode) and node.style == "|"
    return is_block and line_of(node) < line <= node.end_mark.line


def _found(raw: bytes, file: str, wanted: Callable[[Node], bool]) -> Standing | None:
    for number, document in enumerate(opened(raw, file).documents()):
        found = _path_to(document.node, wanted)
        if found is not None:
            path, line = found
            return Standing(raw=raw, file=file, number=number, path=path, document=document.data, line=line)
    return None


def _path_to(node: Node, wanted: Callable[[Node], bool]) -> tuple[Path, int] | None:
    if wanted(node):
        return (), line_of(node)
    children: list[tuple[str | int, Node]] = []
    if isinstance(node, MappingNode):
        pairs = [pair for pair in node.value if not is_merge(pair[0]) and not is_alias(*pair)]
        children = [(key(name), value) for name, value in pairs]
    elif isinstance(node, SequenceNode):
        children = [(number, item) for number, item in enumerate(node.value) if not is_alias(node, item)]
    for step, child in children:
        found = _path_to(child, wanted)
        if found is not None:
            return (step, *found[0]), found[1]
    return None


def _with(data: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    step, *rest = path
    if isinstance(data, list):
        return [_with(each, tuple(rest), value) if number == step else each for number, each in enumerate(data)]
    if not isinstance(data, dict):
        raise CannotWrite("what it stands in is no mapping")
    return {name: _with(each, tuple(rest), value) if name == step else each for name, each in data.items()}
