"""What a kustomization writes over objects, field by field with its place: patches, generators, its own fields."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from workers.manifests.places import Step
from workers.render.kustomize.fields import scalars

_CALLED_BY = ("name", "containerPort", "mountPath", "devicePath", "ip", "port", "key")
"""By which field a list's item is known, where it is not by its number."""
_LABELLED = (
    ("metadata", "labels"),
    ("spec", "selector"),
    ("spec", "selector", "matchLabels"),
    ("spec", "template", "metadata", "labels"),
)
_POD_SPECS = (("spec",), ("spec", "template", "spec"), ("spec", "jobTemplate", "spec", "template", "spec"))
LARGEST_LAYER = 5_000
"""Fields; a larger patch is placed as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that something else than an object's own text writes, with the places of its name and its value.

    Lines and columns are 1-based. `word` is a plain value as it is written, None for what is made of it; `leaf` tells
    that nothing is below it.
    """

    path: tuple[Step, ...]
    file: str
    name: tuple[int, int]
    value: tuple[int, int]
    word: str | None
    leaf: bool


Layer = tuple[Field, ...]
"""What one patch, generator or kustomization writes over an object."""


class Placing:
    """Where the nodes of a text stand in a file: the text is the file, or one of its words, or a word's lines."""

    def __init__(self, file: str, *, fixed: Node | None = None, line: int = 0, column: int = 0) -> None:
        self.file, self._fixed, self._line, self._column = file, fixed, line, column

    def of(self, node: Node) -> tuple[int, int]:
        """Give a node's line and column, from one on."""
        mark = (self._fixed or node).start_mark
        moved = (0, 0) if self._fixed else (self._line, self._column)
        return mark.line + 1 + moved[0], mark.column + 1 + moved[1]


def inline(file: str, text: str, node: ScalarNode) -> Placing:
    """Place what is written inside of a block of a file; inside of any other word there are no lines of its own."""
    if node.style != "|":
        return Placing(file, fixed=node)
    lines = text.splitlines()[node.start_mark.line + 1 :]
    first = next((line for line in lines if line.strip()), "")
    blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
    indent = len(first) - len(first.lstrip(" "))
    own = next((line for line in str(node.value).splitlines() if line.strip()), "")
    return Placing(file, line=node.start_mark.line + 1 + blank - _blank(str(node.value)), column=indent - _indent(own))


def merged(node: Node, placing: Placing) -> Layer:
    """Give what a strategic merge patch writes."""
    return _bounded(_walk(node, placing, ()))


def stepwise(node: Node, placing: Placing) -> Layer:
    """Give what the steps of a JSON patch write."""
    found: list[Field] = []
    for step in node.value if isinstance(node, SequenceNode) else ():
        parts = {str(key.value): value for key, value in step.value} if isinstance(step, MappingNode) else {}
        path, value = parts.get("path"), parts.get("value")
        if isinstance(path, ScalarNode) and value is not None and str(path.value).startswith("/"):
            steps = tuple(_pointed(part) for part in str(path.value)[1:].split("/"))
            found.append(_written(steps, path, value, placing))
            found += _walk(value, placing, steps)
    return _bounded(found)


def generated(file: str, entry: Node, contents: Mapping[str, str], folder: str) -> Layer:
    """Give what a generator's entry writes; `contents` are the files of variables that it reads, by their path."""
    placing = Placing(file)
    found = [_written(("metadata", "name"), word, word, placing, word=None) for word in scalars(entry, ("name",))]
    for names in (("literals",), ("files",)):
        for word in scalars(entry, names):
            key, _, place = str(word.value).partition("=")
            key = key if place or names == ("literals",) else posixpath.basename(key)
            found += [_written((field, key), word, word, placing, word=None) for field in ("data", "binaryData")]
    for names in (("envs",), ("env",)):
        for word in scalars(entry, names):
            path = posixpath.normpath(posixpath.join(folder, str(word.value)))
            found += _variables(path, contents.get(path, ""))
    return _bounded(found)


