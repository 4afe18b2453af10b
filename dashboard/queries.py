"""Query parameters, read strictly: a misspelt filter answers 400 instead of showing everything."""

import base64
import binascii
import re
from collections.abc import Sequence
from enum import StrEnum

from flask import Request

from pushboat.model import wording
from pushboat.model.ask import Source
from pushboat.model.delivery import Verdict
from pushboat.model.state import State
from pushboat.reading.lists import USUAL_ROWS, Query
from pushboat.reading.since import read_since
from webhook.failures import BadParameter

NUMBER = "<int(max=4611686018427387904):number>"
"""A row's id in a path: larger ones are no store's, and answer 404."""

MOST_ROWS = 100
LARGEST = 2**62
"""Whole numbers beyond this are no row's."""
LONGEST_WORDS = 200


class Asked(StrEnum):
    """What leaves out of the audit what nobody asked for."""

    YES = "yes"


_SHA = re.compile(r"[0-9a-f]{4,64}", re.IGNORECASE)
_CURSOR = re.compile(rb"before:(\d{1,18})")


def read(request: Request, *allowed: str, verdicts: type[StrEnum] = Verdict) -> Query:
    """Read a list's parameters; `verdicts` are those that its rows have.

    Raises:
        BadParameter: one is unknown, or its value cannot be used.
    """
    refuse_unknown(request, (*allowed, "limit", "cursor"))
    return values(request, verdicts)


def refuse_unknown(request: Request, known: Sequence[str]) -> None:
    """Refuse a parameter that an address does not take.

    Raises:
        BadParameter: there is one.
    """
    for name in request.args:
        if name not in known:
            near = wording.near_miss(name, known) or "there is none here"
            raise BadParameter(f"unknown parameter {wording.quoted(name)}; {near}", wording.printable(name))


def values(request: Request, verdicts: type[StrEnum] = Verdict) -> Query:
    """Read the values of those that narrow a list.

    Raises:
        BadParameter: one cannot be used.
    """
    words = request.args.get("q", "").strip()
    if len(words) > LONGEST_WORDS:
        raise BadParameter(f"q must have at most {LONGEST_WORDS} characters", "q")
    return Query(
        repository=request.args.get("repository", ""),
        environment=request.args.get("environment", ""),
        state=_word(request, "state", State),
        words=words,
        forge=request.args.get("forge", ""),
        verdict=_word(request, "verdict", verdicts),
        who=request.args.get("who", "").strip(),
        word=request.args.get("word", "").strip(),
        source=_word(request, "source", Source),
        since=_since(request),
        asked=_word(request, "asked", Asked),
        sha=_sha(request.args.get("sha", "")),
        limit=number(request, "limit", USUAL_ROWS, least=1, most=MOST_ROWS),
        before=_before(request),
    )


def number(request: Request, name: str, usual: int, *, least: int = 0, most: int = LARGEST) -> int:
    """Read a whole number within bounds."""
    text = request.args.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        bounds = f"from {least} to {most}" if most < LARGEST else f"of at least {least}"
        raise BadParameter(f"{name} must be a whole number {bounds}", name)
    return int(text)


def releases(request: Request) -> tuple[int, int]:
    """Read the two releases that are compared; 0 where one is not named.

    Raises:
        BadParameter: it is no number of a release.
    """
    older, newer = (number(request, name, 0, least=1) if request.args.get(name) else 0 for name in ("from", "to"))
    return older, newer


def cover(identity: int) -> str:
    """Make the cursor that continues a list after this id."""
    return base64.urlsafe_b64encode(f"before:{identity}".encode()).decode().rstrip("=")


def _word(request: Request, name: str, words: type[StrEnum]) -> str:
    """Read a parameter that is one of a few words, or nothing."""
    text = request.args.get(name, "")
    if text and text not in list(words):
        raise BadParameter(f"{name} must be one of {', '.join(words)}", name)
    return text


def _since(request: Request) -> str:
    text = request.args.get("since", "").strip()
    try:
        if text:
            read_since(text, 0.0)
    except ValueError as error:
        raise BadParameter(f"since cannot be read: {error}", "since") from error
    return text


def _before(request: Request) -> int | None:
    """Give the number before which a page begins: what its cursor says, or who asks."""
    named = number(request, "before", 0, least=1)
    covered = _uncover(request.args["cursor"]) if request.args.get("cursor") else 0
    return min((each for each in (named, covered) if each), default=None)


def _uncover(cursor: str) -> int:
    try:
        plain = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        plain = b""
    found = _CURSOR.fullmatch(plain)
    if found is None:
        raise BadParameter("cursor must be the `next` of an earlier answer", "cursor")
    return int(found[1])


def _sha(text: str) -> str:
    if text and not _SHA.fullmatch(text):
        raise BadParameter("sha must be 4 to 64 hexadecimal digits", "sha")
    return text.lower()
