"""What Pushboat says in a pull request's conversation: one comment on how it stands, and an answer to each command."""

from collections.abc import Iterable

from pushboat.model.letter import STICKY_MARKER


def answers(told: Iterable[str]) -> list[str]:
    """Leave out the comment on how it stands."""
    return [text for text in told if STICKY_MARKER not in text]


def stickies(told: Iterable[str]) -> list[str]:
    """Give the comment on how it stands: at most one, where all is well."""
    return [text for text in told if STICKY_MARKER in text]