def own_fields(file: str, fields: Mapping[str, Node]) -> Layer:
    """Give what a kustomization's own fields write over any object: namespace, labels, annotations."""
    placing, found = Placing(file), list[Field]()
    if isinstance(namespace := fields.get("namespace"), ScalarNode):
        found.append(_written(("metadata", "namespace"), namespace, namespace, placing))
    for pairs in _pairs(fields.get("commonlabels"), ()), _pairs(fields.get("labels"), ("pairs",)):
        found += [_written((*at, str(key.value)), key, value, placing) for key, value in pairs for at in _LABELLED]
    for key, value in _pairs(fields.get("commonannotations"), ()):
        found.append(_written(("metadata", "annotations", str(key.value)), key, value, placing))
    return _bounded(found)


def renamed(file: str, node: Node) -> Layer:
    """Give what a prefix or a suffix writes."""
    return (_written(("metadata", "name"), node, node, Placing(file), word=None),)


def counted(file: str, entry: MappingNode) -> Layer:
    """Give what an entry of `replicas` writes."""
    return tuple(_written(("spec", "replicas"), each, each, Placing(file)) for each in scalars(entry, ("count",)))


def images(file: str, node: Node | None, body: Mapping[str, Any]) -> Layer:
    """Give what `images` writes over one object, by the names that its containers' images have now."""
    found = []
    for entry in node.value if isinstance(node, SequenceNode) else ():
        names = [str(word.value) for field in ("newname", "name") for word in scalars(entry, (field,))]
        words = [word for field in ("newtag", "digest", "newname") for word in scalars(entry, (field,))]
        for path, image in _images(body):
            if names and words and image.partition("@")[0].removesuffix(f":{image.rpartition(':')[2]}") in names[:1]:
                found.append(_written(path, words[0], words[0], Placing(file), word=None))
    return _bounded(found)


def _images(body: Mapping[str, Any]) -> Iterator[tuple[tuple[Step, ...], str]]:
    for at in _POD_SPECS:
        spec: Any = body
        for step in at:
            spec = spec.get(step) if isinstance(spec, Mapping) else None
        for field in ("containers", "initContainers"):
            for number, each in enumerate((spec.get(field) if isinstance(spec, Mapping) else None) or ()):
                if isinstance(each, Mapping) and isinstance(each.get("image"), str):
                    yield (*at, field, number, "image"), each["image"]


def _walk(node: Node, placing: Placing, at: tuple[Step, ...]) -> Iterator[Field]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            step = (*at, str(key.value))
            yield _written(step, key, value, placing)
            yield from _walk(value, placing, step)
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            called = _called(item, number)
            yield _written((*at, called), item, item, placing)
            yield from _walk(item, placing, (*at, called))


def _called(item: Node, number: int) -> Step:
    if isinstance(item, MappingNode):
        for name in _CALLED_BY:
            for key, value in item.value:
                if key.value == name and isinstance(value, ScalarNode):
                    return (name, str(value.value))
    return number


def _written(path: tuple[Step, ...], name: Node, value: Node, placing: Placing, *, word: str | None = "") -> Field:
    plain = str(value.value) if isinstance(value, ScalarNode) else None
    return Field(
        path=path,
        file=placing.file,
        name=placing.of(name),
        value=placing.of(value),
        word=plain if word is not None else None,
        leaf=isinstance(value, ScalarNode) or not value.value,
    )


def _pointed(part: str) -> Step:
    plain = part.replace("~1", "/").replace("~0", "~")
    return int(plain) if plain.isdecimal() and len(plain) < 6 else plain


def _pairs(node: Node | None, names: tuple[str, ...]) -> Iterator[tuple[Node, Node]]:
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from _pairs(item, names)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if not names:
                yield key, value
            elif str(key.value).casefold() == names[0]:
                yield from _pairs(value, names[1:])


def _variables(file: str, text: str) -> Iterator[Field]:
    for number, line in enumerate(text.splitlines(), 1):
        key, equals, _ = line.lstrip().partition("=")
        if equals and not key.startswith("#"):
            place = (number, len(line) - len(line.lstrip()) + 1)
            yield Field(path=("data", key), file=file, name=place, value=place, word=None, leaf=True)


def _bounded(found: Any) -> Layer:
    listed = []
    for each in found:
        listed.append(each)
        if len(listed) > LARGEST_LAYER:
            return ()
    return tuple(listed)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _blank(text: str) -> int:
    return next((number for number, line in enumerate(text.splitlines()) if line.strip()), 0)
