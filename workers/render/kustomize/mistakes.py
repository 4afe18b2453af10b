"""Where in the repository stands what kustomize stumbled over: it names no lines, and often not even the file.

Asked only when a build has failed, of the files that it read; what is not understood is told in kustomize's own words.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import DeploymentFailed, InvalidManifest, RenderFailed
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests
from workers.manifests.words import column_of, line_of
from workers.manifests.yaml_composing import compose
from workers.manifests.yaml_scalars import scalar
from workers.render.kustomize.fields import cut, refused, scalars
from workers.render.kustomize.identities import Identity, identities
from workers.render.kustomize.judging import Reached

_UNKNOWN = re.compile(r'json: unknown field \\?"(?P<name>[^"\\]+)')
_UNMARSHAL = re.compile(r"cannot unmarshal (?P<found>\w+) into Go struct field (?:\w+\.)?(?P<field>\w+)")
_YAML = re.compile(r"yaml|json", re.IGNORECASE)
_ID = (
    r"(?P<kind>\w+)\.[^./\s]*\.(?:\[noGrp\]|(?P<group>[^/\s]+))/(?P<name>[^\s;'\"]+)\."
    r"(?:\[noNs\]|(?P<namespace>[\w-]+))"
)
_TWICE = re.compile(rf"already registered id: {_ID}")
_NO_TARGET = re.compile(rf"no matches for Id {_ID};")
_WORDS = {"string": "text", "array": "a list", "object": "a mapping", "number": "a number", "bool": "true or false"}
_SHAPES: Mapping[str, Callable[[Node], bool]] = {
    "string": lambda node: isinstance(node, ScalarNode) and isinstance(scalar(node), str),
    "number": lambda node: isinstance(node, ScalarNode) and type(scalar(node)) in (int, float),
    "bool": lambda node: isinstance(node, ScalarNode) and isinstance(scalar(node), bool),
    "array": lambda node: isinstance(node, SequenceNode),
    "object": lambda node: isinstance(node, MappingNode),
}

_Object = tuple[str, Identity]
"""An object as it is written, and where."""


def explain(root: Path, reached: Reached, said: str, details: str) -> DeploymentFailed | None:
    """Find the place of what kustomize said, and say it with file, line and column; None where nothing is known.

    `details` are what it said, as it may be shown.
    """
    for words, look in _LOOKS:
        if found := words.search(said):
            error = look(root, reached, found)
            if error is not None:
                kind = InvalidManifest if isinstance(error, InvalidManifest) else RenderFailed
                return kind(error.summary, details)
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
    for file in reached.resources:  # composed it is YAML; what is written twice is found by who makes data of it
        try:
            read_manifests(decode((root / file).read_bytes(), file), file)
        except DeploymentFailed as error:
            return error
    return None


def _twice(root: Path, reached: Reached, found: re.Match[str]) -> RenderFailed | None:
    at = _meant(found, _objects(root, reached.resources), 2)
    if len(at) < 2:
        return None
    (first, one), (file, other), *_ = at
    return RenderFailed(
        f"{file}:{other.line}:{other.column}: {other.kind}/{other.name} is already defined at {first}:{one.line}: "
        "remove one of the two"
    )


def _no_target(root: Path, reached: Reached, found: re.Match[str]) -> RenderFailed | None:
    about = f"this patch is for {found['kind']}/{found['name']}, which is not among the resources: correct its target"
    read = [file for file in reached.read if file not in reached.resources]
    written = [(f"{file}:{each.line}:{each.column}", each) for file, each in _objects(root, read)]
    for file, key, value in _fields(root, reached):
        names = {"patches": ("patch",), "patchesstrategicmerge": ()}.get(str(key.value).casefold())
        for text in scalars(value, names) if names is not None else ():
            at = f"{file}:{line_of(text)}:{column_of(text)}"
            written += [(at, each) for each in identities(str(text.value), file)]
    return next((RenderFailed(f"{at}: {about}") for at, _ in _meant(found, written, 1)), None)


def _meant(found: re.Match[str], objects: Iterable[_Object], number: int) -> list[_Object]:
    """Pick the objects of an id, in its namespace, or where they may be brought there and are no more than it takes."""
    called = [
        (at, each)
        for at, each in objects
        if (each.group, each.kind, each.name) == (found["group"] or "", found["kind"], found["name"])
    ]
    here = [(at, each) for at, each in called if each.namespace == (found["namespace"] or "")]
    return here if len(here) >= number or len(called) != number else called


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


def _objects(root: Path, files: Iterable[str]) -> Iterator[_Object]:
    for file in files:
        with suppress(InvalidManifest):
            yield from ((file, each) for each in identities(decode((root / file).read_bytes(), file), file))


_Look = Callable[[Path, Reached, re.Match[str]], DeploymentFailed | None]
_LOOKS: tuple[tuple[re.Pattern[str], _Look], ...] = (
    (_UNKNOWN, _unknown),
    (_UNMARSHAL, _unmarshal),
    (_TWICE, _twice),
    (_NO_TARGET, _no_target),
    (_YAML, _yaml),
)
"""What kustomize says, and who knows where that is."""
