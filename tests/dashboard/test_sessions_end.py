"""Whoever signed in is signed in for a working day, and no longer than they are there."""

from dataclasses import replace

import pytest

from pushboat.model.person import Person, Session
from pushboat.store.sessions import IDLE, LASTS

BEGAN = 1_000_000.0
SESSION = Session(
    id=1, person=Person(realm="github", subject="1", name="ada", at_forge=True), began_at=BEGAN, seen_at=BEGAN,
    expires_at=BEGAN + LASTS,
)  # fmt: skip


@pytest.mark.parametrize(
    ("after", "seen", "lives"),
    [
        (0.0, 0.0, True),
        (IDLE - 1, 0.0, True),
        (IDLE, 0.0, False),
        (LASTS - 1, LASTS - 60, True),
        (LASTS, LASTS - 60, False),
        (LASTS + 3600, LASTS + 3599, False),
        (-IDLE - 1, 0.0, False),
    ],
)
def test_a_session_ends_whatever_its_browser_does(after: float, seen: float, lives: bool) -> None:
    """Four hours without a question end it, twelve hours in any case; a clock that was set back opens nothing."""
    assert replace(SESSION, seen_at=BEGAN + seen).lives(BEGAN + after, IDLE) is lives


def test_a_session_that_was_ended_counts_no_more() -> None:
    """Signing out is for good."""
    assert not replace(SESSION, ended_at=BEGAN + 1).lives(BEGAN + 2, IDLE)
