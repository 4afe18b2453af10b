"""Where the fields of manifests stand in a text, which is parsed again for it: only errors pay for columns."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Step, Written
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

        What was written over the text last counts. A field that is not written (a missing one, say) is placed at the
        nearest thing around it that is.
        """
        root = self._roots.get(manifest.line)
        own = _descend(root, path, manifest.body, by_name=by_name) if root is not None else []
        for depth in range(len(path), -1, -1):
            over = _over(manifest, path[:depth])
            whole = by_name and depth == len(path)
            if over is not None and (over.leaf or len(own) <= depth):
                line, column = over.name if whole else over.value
                return f"{over.file}:{line}:{column}"
            if len(own) > depth:
                mark = own[depth].start_mark
                return f"{self._file}:{mark.line + 1}:{mark.column + 1}"
        return f"{self._file}:{manifest.line}:1"

    def written(self, manifest: Manifest, path: Path) -> str:
        """Give a plain word as it is written, before anything was made of it; empty where there is none."""
        over = _over(manifest, path)
        if over is not None and over.leaf:
            return over.word or ""
        root = self._roots.get(manifest.line)
        found = _descend(root, path, manifest.body, by_name=False) if root is not None else []
        word = found[-1] if len(found) == len(path) + 1 else None
        return str(word.value) if isinstance(word, ScalarNode) else ""


def _over(manifest: Manifest, path: Path) -> Written | None:
    """Find what was last written over an object at a path, if that is what stands there now."""
    values = [manifest.body, *_values(manifest.body, path)]
    if len(values) <= len(path):
        values += [None] * (len(path) + 1 - len(values))
    for layer in reversed(manifest.layers):
        for each in layer:
            if len(each.path) == len(path) and all(map(_fits, each.path, path, values[1:])):
                now = values[-1]
                if each.word is None or not each.leaf or not isinstance(now, str) or now == each.word:
                    return each
    return None


def _fits(step: Step, wanted: str | int, value: Any) -> bool:
    if isinstance(step, tuple):
        return isinstance(wanted, int) and isinstance(value, Mapping) and str(value.get(step[0])) == step[1]
    return step == wanted or step == str(wanted) or (step == "-" and isinstance(wanted, int))


def _values(value: Any, path: Path) -> Iterator[Any]:
    """Give the values on the way to a field, as far as they go."""
    for step in path:
        at = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not at and not (isinstance(value, Mapping) and step in value):
            return
        value = value[step]
        yield value


def items_of(node: Node | None) -> list[Node]:
    """Give the nodes of a list's items."""
    items = _child(node, "items") if node is not None else None
    return list(items.value) if isinstance(items, SequenceNode) else []


def _candidates(node: Node) -> Iterator[Node]:
    yield node
    for item in items_of(node):
        yield from _candidates(item)


def _descend(node: Node, path: Path, body: Mapping[str, Any], *, by_name: bool) -> list[Node]:
    """Give the nodes on the way to a field, as far as they are written; `by_name` ends at its name.

    Items are looked for by their names where they have some: another order may have been made of them.
    """
    nodes = [node]
    values = [*_values(body, path)]
    for number, step in enumerate(path):
        last = by_name and number == len(path) - 1
        value = values[number] if number < len(values) else None
        child = _name(nodes[-1], step) if last else _child(nodes[-1], step, value)
        if child is None:
            break
        nodes.append(child)
    return nodes


def _name(node: Node, step: str | int) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((name for name, _ in node.value if name.value == str(step)), None)


def _child(node: Node, step: str | int, value: Any = None) -> Node | None:
    if isinstance(node, MappingNode):
        return next((value for name, value in node.value if name.value == str(step)), None)
    if not isinstance(node, SequenceNode) or not isinstance(step, int):
        return None
    called = value.get("name") if isinstance(value, Mapping) else None
    if isinstance(called, str):
        named = [item for item in node.value if isinstance(item, MappingNode) and _called(item)]
        if named:
            return next((item for item in named if _called(item) == called), None)
    return node.value[step] if step < len(node.value) else None


def _called(item: MappingNode) -> str:
    return next((str(value.value) for name, value in item.value if name.value == "name"), "")
