"""Where the fields of manifests stand in a text, which is parsed again for it: only errors pay for columns."""

from collections.abc import Iterator
from contextlib import suppress

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest
from workers.manifests.yaml_loading import compose, line_of

Path = tuple[str | int, ...]


class Places:
    """The fields of one text, parsed once for however many questions."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._roots: dict[int, Node] = {}
        with suppress(InvalidManifest):  # JSON may be indented with tabs, which YAML does not know
            for document in compose(text, file, largest=len(text)):
                for node in _candidates(document):
                    self._roots.setdefault(line_of(node), node)

    def of(self, manifest: Manifest, path: Path, *, by_name: bool = False) -> str:
        """Say where a field's value stands, or its name, as `file:line:column`.

        A field that is not written (a missing one, say) is placed at the nearest thing around it that is.
        """
        root = self._roots.get(manifest.line)
        if root is None:
            return f"{self._file}:{manifest.line}:1"
        mark = _descend(root, path, by_name=by_name)[-1].start_mark
        return f"{self._file}:{mark.line + 1}:{mark.column + 1}"

    def written(self, manifest: Manifest, path: Path) -> str:
        """Give a plain word as it is written, before anything was made of it; empty where there is none."""
        root = self._roots.get(manifest.line)
        found = _descend(root, path, by_name=False) if root is not None else []
        word = found[-1] if len(found) == len(path) + 1 else None
        return str(word.value) if isinstance(word, ScalarNode) else ""


def items_of(node: Node | None) -> list[Node]:
    """Give the nodes of a list's items."""
    items = _child(node, "items") if node is not None else None
    return list(items.value) if isinstance(items, SequenceNode) else []


def _candidates(node: Node) -> Iterator[Node]:
    yield node
    for item in items_of(node):
        yield from _candidates(item)


def _descend(node: Node, path: Path, *, by_name: bool) -> list[Node]:
    """Give the nodes on the way to a field, as far as they are written; `by_name` ends at its name."""
    nodes = [node]
    for number, step in enumerate(path, 1):
        child = _name(nodes[-1], step) if by_name and number == len(path) else _child(nodes[-1], step)
        if child is None:
            break
        nodes.append(child)
    return nodes


def _name(node: Node, step: str | int) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((name for name, _ in node.value if name.value == str(step)), None)


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        return next((value for name, value in node.value if name.value == str(step)), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        child: Node = node.value[step]
        return child
    return None
