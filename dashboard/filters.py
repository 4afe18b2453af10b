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
_TITLE = re.compile(r"(?P<what>\*\*(?P<ref>[^*\n]+)\*\* is \w+): (?P<why>.+)")
_POD = re.compile(r"(?P<what>- (?P<pod>pod \S+) \(\w+\))(?P<why>(?:, container \S+)?: .+)")
_BARE = r"(?<![\w.-]){}(?![\w-]|\.\w)"
"""A name that is no part of a longer one."""
_COUNTED = re.compile(r"(?<=\d) (?=to (?:create|change|delete))")
_COMMIT = re.compile(r"\b([0-9a-f]{7})(?:[0-9a-f]{33}|[0-9a-f]{57})\b")
_BULLET = re.compile(r"(?m)(?:(?<=^)|(?<=^  ))- ")


def iso(seconds: float) -> str:
    """Write a time for a `<time>` element."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def blocks(details: str) -> Iterator[tuple[str, str]]:
    """Split markdown-like details into prose, without its marks, and fenced code, in their order."""
    for place, part in enumerate(_FENCE.split(details)):
        if text := part.strip("\n"):
            yield ("code", text) if place % 2 else ("prose", _BULLET.sub("• ", unbold(text)))


def beyond(details: str, told: str) -> str:
    """Leave out of details what a reason above them says already; nothing is left where they say no more."""
    lines, more = [], False
    for line in details.split("\n"):
        title, pod = _TITLE.fullmatch(line), _POD.fullmatch(line)
        if title and f"{title['ref']}: {title['why']}" in told:
            lines.append(title["what"])
        elif pod and f"{pod['pod']}{pod['why']}" in told:
            lines.append(pod["what"])
        else:
            lines.append(line)
            more |= bool(line.strip())
    return "\n".join(lines) if more else ""


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
    return _SHAPES.get(health, "none")


def together(sentence: str) -> str:
    """Keep a number on the line of what it counts."""
    return _COUNTED.sub("\u00a0", sentence)


def brief(sentence: str) -> str:
    """Shorten the commits that a sentence names, as pages write them."""
    return _COMMIT.sub(r"\1", sentence)


def to_do(action: str) -> str:
    """Say what would become of an object, as plans count it."""
    return _TO_DO.get(action, action)


def pods(owner: Observed) -> str:
    """Count the pods below an object, and those that are ready; where no pod is known, what it made."""
    below = list(_below(owner))
    named = [each for each in below if each.ref.kind == "Pod"]
    more = owner.more + sum(each.more for each in below)
    known, noun = (named, "pod") if named else (owner.dependents, "dependent")
    well = sum(each.is_well for each in known)
    return f"{well} of {counted(len(known), noun)} well" + (f", {more} more not named" if more else "")


def _below(owner: Observed) -> Iterator[Observed]:
    for each in owner.dependents:
        yield each
        yield from _below(each)


def why(one: Observed, above: str | None, told: str = "") -> str:
    """Give an object's reason, where neither the page's own, its owner's nor that of something below says the same."""
    if one.reason in told and re.search(_BARE.format(re.escape(one.ref.name)), told):
        return ""
    if above is None or not one.dependents:
        return one.reason
    below = any(each.reason and each.reason in one.reason for each in one.dependents)
    return "" if below or one.reason in above else one.reason


_TO_DO = {
    "created": "to create",
    "configured": "to change",
    "deleted": "to delete",
    "recreated": "to recreate",
}
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
