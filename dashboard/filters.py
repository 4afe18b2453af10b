"""How pages say times for machines, reasons, diffs and refs: small pure functions that the templates use as filters."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from pushboat.model.health import Health
from pushboat.model.observed import Observed
from pushboat.model.proposal import named
from pushboat.model.wording import counted, unbold

_FENCE = re.compile(r"^```[^\n]*$", re.MULTILINE)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_BULLET = re.compile(r"(?m)(?:(?<=^)|(?<=^  ))- ")


def iso(seconds: float) -> str:
    """Write a time for a `<time>` element."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def blocks(details: str) -> Iterator[tuple[str, str]]:
    """Split markdown-like details into prose, without its marks, and fenced code, in their order."""
    for place, part in enumerate(_FENCE.split(details)):
        if text := part.strip("\n"):
            yield ("code", text) if place % 2 else ("prose", _BULLET.sub("• ", unbold(text)))


def diff_lines(diff: str) -> Iterator[tuple[str, str]]:
    """Tell a diff's lines apart: added, removed, heading, the rest."""
    for line in diff.splitlines():
        yield _DIFF_KINDS.get(line[:1], "same"), line


def proposal(number: int) -> str:
    """Name the pull request, or the merge queue's head, that a plan was made for."""
    return named(number)


def readable(value: object) -> object:
    """Write out what would turn the words around it round, or is a control character: a page shows both as nothing."""
    if not isinstance(value, str) or not _UNSEEN.search(value):
        return value
    return type(value)(_UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), value))


def shape(health: Health) -> str:
    """Choose the shape and colour of a state that an object's health comes nearest to."""
    return _SHAPES[health]


def pods(owner: Observed) -> str:
    """Count the pods below an object, and those that are ready."""
    below = [each for one in owner.dependents for each in (one.dependents or (one,))]
    named = [each for each in below if each.ref.kind == "Pod"]
    more = owner.more + sum(each.more for each in owner.dependents)
    well = sum(each.is_well for each in named)
    return f"{well} of {counted(len(named), 'pod')} well" + (f", {more} more not named" if more else "")


def why(one: Observed, above: str | None) -> str:
    """Give an object's reason, where neither its owner above nor something below it says the same."""
    if above is None or not one.dependents:
        return one.reason
    below = any(each.reason and each.reason in one.reason for each in one.dependents)
    return "" if below or one.reason in above else one.reason


_SHAPES = {
    Health.HEALTHY: "succeeded",
    Health.UNVERIFIED: "none",
    Health.SUSPENDED: "cancelled",
    Health.PROGRESSING: "running",
    Health.MISSING: "errored",
    Health.UNKNOWN: "none",
    Health.DEGRADED: "failed",
}
_DIFF_KINDS = {"+": "added", "-": "removed", "@": "hunk"}
