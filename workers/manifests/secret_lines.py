"""Which lines of a file are a Secret's: its manifest, its generator's entry, a patch of either in a kustomization."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest
from workers.manifests.decoding import decode
from workers.manifests.yaml_composing import compose

_SECRET = re.compile(r"\bkind[\"']?\s*:\s*[\"']?Secret\b")
_GENERATOR = "secretgenerator"
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "kustomization")
_PATCHES = frozenset(("patches", "patchesstrategicmerge", "patchesjson6902"))
_NONE = frozenset[str]()


def secret_lines(raw: bytes, file: str) -> frozenset[int]:
    """Number the lines, from 0 on, in which Secrets stand; none of a file that cannot be read."""
    try:
        text = decode(raw, file)
        flat = text.replace("\t", " ") if text.lstrip().startswith("{") else text
        patches = _PATCHES if PurePosixPath(file).name.casefold() in _KUSTOMIZATIONS else _NONE
        spans = [span for document in compose(flat, file) for span in _spans(document, set(), patches)]
    except InvalidManifest:
        return frozenset()
    return frozenset(line for begin, end in spans for line in range(begin, end + 1))


def _spans(
    node: Node, seen: set[int], patches: frozenset[str] = _NONE, *, in_patch: bool = False
) -> Iterator[tuple[int, int]]:
    """Find the nodes that are about a Secret: by what kind they say they are, or that their target is.

    A text that speaks of one, and a target, count below a kustomization's `patches` alone: elsewhere anybody may write
    them beside what is no Secret's.
    """
    span = (node.start_mark.line, node.end_mark.line)
    if isinstance(node, ScalarNode):
        if in_patch and _SECRET.search(str(node.value)):
            yield span
    elif id(node) in seen:
        return
    elif isinstance(node, SequenceNode):
        seen.add(id(node))
        for item in node.value:
            yield from _spans(item, seen, in_patch=in_patch)
    elif isinstance(node, MappingNode):
        seen.add(id(node))
        said = dict(_pairs(node))
        aims = _pairs(said.get("target")) if in_patch else []
        kinds = [said.get("kind"), *(value for name, value in aims if name == "kind")]
        if any(isinstance(kind, ScalarNode) and kind.value == "Secret" for kind in kinds):
            yield span
            return
        for name, value in said.items():
            if name.casefold() == _GENERATOR:
                yield value.start_mark.line, value.end_mark.line
            else:
                yield from _spans(value, seen, in_patch=in_patch or name.casefold() in patches)


def _pairs(node: Node | None) -> list[tuple[str, Node]]:
    """Give what a mapping says under words; a key that is a structure of its own is none."""
    pairs = node.value if isinstance(node, MappingNode) else ()
    return [(str(name.value), value) for name, value in pairs if isinstance(name, ScalarNode)]
