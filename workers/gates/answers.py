"""What a gate answers, read with distrust: only a clear yes is one, and its words are never more than a short line."""

import json
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pushboat.model.wording import printable

LARGEST_ANSWER = 16 * 1024
LONGEST_REASON = 120
SHORTEST_PAUSE, USUAL_PAUSE, LONGEST_PAUSE = 5.0, 30.0, 600.0
"""Seconds until a gate that does not know yet is asked again: by its word, within these."""


class Word(StrEnum):
    """What a gate may say; silence is what is none of it."""

    ALLOW = "allow"
    DENY = "deny"
    WAIT = "wait"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer; `reason` is its own words or ours, `pause` says after how many seconds to ask again."""

    word: Word
    reason: str = ""
    pause: float = USUAL_PAUSE


class _SaidTwice(Exception):
    """Yes and no in one answer: which of the two a program reads is chance."""


def read(status: int, body: bytes, asked: str) -> Answer:
    """Read an answer to the question `asked`; what is not clear is silence."""
    if status != 200:
        return silent(f"it answers {status}, must answer 200")
    if len(body) > LARGEST_ANSWER:
        return silent("its answer is too long")
    try:
        said = json.loads(body, object_pairs_hook=_each_once)
    except _SaidTwice:
        return silent("its answer has one key twice")
    except (ValueError, RecursionError):
        return silent("its answer is not JSON")
    if not isinstance(said, dict) or said.get("answer") not in (Word.ALLOW, Word.DENY, Word.WAIT):
        return silent('its answer has no "answer": "allow", "deny" or "wait"')
    if said.get("id", asked) != asked:
        return silent("its answer is to another question")
    reason = said.get("reason")
    told = printable(reason, LONGEST_REASON) if isinstance(reason, str) else ""
    return Answer(word=Word(said["answer"]), reason=told, pause=_pause(said.get("retry_after")))


def silent(why: str) -> Answer:
    """Make an answer of nothing that can be understood."""
    return Answer(word=Word.SILENCE, reason=why)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _SaidTwice
    return found


def _pause(written: Any) -> float:
    if isinstance(written, bool) or not isinstance(written, int | float) or not math.isfinite(written):
        return USUAL_PAUSE
    return min(max(float(written), SHORTEST_PAUSE), LONGEST_PAUSE)
