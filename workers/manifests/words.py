"""The nouns of reading: a document is JSON data with the node it was read from; how a mistake in a file is said."""

from dataclasses import dataclass
from typing import Any

from yaml.nodes import Node

from pushboat.errors import InvalidManifest, Mistake

LARGEST_FILE_CHARACTERS = 10 << 20
DEEPEST_LEVEL = 100
MOST_NODES = 1_000_000
"""As written; each takes a quarter of a kilobyte while a file is read, whatever it says."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a text: JSON data and the node it was read from; lines and columns are 1-based."""

    data: Any
    node: Node

    @property
    def line(self) -> int:
        """Say where it starts."""
        return line_of(self.node)


def line_of(node: Node) -> int:
    """Give a node's first line, 1-based."""
    return int(node.start_mark.line) + 1


def column_of(node: Node) -> int:
    """Give a node's first column, 1-based."""
    return int(node.start_mark.column) + 1


def invalid(file: str, node: Node, message: str) -> InvalidManifest:
    """Make the error that names a node's place."""
    return invalid_at(file, line_of(node), column_of(node), message)


def invalid_at(file: str, line: int, column: int, message: str) -> InvalidManifest:
    """Make the error that names a place."""
    return InvalidManifest(str(Mistake(file=file, line=line, column=column, message=message)))


def invalid_after(file: str, before: str, message: str) -> InvalidManifest:
    """Make the error that names the place behind so much of a text."""
    return invalid_at(file, before.count("\n") + 1, len(before) - before.rfind("\n"), message)
