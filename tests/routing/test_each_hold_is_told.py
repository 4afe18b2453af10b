"""Whoever waits is told each thing that holds, in the order in which they end, with who ends it and how."""

from dataclasses import replace

import pytest

from pushboat.model import status
from pushboat.model.deployment import Held
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.routing.holds import all_told, in_order, in_words, told, with_line
from pushboat.routing.holds.locking import NEVER
from tests.routing.words import deployed

NOW = 1_700_000_000.0
SCOPE = Scope(repository="github/acme/shop", environment="staging")
PAUSE = Hold(kind="pause", scope=SCOPE, by="ann", since=NOW - 9, id=1)
LOCK = Hold(kind="lock", scope=SCOPE, by="ben", spares="ben", since=NOW - 5, id=2)
NEXT = Hold(kind="lock", scope=SCOPE, by="cy", since=NOW - 8, begins=NEVER, until=NEVER + 60, id=3)
FROZEN = Hold(kind="freeze", scope=SCOPE, by="pushboat.yaml", begins=NOW - 60, until=NOW + 60, id=4)
AHEAD = replace(FROZEN, begins=NOW + 100, until=NOW + 200, id=5)
NEED = Hold(kind="needs", scope=replace(SCOPE, deployment=9), by="staging", subject="qa", sha="1a2b3c4d", id=6)


def test_what_ends_first_comes_first_and_who_is_in_line_comes_after_the_lock() -> None:
    """Something else's success, then the clock, then people; a lock that is in line ends after the one before it."""
    every = [PAUSE, NEXT, LOCK, FROZEN, NEED]
    assert in_order(every) == [NEED, FROZEN, PAUSE, LOCK, NEXT]
    assert in_order(reversed(every)) == [NEED, FROZEN, PAUSE, LOCK, NEXT]


def test_what_lies_ahead_holds_nothing_yet_but_who_is_in_line_is_seen_beside_the_lock() -> None:
    """Tomorrow's freeze is no reason of today; that cy is next matters to whoever wants the lock."""
    assert with_line([FROZEN, LOCK, PAUSE, AHEAD, NEXT], NOW) == [FROZEN, LOCK, NEXT, PAUSE]
    assert with_line([AHEAD], NOW) == []


def test_each_is_told_with_who_ends_it_and_how() -> None:
    """One line says all of it, also where nobody but the clock or a deed ends it."""
    assert [told(in_words(each)).partition(" (")[2] for each in (LOCK, FROZEN, replace(PAUSE, scope=Scope()))] == [
        "ended by ben, or whoever may deploy there, with pushboat unlock github/acme/shop staging)",
        "ended by the clock; or whoever may deploy there breaks the glass)",
        "ended by the operator, at the terminal)",
    ]
    assert told(in_words(Hold(kind="tide", scope=SCOPE, by="the moon"))) == "held back (tide) by the moon"
    assert in_words(NEXT).until is None, "nobody knows when"


def test_what_the_newest_waits_for_comes_first_and_nothing_comes_twice() -> None:
    """Its own need, then the lock that holds it as well, then a pause that is not its own."""
    waiting = deployed(9, state=State.QUEUED, holds=(in_words(NEED), in_words(LOCK)))
    assert [each.id for each in all_told(waiting, (LOCK, PAUSE))] == [6, 2, 1]
    assert [each.id for each in all_told(None, (LOCK, PAUSE))] == [2, 1]


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        (("frozen",), "frozen"),
        (("frozen", "locked by ben"), "frozen; then locked by ben"),
        (("a" * 100, "b" * 100), f"{'a' * 100}; and 1 more"),
        (("a" * 60, "b" * 50, "c" * 60), f"{'a' * 60}; then {'b' * 50}; and 1 more"),
        (("a" * 200, "b", "c"), f"{'a' * 127}…; and 2 more"),
        (("a" * 200,), f"{'a' * 139}…"),
    ],
)
def test_a_commit_is_told_as_many_whole_as_fit_and_how_many_more(sentences: tuple[str, ...], said: str) -> None:
    """A status has 140 characters: no sentence is lost without a word."""
    held = tuple(Held(sentence=each) for each in sentences)
    waiting = deployed(9, state=State.QUEUED, waits="; then ".join(sentences), holds=held)
    told = status.of(waiting).description
    assert told == said
    assert len(told) <= status.LONGEST_DESCRIPTION
