"""One annotation (or label) as a tool reads it, and what every tool's table of annotations is made of."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pushboat.model.wording import printable, quoted
from workers.manifests.directives.words import NOTHING, Directives, slip

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
"""Nine digits: what every tool can count with, and no wave beyond it means anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One annotation or label: its key, its value, and the object that it stands on."""

    key: str
    value: str
    body: Mapping[str, Any] = field(repr=False)

    def stands_beside(self, key: str) -> bool:
        """Say whether another annotation is there too."""
        others = (self.body.get("metadata") or {}).get("annotations")
        return isinstance(others, Mapping) and key in others

    def at(self, *path: str) -> str:
        """Read a text of the object; empty where there is none."""
        found: Any = self.body
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found if isinstance(found, str) else ""


Meaning = Callable[[Mark], Directives]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One tool's annotations: what each means here, what changes nothing, and what we refuse, with the reason.

    `domains` are its own; `patterns` are keys with a part that people choose. `inert` and `refused` give the reason,
    which is what documents show. `labels`: it reads its annotations from labels too.
    """

    name: str
    domains: tuple[str, ...]
    meanings: Mapping[str, Meaning]
    inert: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], Meaning], ...] = ()
    labels: bool = False

    def read(self, mark: Mark) -> Directives:
        """Say what an annotation of this tool means."""
        if meaning := self.meanings.get(mark.key):
            return meaning(mark)
        if mark.key in self.inert:
            return NOTHING
        if mark.key in self.refused:
            return refused(mark, self.refused[mark.key])
        for pattern, meaning in self.patterns:
            if pattern.fullmatch(mark.key):
                return meaning(mark)
        wrong = f"{quoted(mark.key)} is an annotation of {self.name} that Pushboat does not know"
        return slip(mark.key, wrong, mark.key, (*self.meanings, *self.inert))


def refused(mark: Mark, reason: str) -> Directives:
    """Refuse an annotation by its name, with the reason and what to do."""
    return slip(mark.key, f"{said(mark)} is not supported: {reason}")


def said(mark: Mark) -> str:
    """Print an annotation as it is written."""
    return f"{printable(mark.key, 100)}: {printable(mark.value)}" if mark.value else printable(mark.key, 100)


def unknown(mark: Mark, word: str, known: tuple[str, ...]) -> Directives:
    """Refuse a value that the tool itself does not know."""
    return slip(mark.key, f"{printable(mark.key, 100)} does not know {quoted(word)}", word, known)


def words(mark: Mark) -> tuple[str, ...]:
    """Take a list with commas apart."""
    return tuple(word for each in mark.value.split(",") if (word := each.strip()))


def whole(mark: Mark) -> int | None:
    """Read a whole number."""
    text = mark.value.strip()
    return int(text) if _WHOLE.fullmatch(text) else None


def of_no_consequence(_: Mark) -> Directives:
    """Give the meaning of an annotation that changes nothing here."""
    return NOTHING


def no_number(mark: Mark) -> Directives:
    """Refuse what is no whole number."""
    return slip(mark.key, f"{printable(mark.key, 100)} must be a whole number in quotes, not {quoted(mark.value)}")


def choice(table: Mapping[str, Directives], *, folded: bool = False) -> Meaning:
    """Make the meaning of an annotation that takes one word of a table; `folded` compares without case."""

    def meaning(mark: Mark) -> Directives:
        word = mark.value.strip()
        found = table.get(word.lower() if folded else word)
        return unknown(mark, word, tuple(table)) if found is None else found

    return meaning
