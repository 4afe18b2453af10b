"""A notice: what became of an environment, for people and programs away from the forge, who listen for some of it.

It leaves in two letters. The first is written with what it tells, and addressed to nobody; the reporter hands it out as
one letter for each receiver that listens, as the operator's file has it then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pushboat import later_words


class News(StrEnum):
    """What somebody may listen for. `TEST` is what `pushboat notify test` sends: nobody listens for it."""

    DEPLOYED = "deployed"
    FAILED = "failed"
    RECOVERED = "recovered"
    DRIFTED = "drifted"
    WAITING = "waiting"
    REMOVED = "removed"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is told: frozen when it became true, since what it speaks of goes on.

    `id` is its own for ever, and the same for every receiver and with every try. `sentence` says what happened, `at`
    when, in seconds since the epoch. `path` is the page below the public URL that tells more. `subject` and `author`
    are the commit's own words. `rolled_back`: an earlier release came back; `first`: nothing ran there before;
    `errored`: the world failed, and not the commit.
    """

    id: str
    news: News
    at: float
    repository: str
    environment: str
    sha: str = ""
    ref: str = ""
    sentence: str = ""
    subject: str = ""
    author: str = ""
    path: str = ""
    deployment: int = 0
    rolled_back: bool = False
    first: bool = False
    errored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLetter:
    """A notice that is to be handed out; what shares its `order` is handed out in turn."""

    notice: Notice
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressedLetter:
    """A notice for one receiver, by its name in the operator's file."""

    receiver: str
    notice: Notice


EVERYBODY = "@"
"""Where notices lie that are to be handed out; before a receiver's name, where its own lie. No forge is called so."""


def stream_in(repository: str, letter: NoticeLetter) -> str:
    """Name the stream of what happens in an environment: what came first is handed out first."""
    return f"notices {repository} {letter.notice.environment} {letter.order}".rstrip()


def stream_of(receiver: str) -> str:
    """Name the stream of one receiver."""
    return f"notices for {receiver}"


_FIELDS = (
    "id", "news", "at", "repository", "environment", "sha", "ref", "sentence", "subject", "author", "path",
    "deployment", "rolled_back", "first", "errored",
)  # fmt: skip


def written_notice(letter: NoticeLetter) -> Mapping[str, Any]:
    """Write down what happened."""
    return {name: getattr(letter.notice, name) for name in _FIELDS}


def read_notice(payload: Mapping[str, Any]) -> NoticeLetter:
    """Read it again."""
    return NoticeLetter(notice=_notice(payload))


def written_addressed(letter: AddressedLetter) -> Mapping[str, Any]:
    """Write down what a receiver shall hear."""
    return {**written_notice(NoticeLetter(notice=letter.notice)), "receiver": letter.receiver}


def read_addressed(payload: Mapping[str, Any]) -> AddressedLetter:
    """Read it again."""
    return AddressedLetter(receiver=payload["receiver"], notice=_notice(payload))


def _notice(payload: Mapping[str, Any]) -> Notice:
    known = {name: payload[name] for name in _FIELDS if name in payload}
    return Notice(**{**known, "news": later_words.demand(News, payload["news"])})
