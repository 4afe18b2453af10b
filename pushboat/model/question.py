"""A question that only a cluster can answer, asked through the API and answered by a worker; nothing is changed by it.

Who answers says what a terminal beside the server would say, so that one elsewhere can repeat it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pushboat.model.reach import Reach

WORDS: Mapping[str, tuple[str, ...]] = {
    "doctor": (),
    "drift": (),
    "logs": ("container", "all", "cursor"),
    "plan": ("sha",),
    "rollback": ("release",),
    "why": ("object", "namespace", "cluster"),
}
"""What may be asked, and with which arguments."""

OF_ONE_ENVIRONMENT = frozenset({"drift", "logs", "plan", "rollback"})
"""Words that need a repository and an environment; the others are about all within reach."""

ANSWER_WITHIN = 90.0
"""Seconds; longer than a comparison of thousands of objects."""
KEPT = 300.0
"""Seconds that an answer stays to be read: it has what containers wrote, and whoever asked is waiting for it."""
LONGEST_ANSWER = 1 << 20
"""Bytes of JSON."""
LONGEST_ARGUMENT = 4000
MOST_LOG_SOURCES = 50
"""Containers in one answer: as many as a cursor has room for."""

Said = tuple[str, str]
"""A sentence of talk behind its glyph, which may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer: `form` for programs, `lines` and what is `said` beside them for people, and the exit `code`."""

    code: int = 0
    form: Mapping[str, Any] | None = None
    lines: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and alone reads the answer: the holder of a `token`, by its number, or a person on a page (0)."""

    token: int = 0
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it is kept; times are by the store's clock.

    `reach` is what its answer may be about: the environment that is named, or all that the asker's token sees. What is
    asked of one `cluster` waits for no other; empty where it is about several. `files` are of a work tree, as they were
    sent, and gone with the answer.
    """

    id: int
    word: str
    asker: Asker
    reach: Reach
    cluster: str
    arguments: Mapping[str, str]
    asked_at: float
    answered_at: float | None = None
    told: Told | None = field(default=None, repr=False)
    fence: int = 0
    files: bytes = field(default=b"", repr=False)

    def lapsed(self, now: float) -> bool:
        """Say whether nobody answers it any more."""
        return self.answered_at is None and now >= self.asked_at + ANSWER_WITHIN
