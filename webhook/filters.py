"""How pages say times, states and reasons: small pure functions that the templates use as filters."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from pushboat.model.state import State

STATE_WORDS = {
    State.QUEUED: "waiting",
    State.RUNNING: "deploying",
    State.SUCCEEDED: "succeeded",
    State.FAILED: "failed",
    State.ERRORED: "errored",
    State.SUPERSEDED: "superseded",
    State.CANCELLED: "cancelled",
}

_FENCE = re.compile(r"^```[^\n]*$", re.MULTILINE)
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_BULLET = re.compile(r"(?m)(?:(?<=^)|(?<=^  ))- ")
_STEPS = ((60, 1, "s"), (3600, 60, "min"), (172_800, 3600, "h"), (float("inf"), 86_400, "days"))


def exact(seconds: float) -> str:
    """Write a time with its zone, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def iso(seconds: float) -> str:
    """Write a time for a `<time>` element."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(seconds: float, now: float) -> str:
    """Say how long ago something was."""
    passed = now - seconds
    if passed < 5:
        return "just now"
    return f"{_rounded(passed)} ago"


def lasted(seconds: float) -> str:
    """Say how long something took."""
    if seconds < 10:
        return f"{max(0.0, seconds):.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else _rounded(seconds)


def blocks(details: str) -> Iterator[tuple[str, str]]:
    """Split markdown-like details into prose, without its marks, and fenced code, in their order."""
    for place, part in enumerate(_FENCE.split(details)):
        if text := part.strip("\n"):
            yield ("code", text) if place % 2 else ("prose", _BULLET.sub("• ", _BOLD.sub(r"\1", text)))


def diff_lines(diff: str) -> Iterator[tuple[str, str]]:
    """Tell a diff's lines apart: added, removed, heading, the rest."""
    for line in diff.splitlines():
        yield _DIFF_KINDS.get(line[:1], "same"), line


def shorten_ref(ref: str) -> str:
    """Take the folder off a branch's or tag's full name."""
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/")


def _rounded(seconds: float) -> str:
    for below, unit, word in _STEPS:
        if seconds < below:
            return f"{seconds // unit:.0f} {word}"
    raise AssertionError(seconds)


_DIFF_KINDS = {"+": "added", "-": "removed", "@": "hunk"}
