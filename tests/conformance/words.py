"""What the conformance page is made of: chapters of rows, each a promise that others make too, or a pain they cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
ROWS = Path(__file__).parent / "rows"
SIBLINGS = 3
"""So many other resources, at least, in which a kind of fault has been looked for beside its case."""


class Verdict(Enum):
    """How Pushboat stands beside the others."""

    SAME = "same"
    BETTER = "better"
    REFUSED = "refused"
    NOT_OURS = "not ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the page; `also` are files that prove it beside the tests, `case` says that it is a kind of fault."""

    id: str
    what: str
    others: str
    ours: str
    verdict: Verdict
    also: tuple[str, ...] = ()
    case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Rows of one subject; `health` has the tables of judged objects behind its rows."""

    title: str
    about: str
    rows: tuple[Row, ...]
    others: str = "The others"
    health: bool = False


@cache
def chapters() -> tuple[Chapter, ...]:
    """Read the chapters in their order."""
    return tuple(_chapter(yaml.safe_load(file.read_text())) for file in sorted(ROWS.glob("*.yaml")))


def rows() -> Iterator[Row]:
    """Give every row of the page."""
    for chapter in chapters():
        yield from chapter.rows


def _chapter(written: dict[str, Any]) -> Chapter:
    cases = bool(written.get("cases"))
    return Chapter(
        title=written["title"],
        about=written["about"].strip(),
        rows=tuple(_row(row, case=cases) for row in written["rows"]),
        others=written.get("others", "The others"),
        health=bool(written.get("health")),
    )


def _row(written: dict[str, Any], *, case: bool) -> Row:
    return Row(
        id=written["id"],
        what=written["what"],
        others=written["others"],
        ours=written["ours"],
        verdict=Verdict(written["verdict"]),
        also=tuple(written.get("also", ())),
        case=case,
    )
