"""A forge was away for long: each stream goes on with its newest letter, and what is final goes first."""

import pytest
import sqlalchemy as sa

from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.routing import Post, Reply
from pushboat.store import outbox, quieting
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, time_passes

HOUR = 3600.0


def post(sha: str, state: State, description: str = "as it stands") -> Post:
    """A status that no deployment stands behind."""
    return Post(sha=sha, context="pushboat", state=state, description=description)


def said(letters: list[outbox.Envelope]) -> list[tuple[str, str]]:
    """Whose status it is and what it says, of those letters that are statuses."""
    opened = [outbox.opened(each) for each in letters]
    return [(each.sha, each.status.state.value) for each in opened if isinstance(each, StatusLetter)]


def outcomes(store: Store) -> dict[str, int]:
    """How many letters ended in which way."""
    query = sa.text("SELECT outcome, count(*) AS number FROM outbox GROUP BY outcome")
    with store.reading() as tx:
        return {row["outcome"]: row["number"] for row in tx.rows(query)}


@pytest.mark.proves("commit-status")
def test_after_an_hour_each_commit_gets_its_last_state_and_the_final_ones_come_first(
    store: Store, repository: Repository
) -> None:
    """GitHub was away for an hour: who waits to merge hears first, and nobody hears what is over; no reply is lost."""
    repository.route(post("runs", State.QUEUED), Reply(number=7, body="one"), Reply(number=7, body="two"))
    repository.route(post("green", State.QUEUED), post("red", State.QUEUED))
    repository.route(post("green", State.RUNNING), post("runs", State.RUNNING))
    repository.route(post("red", State.FAILED), post("green", State.SUCCEEDED))
    time_passes(store, HOUR)

    posted = []
    while letters := outbox.due_head(store, "poster", "github", limit=1):
        outbox.sent(store, letters[0])
        posted += letters

    assert said(posted) == [("red", "failed"), ("green", "succeeded"), ("runs", "running")]
    assert [each.kind for each in posted if each.kind != "status"] == ["reply", "reply"]
    assert outcomes(store) == {"sent": 5, "collapsed": 4}, "what was left out is not said to have been sent"


def test_what_goes_on_after_an_end_is_told_as_it_goes_on(store: Store, repository: Repository) -> None:
    """It failed and was begun anew during the outage: the forge hears that it runs, not that it failed."""
    repository.route(post("again", State.FAILED), post("other", State.SUCCEEDED))
    repository.route(post("again", State.RUNNING))
    time_passes(store, HOUR)
    assert said(repository.post_everything()) == [("other", "succeeded"), ("again", "running")]


def test_what_is_posted_already_is_not_overtaken_by_its_own_end(store: Store, repository: Repository) -> None:
    """A poster has a commit's first state in hand: its end waits for that, whatever comes first elsewhere."""
    repository.route(post("a", State.QUEUED))
    (held,) = outbox.due_head(store, "slow", "github", lease=120)
    repository.route(post("a", State.SUCCEEDED))
    time_passes(store, 100)
    assert outbox.due_head(store, "other", "github") == []
    outbox.sent(store, held)
    assert said(repository.post_everything()) == [("a", "succeeded")]


def test_one_owners_pause_holds_no_other_owner_up(store: Store, repository: Repository) -> None:
    """As a GitHub App we have a credential for each owner: where one is limited, all others hear everything."""
    repository.route(post("a", State.QUEUED))
    assert quieting.quiet(store, "github/Acme", 60, "limits our requests")
    assert not quieting.quiet(store, "github/Acme", 5, "limits our requests"), "it was quiet already"
    assert outbox.due_head(store, "poster", "github") == []
    assert outbox.due_forges(store) == []
    assert [each.credential for each in quieting.listed(store)] == ["github/Acme"]
    (pause,) = [quieting.found(store, "github/acme/shop")]
    assert pause
    assert 55 < pause.left <= 60
    assert quieting.found(store, "github/acme-two/shop") is None
    time_passes(store, 61)
    assert said(repository.post_everything()) == [("a", "queued")]


def test_another_token_ends_the_pause_of_one_that_was_not_known(store: Store, repository: Repository) -> None:
    """The operator's file has changed: whoever was refused may try again at once; a limit stays one."""
    repository.route(post("a", State.QUEUED))
    quieting.quiet(store, "github", 300, f"{quieting.UNKNOWN}: the token is not known")
    quieting.quiet(store, "gitlab", 300, "limits our requests")
    assert outbox.due_forges(store) == []
    assert quieting.end_unknown(store) == 1
    assert outbox.due_forges(store) == ["github"]
    assert [each.credential for each in quieting.listed(store)] == ["gitlab"]
