"""Which lines of a file are a Secret's: its manifest, its generator's entry, a patch of either."""

import re
from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest
from workers.manifests.decoding import decode
from workers.manifests.yaml_composing import compose

_SECRET = re.compile(r"\bkind[\"']?\s*:\s*[\"']?Secret\b")
_GENERATOR = "secretgenerator"


def secret_lines(raw: bytes, file: str) -> frozenset[int]:
    """Number the lines, from 0 on, in which Secrets stand; all of a file that speaks of them and cannot be read."""
    try:
        text = decode(raw, file)
        flat = text.replace("\t", " ") if text.lstrip().startswith("{") else text
        spans = [span for document in compose(flat, file) for span in _spans(document, set())]
    except InvalidManifest:
        return frozenset(range(raw.count(b"\n") + 1)) if b"ecret" in raw else frozenset()
    return frozenset(line for begin, end in spans for line in range(begin, end + 1))


def _spans(node: Node, seen: set[int]) -> Iterator[tuple[int, int]]:
    """Find the nodes that are about a Secret: by what kind they say they are, or that their target is."""
    span = (node.start_mark.line, node.end_mark.line)
    if isinstance(node, ScalarNode):
        if _SECRET.search(str(node.value)):
            yield span
    elif id(node) in seen:
        return
    elif isinstance(node, SequenceNode):
        seen.add(id(node))
        for item in node.value:
            yield from _spans(item, seen)
    elif isinstance(node, MappingNode):
        seen.add(id(node))
        said = {str(name.value): value for name, value in node.value}
        kinds = [said.get("kind"), *(value for name, value in _pairs(said.get("target")) if name == "kind")]
        if any(isinstance(kind, ScalarNode) and kind.value == "Secret" for kind in kinds):
            yield span
            return
        for name, value in said.items():
            if name.casefold() == _GENERATOR:
                yield value.start_mark.line, value.end_mark.line
            else:
                yield from _spans(value, seen)


def _pairs(node: Node | None) -> list[tuple[str, Node]]:
    return [(str(name.value), value) for name, value in node.value] if isinstance(node, MappingNode) else []
