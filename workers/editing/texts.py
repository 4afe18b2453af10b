"""A file as it is edited: its text, its documents, and where each node of it ends."""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest
from workers.editing.spelling import Manner
from workers.manifests.decoding import decode
from workers.manifests.json_loading import NotJson, load_json
from workers.manifests.words import Document
from workers.manifests.yaml_composing import without_marks
from workers.manifests.yaml_loading import load
from workers.manifests.yaml_scalars import is_merge, key

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PROPERTIES = re.compile(r"(?:[&!]\S*[ \t]+)*(?:[&!]\S*$)?")
_ALIAS = re.compile(r"[ \t]*:[ \t]+\*[^\s,\[\]{}]+")
BLOCKS = ("|", ">")


class CannotWrite(Exception):
    """A field cannot be changed where it stands, so that nothing else changes; the reason is a part of a sentence."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text with what it was encoded by; `newline` is how its lines end."""

    body: str
    mark: bytes
    encoding: str
    file: str

    @property
    def newline(self) -> str:
        """Say how the first line ends, and so a new one."""
        end = self.body.find("\n")
        return "\r\n" if end > 0 and self.body[end - 1] == "\r" else "\n"

    @property
    def is_json(self) -> bool:
        """Say whether it is read as JSON: by its first letter, as kubectl does."""
        return self.body.lstrip()[:1] == "{"

    def documents(self) -> list[Document]:
        """Give its documents as they are read, with nodes that know where they end.

        Raises:
            CannotWrite: it cannot be read, or is read in two ways.
        """
        try:
            found = [*load(self.body, self.file)]
            read, wrong = found, list[InvalidManifest]()
            if self.is_json:
                with suppress(NotJson):
                    read = load_json(self.body, self.file, wrong)
            if wrong:
                raise wrong[0]
        except InvalidManifest as error:
            raise CannotWrite(f"{error.summary}") from error
        if [each.data for each in read] != [each.data for each in found]:
            raise CannotWrite(f"{self.file} means one thing as JSON and another one as YAML")
        return found

    def encoded(self, body: str) -> bytes:
        """Give the bytes of another text of this file."""
        return self.mark + body.encode(self.encoding)


def opened(raw: bytes, file: str) -> Text:
    """Open a file for editing.

    Raises:
        CannotWrite: it is no text, or one that was joined of several.
    """
    try:
        body = decode(raw, file)
    except InvalidManifest as error:
        raise CannotWrite(error.summary) from error
    mark, encoding = next(((mark, name) for mark, name in _MARKS if raw.startswith(mark)), (b"", "utf-8"))
    if without_marks(body) != body:  # places are not known then
        raise CannotWrite(f"{file} was joined of files, one of which began with a byte order mark")
    return Text(body, mark, encoding, file)


def manner_of(text: Text, documents: list[Document]) -> Manner:
    """Say how a file is written, by the first list in it that is written as a block."""
    for document in documents:
        for node in _nodes(document.node):
            for name, value in node.value if isinstance(node, MappingNode) and not node.flow_style else ():
                if isinstance(value, SequenceNode) and not value.flow_style and not is_alias(name, value):
                    return Manner(text.is_json, max(0, value.start_mark.column - name.start_mark.column))
    return Manner(text.is_json)


def own_pair(node: MappingNode, name: str) -> tuple[Node, Node] | None:
    """Find an entry that a mapping has itself, and not by a merge."""
    return next((pair for pair in node.value if not is_merge(pair[0]) and key(pair[0]) == name), None)


def is_alias(before: Node, node: Node) -> bool:
    """Say whether what stands behind another node is an alias: the node itself stands further up."""
    return bool(node.start_mark.index < before.start_mark.index)


def start_of(text: str, node: Node) -> int:
    """Say where a node's own letters begin, behind its anchor and tag."""
    start, end = node.start_mark.index, node.end_mark.index
    found = _PROPERTIES.match(text, start, end)
    return found.end() if found else start


def end_of(text: str, node: Node) -> int:
    """Say where the last letter of a node ends; blank lines and comments behind it are not its own.

    Raises:
        CannotWrite: that is not known, behind an alias in a list.
    """
    if isinstance(node, ScalarNode):
        end = node.end_mark.index
        if node.style in BLOCKS:
            return len(text[:end].rstrip())
        return int(end)
    assert isinstance(node, CollectionNode)
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    if isinstance(node, MappingNode):
        name, value = node.value[-1]
        if is_alias(name, value):
            found = _ALIAS.match(text, name.end_mark.index)
            if not found:
                raise CannotWrite(f"line {name.start_mark.line + 1} ends in an alias that cannot be told apart")
            return found.end()
        return max(end_of(text, value), int(name.end_mark.index) + 1)
    if is_alias(node, node.value[-1]):
        raise CannotWrite(f"line {node.start_mark.line + 1} begins a list that ends in an alias")
    return end_of(text, node.value[-1])


def _nodes(node: Node) -> Iterator[Any]:
    yield node
    if isinstance(node, MappingNode):
        for name, value in node.value:
            if not is_alias(name, value):
                yield from _nodes(value)
    elif isinstance(node, SequenceNode):
        for value in node.value:
            if not is_alias(node, value):
                yield from _nodes(value)
