"""Where in the repository stands what kustomize stumbled over: it names no lines, and often not even the file.

Asked only when a build has failed, of the files that it read; what is not understood is told in kustomize's own words.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import DeploymentFailed, InvalidManifest, RenderFailed
from workers.manifests.decoding import decode
from workers.manifests.words import line_of
from workers.manifests.yaml_composing import compose
from workers.manifests.yaml_scalars import scalar
from workers.render.kustomize.fields import cut, refused, scalars
from workers.render.kustomize.judging import Reached

_UNKNOWN = re.compile(r'json: unknown field \\?"(?P<name>[^"\\]+)')
_UNMARSHAL = re.compile(r"cannot unmarshal (?P<found>\w+) into Go struct field (?:\w+\.)?(?P<field>\w+)")
_YAML = re.compile(r"yaml|json", re.IGNORECASE)
_TWICE = re.compile(r"already registered id: (?P<kind>\w+)\.[^/\s]*/(?P<name>[^\s']+)\.(?:\[noNs\]|[\w-]+)")
_NO_TARGET = re.compile(r"no matches for Id (?P<kind>\w+)\.[^/\s]*/(?P<name>[^\s;'\"]+)\.(?:\[noNs\]|[\w-]+);")
_WORDS = {"string": "text", "array": "a list", "object": "a mapping", "number": "a number", "bool": "true or false"}
_SHAPES: Mapping[str, Callable[[Node], bool]] = {
    "string": lambda node: isinstance(node, ScalarNode) and isinstance(scalar(node), str),
    "number": lambda node: isinstance(node, ScalarNode) and type(scalar(node)) in (int, float),
    "bool": lambda node: isinstance(node, ScalarNode) and isinstance(scalar(node), bool),
    "array": lambda node: isinstance(node, SequenceNode),
    "object": lambda node: isinstance(node, MappingNode),
}


def explain(root: Path, reached: Reached, said: str, details: str) -> DeploymentFailed | None:
    """Find the place of what kustomize said, and say it with file, line and column; None where nothing is known.

    `details` are what it said, as it may be shown.
    """
    for words, look in _LOOKS:
        if found := words.search(said):
            error = look(root, reached, found)
            if error is not None:
                return type(error)(error.summary, details)
    return None


def _unknown(root: Path, reached: Reached, found: re.Match[str]) -> RenderFailed | None:
    for file, key, _ in _fields(root, reached):
        if key.value == found["name"]:
            why = f"a kustomization has no field {cut(str(key.value))} here: correct its name, or remove it"
            return refused(file, key, why)
    return None


def _unmarshal(root: Path, reached: Reached, found: re.Match[str]) -> RenderFailed | None:
    is_so = _SHAPES.get(found["found"])
    if is_so is None:
        return None
    for file, key, value in _fields(root, reached):
        if str(key.value).casefold() != found["field"].casefold():
            continue
        nodes: list[Node] = [value, *(value.value if isinstance(value, SequenceNode) else ())]
        nodes += [each for _, each in value.value] if isinstance(value, MappingNode) else []
        for node in nodes:
            if is_so(node):
                return refused(file, node, f"{key.value} must not hold {_WORDS[found['found']]} here")
    return None


def _yaml(root: Path, reached: Reached, _: re.Match[str]) -> DeploymentFailed | None:
    for file in reached.read:
        try:
            deque(compose(decode((root / file).read_bytes(), file), file), maxlen=0)
        except InvalidManifest as error:
            return error
    return None


def _twice(root: Path, reached: Reached, found: re.Match[str]) -> RenderFailed | None:
    at = [place for place in _objects(root, reached.resources) if place[2:] == (found["kind"], found["name"])]
    if len(at) < 2:
        return None
    (first, line, kind, name), (file, other, _, _) = at[0], at[1]
    return RenderFailed(f"{file}:{other}:1: {kind}/{name} is already defined at {first}:{line}: remove one of the two")


def _no_target(root: Path, reached: Reached, found: re.Match[str]) -> RenderFailed | None:
    about = f"this patch is for {found['kind']}/{found['name']}, which is not among the resources: correct its target"
    for file, line, kind, name in _objects(root, [file for file in reached.read if file not in reached.resources]):
        if (kind, name) == (found["kind"], found["name"]):
            return RenderFailed(f"{file}:{line}:1: {about}")
    for file, key, value in _fields(root, reached):
        names = {"patches": ("patch",), "patchesstrategicmerge": ()}.get(str(key.value).casefold())
        for text in scalars(value, names) if names is not None else ():
            if (found["kind"], found["name"]) in {each[2:] for each in _in_text(str(text.value), file)}:
                return refused(file, text, about)
    return None


def _fields(root: Path, reached: Reached) -> Iterator[tuple[str, Node, Node]]:
    """Give the file, the name and the value of each field of each kustomization, the outer ones first."""
    for file in reached.kustomizations:
        seen: set[int] = set()
        waiting = [*compose(decode((root / file).read_bytes(), file), file)]
        while waiting:
            node = waiting.pop(0)
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, MappingNode):
                yield from ((file, key, value) for key, value in node.value)
                waiting += [value for _, value in node.value]
            elif isinstance(node, SequenceNode):
                waiting += node.value


def _objects(root: Path, files: list[str] | tuple[str, ...]) -> Iterator[tuple[str, int, str, str]]:
    for file in files:
        with suppress(InvalidManifest):
            yield from _in_text(decode((root / file).read_bytes(), file), file)


def _in_text(text: str, file: str) -> Iterator[tuple[str, int, str, str]]:
    """Give file, line, kind and name of each object of a text; none of what is not YAML."""
    try:
        nodes = [*compose(text, file)]
    except InvalidManifest:
        return
    for node in nodes:
        kind = next(scalars(node, ("kind",)), None)
        name = next(scalars(node, ("metadata", "name")), None)
        if kind is not None and name is not None:
            yield file, line_of(node), str(kind.value), str(name.value)


_Look = Callable[[Path, Reached, re.Match[str]], DeploymentFailed | None]
_LOOKS: tuple[tuple[re.Pattern[str], _Look], ...] = (
    (_UNKNOWN, _unknown),
    (_UNMARSHAL, _unmarshal),
    (_TWICE, _twice),
    (_NO_TARGET, _no_target),
    (_YAML, _yaml),
)
"""What kustomize says, and who knows where that is."""
