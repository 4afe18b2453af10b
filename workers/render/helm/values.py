"""The values files that stand beside a chart: read before Helm does, so that a mistake has its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import MappingNode, Node, SequenceNode

from pushboat.config.helm import Helm
from pushboat.errors import InvalidManifest, RenderFailed
from pushboat.model.digits import whole
from workers.manifests.decoding import decode
from workers.manifests.words import Document, invalid
from workers.manifests.yaml_loading import load
from workers.render.helm.judging import demand_readable


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesFile:
    """One file: where it stands in the repository, and what is in it."""

    shown: str
    raw: bytes
    documents: tuple[Document, ...]

    def place_of(self, path: Sequence[str]) -> str:
        """Find a value, as `file:line:column`; empty where this file does not say it."""
        for document in reversed(self.documents):
            if (node := _below(document.node, path)) is not None:
                return f"{self.shown}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
        return ""


def read(root: Path, folder: str, helm: Helm) -> tuple[ValuesFile, ...]:
    """Read an environment's values files, in their order.

    Raises:
        RenderFailed: one is not there, or is encrypted.
        InvalidManifest: one is no YAML, or no mapping; with file:line:column.
    """
    return tuple(_one(root, shown) for shown in helm.files_beside(folder))


def own(shown: str, raw: bytes) -> ValuesFile:
    """Take the chart's own values; what is wrong with them is Helm's to say."""
    try:
        return ValuesFile(shown=shown, raw=raw, documents=tuple(load(decode(raw, shown), shown)))
    except InvalidManifest:
        return ValuesFile(shown=shown, raw=raw, documents=())


def _one(root: Path, shown: str) -> ValuesFile:
    at = root / shown
    if shown.startswith("../") or not at.is_file():
        raise RenderFailed(f"{shown} is no file of this commit: commit it, or correct `helm.values` in .pushboat.yaml")
    raw = at.read_bytes()
    demand_readable(raw, shown)
    documents = tuple(load(decode(raw, shown), shown))
    for document in documents:
        if not isinstance(document.node, MappingNode):
            raise invalid(shown, document.node, "values must be a mapping: key: value")
    return ValuesFile(shown=shown, raw=raw, documents=documents)


def _below(node: Node | None, path: Sequence[str]) -> Node | None:
    for step in path:
        node = next(_inner(node, step), None)
    return node


def _inner(node: Node | None, step: str) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        yield from (value for key, value in node.value if str(key.value) == step)
    elif isinstance(node, SequenceNode) and (place := whole(step)) is not None and place < len(node.value):
        yield node.value[place]
