"""The nouns of reading: a document is JSON data with the node it was read from; how a mistake in a file is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yaml.nodes import Node

from pushboat.errors import InvalidManifest, Mistake
from pushboat.model.manifest import Manifest

MOST_SHOWN = 100
"""Mistakes; they are stored, and shown on one page."""
LARGEST_FILE_CHARACTERS = 10 << 20
DEEPEST_LEVEL = 100
MOST_NODES = 1_000_000
"""As written; each takes a quarter of a kilobyte while a file is read, whatever it says."""


class Unread(InvalidManifest):
    """Some of what was to be read cannot be: `mistakes` says why, `rest` is what could be."""

    def __init__(self, mistakes: Sequence[InvalidManifest], rest: Sequence[Manifest]) -> None:
        every: list[InvalidManifest] = []
        for one in mistakes:
            every += one.mistakes if isinstance(one, Unread) else (one,)
        more = f" (and {len(every) - 1} more)" if len(every) > 1 else ""
        lines = [f"- {each.summary}" for each in every[:MOST_SHOWN]]
        if len(every) > MOST_SHOWN:
            lines.append(f"- and {len(every) - MOST_SHOWN:,} more: correct these first, the next push names those")
        super().__init__(f"{every[0].summary}{more}", "\n".join(lines) if more else every[0].details)
        self.mistakes: tuple[InvalidManifest, ...] = tuple(every)
        self.rest = tuple(rest)


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
