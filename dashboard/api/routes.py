"""What an address of the API is: a row that says its path, what it takes and gives, and which function answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask import Request, Response

from dashboard import queries
from dashboard.queries import LARGEST, MOST_ROWS
from pushboat.config.operator import Operator
from pushboat.model.ask import AskVerdict, Source
from pushboat.model.delivery import Verdict
from pushboat.model.reach import EVERYTHING, Reach
from pushboat.model.state import State
from pushboat.reading.lists import USUAL_ROWS, Page, Query, Row
from pushboat.reading.since import HOW, SINCE
from pushboat.store.database.engine import Store
from webhook.tries import MOST_ASKS, Tries

Json = dict[str, Any]

PREFIX = "/api/v1"
PAGED = ("limit", "cursor", "before")

PARAMETERS: Mapping[str, tuple[Json, str]] = {
    "repository": (
        {"type": "string"},
        "Only this repository's: `<forge>/<path>`, compared as its forge compares names.",
    ),
    "environment": ({"type": "string"}, "Only this environment's."),
    "state": ({"type": "string", "enum": [*map(str, State), ""]}, "Only those in this state."),
    "sha": ({"type": "string", "pattern": "^([0-9a-fA-F]{4,64})?$"}, "Only this commit's; its beginning will do."),
    "limit": (
        {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": USUAL_ROWS},
        "How many there are on a page.",
    ),
    "cursor": ({"type": "string"}, "The `next` of the page before."),
    "before": (
        {"type": "integer", "minimum": 1, "maximum": LARGEST},
        "Only those that are older than the one of this id.",
    ),
    "from": (
        {"type": "integer", "minimum": 1, "maximum": LARGEST},
        "The number of a release; without it the one before `to`.",
    ),
    "to": ({"type": "integer", "minimum": 1, "maximum": LARGEST}, "The number of a release; without it the newest."),
    "who": ({"type": "string"}, "Only what this one decided: the whole name, or its first words; without case."),
    "word": ({"type": "string"}, "Only what this was asked for: deploy, lock, log in; begin and end of deployments."),
    "source": ({"type": "string", "enum": [*map(str, Source), ""]}, "Only what came from there."),
    "verdict": ({"type": "string", "enum": [*map(str, AskVerdict), ""]}, "Only what was answered so."),
    "since": ({"type": "string", "pattern": SINCE}, f"Only what is not older: {HOW}."),
    "asked": ({"type": "string", "enum": ["yes", ""]}, "Only what somebody asked for, and not what Pushboat began."),
    "after": ({"type": "integer", "minimum": 0, "maximum": LARGEST, "default": 0}, "Only lines after this one's id."),
}
"""Each parameter that an address may take: its schema, and a sentence. An empty text is as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What answers are made of; `wake` tells dispatchers; `asks` counts what each holder of a token asks for."""

    operator: Operator
    store: Store
    wake: Callable[[], object]
    asks: Tries = field(default_factory=lambda: Tries(MOST_ASKS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one request asks for: the number in its path (0: none), its parameters, and how far whoever asks sees.

    `with_logs` says that they may read what containers said, `administers` that they may see what is of no repository.
    """

    number: int = 0
    query: Query = field(default_factory=Query)
    after: int = 0
    releases: tuple[int, int] = (0, 0)
    reach: Reach = EVERYTHING
    with_logs: bool = False
    administers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address; `form` names the schema of what it gives, or of each item where it gives a list.

    One that takes something has a `body`, whose schema this names. A `private` one is for a token alone, also where
    pages are open. `verdicts` are those that its rows have.
    """

    path: str
    name: str
    gives: str
    form: str
    answer: Callable[[Room, Asked], Json | Response]
    many: bool = False
    method: str = "GET"
    media: str = "application/json"
    body: str = ""
    private: bool = False
    parameters: tuple[str, ...] = ()
    verdicts: type[StrEnum] = Verdict

    @property
    def address(self) -> str:
        """Give the whole path, as people write it."""
        return f"{PREFIX}/{self.path}"

    @property
    def numbered(self) -> bool:
        """Say whether a number stands in its path."""
        return "{id}" in self.path


def read(request: Request, route: Route, number: int) -> Asked:
    """Read what a request asks of an address, and refuse what the address does not take.

    Raises:
        BadParameter: a parameter is unknown, or its value cannot be used.
    """
    queries.refuse_unknown(request, route.parameters)
    after = queries.number(request, "after", 0) if "after" in route.parameters else 0
    releases = queries.releases(request) if "from" in route.parameters else (0, 0)
    return Asked(number=number, query=queries.values(request, route.verdicts), after=after, releases=releases)


def listed(page: Page[Row], form: Callable[[Row], Json]) -> Json:
    """Write a page of a list, and what continues it."""
    return {
        "items": [form(row) for row in page.rows],
        "next": None if page.next is None else queries.cover(page.next),
    }
