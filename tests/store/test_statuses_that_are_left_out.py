"""Which statuses are left out, over real HTTP and from both stores: what is shown already, what has no room."""

import logging

import pytest
import sqlalchemy as sa

from pushboat.model.state import State
from pushboat.store import giving_up
from tests.store.desk import ENDS, HOUR, Desk
from tests.store.repository import time_passes

pytestmark = pytest.mark.programs


def test_after_an_hour_away_the_forge_hears_the_ends_first_and_nothing_that_is_over(desk: Desk) -> None:
    """It was down for an hour: one request for each commit and context, those that ended before those that run."""
    desk.forge.down = True
    for context in ("pushboat/runs", "pushboat/a"):
        desk.say(State.QUEUED, context=context)
        desk.say(State.RUNNING, context=context)
    desk.say(State.FAILED, context="pushboat/a")
    desk.report()
    time_passes(desk.store, HOUR)
    desk.forge.down = False
    before = desk.asked("POST")
    desk.report()
    assert desk.asked("POST") - before == 2
    assert [one[0] for one in desk.forge.statuses("acme/shop", desk.sha)] == ["pushboat/a", "pushboat/runs"]
    assert desk.outcomes() == ["collapsed", "sent", "collapsed", "collapsed", "sent"]


def test_what_is_shown_already_is_not_posted_again(desk: Desk) -> None:
    """The same sentence twice costs one request; another sentence is news."""
    for description in ("waits", "waits", "waits", "waits for ann", "waits"):
        desk.say(State.QUEUED, description)
    desk.report()
    assert desk.outcomes() == ["sent", "said already", "said already", "sent", "sent"]


def test_a_commit_that_takes_no_more_is_told_so_once(at_github: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """GitHub's thousand are used up: it is said once below the commit, and no more requests are spent on that pair."""
    for number in range(1000):
        at_github.stale(State.QUEUED) if number == 0 else at_github.forge.projects["acme/shop"].statuses.append(
            at_github.forge.projects["acme/shop"].statuses[0]
        )
    at_github.say(State.RUNNING)
    at_github.say(State.FAILED)
    at_github.say(State.FAILED, context="pushboat/b")
    before = at_github.asked("POST")
    with caplog.at_level(logging.WARNING):
        at_github.report()
    assert at_github.outcomes()[:3] == ["the commit takes no more", "the commit takes no more", "sent"]
    assert len([line for line in caplog.messages if "maximum number of statuses" in line]) == 1
    assert at_github.asked("POST") - before == 3, "one that is refused, one of the other context, one comment"
    (comment,) = [one for one in at_github.forge.projects["acme/shop"].comments if one.sha == at_github.sha]
    assert "`pushboat/a` of this commit stands still" in comment.body
    assert giving_up.numbers(at_github.store) == {}

    for _ in range(5):
        at_github.say(State.FAILED)
        at_github.report()
    assert at_github.asked("POST") - before == 3
    assert len([one for one in at_github.forge.projects["acme/shop"].comments if one.sha == at_github.sha]) == 1


def test_the_last_hundred_are_kept_for_how_things_end(at_github: Desk) -> None:
    """A commit that was told 900 times shows no more steps of the way, and every end."""
    for number in range(900):
        at_github.say(State.QUEUED, f"waits {number}")
    with at_github.store.writing() as tx:
        tx.change(sa.text("UPDATE outbox SET sent_at = 1, outcome = 'sent'"))
    at_github.say(State.RUNNING)
    at_github.say(State.FAILED)
    at_github.report()
    assert at_github.outcomes()[900:] == ["left out: kept for how it ends", "sent"]
    assert [state for state, _ in at_github.shown()] == ["failure"]


def test_what_may_have_been_said_in_between_is_spoken_against(desk: Desk) -> None:
    """The answer to *queued* got lost and the forge went away; the same end as before is said again, not left out."""
    desk.say(State.FAILED)
    desk.report()
    desk.forge.fail(502, method="POST", after=True)
    desk.say(State.QUEUED)
    desk.report()
    assert desk.shown()[-1][0] == "pending"
    time_passes(desk.store, HOUR)
    desk.say(State.FAILED)
    desk.report()
    assert desk.shown()[-1][0] == ENDS[desk.kind]


def test_a_sentence_with_pictures_is_told_without_them(at_github: Desk) -> None:
    """Somebody freezes with a flame in the reason: GitHub takes no such character there, and hears the rest."""
    at_github.say(State.FAILED, "frozen by ann: \U0001f525\U0001f525 in the hall, caf\u00e9 closed")
    at_github.report()
    assert at_github.shown() == [("failure", "frozen by ann: ? in the hall, caf\u00e9 closed")]
    time_passes(at_github.store, 61)
    at_github.report()
    assert len(at_github.shown()) == 1, "and is known again when it is read back"
