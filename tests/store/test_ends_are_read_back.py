"""How something ended is read back, over real HTTP and from both stores: what came late is put right."""

import logging

import pytest

from pushboat.model.state import State
from pushboat.store import outbox
from tests.store.desk import ENDS, HOUR, Desk
from tests.store.repository import time_passes

pytestmark = pytest.mark.programs


def test_a_stale_word_after_the_last_one_is_put_right(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A poster was frozen with *running* in hand and wakes after the end was told: the commit shows the end again."""
    desk.say(State.RUNNING)
    desk.say(State.FAILED)
    desk.report()
    desk.stale(State.RUNNING)
    assert desk.shown()[-1][0] != ENDS[desk.kind]
    desk.report()
    assert desk.shown()[-1][0] != ENDS[desk.kind], "two leases must have passed"
    time_passes(desk.store, 61)
    with caplog.at_level(logging.WARNING):
        desk.report()
    assert desk.shown()[-1][0] == ENDS[desk.kind]
    assert any("said again" in line for line in caplog.messages)
    before = desk.asked()
    time_passes(desk.store, 61)
    desk.report()
    assert desk.asked() - before == 1, "and is read once more"
    time_passes(desk.store, HOUR)
    desk.report()
    assert desk.asked() - before == 1


def test_an_end_is_read_back_once_and_nothing_else_is(desk: Desk) -> None:
    """One question for each end that still is the last word; none for what runs or was begun anew."""
    desk.say(State.RUNNING, context="pushboat/runs")
    for context in ("pushboat/a", "pushboat/anew"):
        desk.say(State.FAILED, context=context)
    desk.report()
    desk.say(State.QUEUED, "once more", context="pushboat/anew")
    desk.report()
    before, posts = desk.asked(), desk.asked("POST")
    time_passes(desk.store, 61)
    for _ in range(3):
        desk.report()
        time_passes(desk.store, HOUR)
    assert (desk.asked() - before, desk.asked("POST") - posts) == (1, 0)
    assert outbox.backlog(desk.store) == 0


def test_somebody_elses_word_under_our_context_is_not_fought_for_ever(desk: Desk) -> None:
    """Another program writes under our name after each of our words: we say it three times more, and leave it."""
    desk.say(State.FAILED)
    for _ in range(10):
        desk.report()
        desk.stale(State.RUNNING)
        time_passes(desk.store, 61)
    assert [state for state, _ in desk.shown()].count(ENDS[desk.kind]) == 4


def test_a_forge_that_is_away_when_it_is_read_is_asked_again(desk: Desk) -> None:
    """Reading fails for a while: the late word is found all the same."""
    desk.say(State.FAILED)
    desk.report()
    desk.stale(State.RUNNING)
    desk.forge.down = True
    time_passes(desk.store, 61)
    desk.report()
    desk.forge.down = False
    time_passes(desk.store, 61)
    desk.report()
    assert desk.shown()[-1][0] == ENDS[desk.kind]


def test_an_end_that_was_said_twice_is_read_back_as_well(desk: Desk) -> None:
    """The same end is told again, which costs no request; a word that comes late after it is put right all the same."""
    desk.say(State.FAILED)
    desk.report()
    desk.say(State.FAILED)
    desk.report()
    desk.stale(State.RUNNING)
    time_passes(desk.store, 61)
    desk.report()
    assert desk.shown()[-1][0] == ENDS[desk.kind]
