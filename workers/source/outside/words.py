"""What comes from outside, and who brings it: words, for whoever renders and fetches nothing by itself."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pushboat.errors import RenderFailed
from pushboat.model.outside import Outside

LOCK = "run `pushboat sources lock` and commit .pushboat.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What came from outside, and how people call it."""

    content: bytes = field(repr=False)
    shown: str


Bring = Callable[[Outside], Brought]
"""Gives what a file of the repository asks for, or raises RenderFailed with what to do."""


def nothing(outside: Outside) -> Brought:
    """Bring nothing: for whoever renders without a lock file."""
    raise RenderFailed(f"{outside} is outside of this repository: {LOCK}")
