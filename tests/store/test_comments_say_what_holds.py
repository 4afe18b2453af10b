"""The comment on each pull request follows what holds its environments: put, lifted, begun or ended by the clock."""

from dataclasses import replace

import pytest

from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.reading import proposed
from pushboat.store import ending, holds, passing, stickies
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, plan, time_passes
from tests.store.test_stickies import marked, turn

STAGING = Scope(repository=NAME, environment="staging")
PAUSE = Hold(kind="pause", scope=STAGING, by="ann", reason="we migrate")


@pytest.fixture
def settled(store: Store, repository: Repository) -> Store:
    """#7 is planned for staging, and its comment says so."""
    (planned,) = repository.route(plan("a"))
    ending.finish(store, repository.claim(planned), State.SUCCEEDED, "1 to create")
    settle(store)
    return store


def settle(store: Store) -> None:
    """The comment was looked at."""
    stickies.say(store, turn(store), "", "marker")


def held(store: Store) -> tuple[str, ...]:
    """What #7's comment says that holds staging."""
    (planned,) = proposed.find(store, NAME, 7).planned
    return planned.held


@pytest.mark.parametrize("scope", [STAGING, Scope(repository=NAME), Scope()], ids=["one", "a repository", "everything"])
def test_a_pause_and_its_end_are_looked_at_wherever_it_binds(settled: Store, scope: Scope) -> None:
    """Ann pauses it, and resumes: my comment looks at both; what holds another environment is no news there."""
    holds.put(settled, replace(PAUSE, scope=Scope(repository=NAME, environment="qa")))
    holds.put(settled, replace(PAUSE, scope=replace(STAGING, deployment=99)))
    assert marked(settled) == []
    holds.put(settled, replace(PAUSE, scope=scope))
    assert marked(settled) == [7]
    assert held(settled)[0].startswith("paused by ann since ")
    settle(settled)
    holds.lift(settled, "pause", scope)
    assert marked(settled) == [7]
    assert held(settled) == ()


def test_a_lock_that_the_clock_ends_is_looked_at_once(settled: Store) -> None:
    """Ben's hour is over: nobody did anything, and my comment says so all the same, however long nobody looked."""
    since = passing.notice(settled, 0.0)
    lock = Hold(kind="lock", scope=STAGING, by="ben", subject="ben", spares="ben", until=settled.now() + 3600)
    holds.put(settled, lock)
    settle(settled)
    since = passing.notice(settled, since)
    assert marked(settled) == []
    time_passes(settled, 3600)
    since = passing.notice(settled, since)
    assert marked(settled) == [7]
    assert held(settled) == ()
    settle(settled)
    passing.notice(settled, since)
    assert marked(settled) == []


def test_what_is_over_and_tidied_by_the_next_hold_is_looked_at_too(settled: Store) -> None:
    """Ben's pause has ended when he pauses anew and takes its room, or another repository's: my comment hears of it."""
    holds.put(settled, replace(PAUSE, until=settled.now() + 3600))
    settle(settled)
    time_passes(settled, 3600)
    holds.put(settled, replace(PAUSE, scope=Scope(repository="github/acme/blog")))
    passing.notice(settled, 0.0)
    assert marked(settled) == [7]
    settle(settled)
    holds.put(settled, replace(PAUSE, until=settled.now() + 3600))
    settle(settled)
    time_passes(settled, 3600)
    placed = holds.put(settled, PAUSE)
    assert placed.replaced is None
    assert marked(settled) == [7]


def test_a_freeze_that_begins_by_the_clock_is_looked_at_then(settled: Store) -> None:
    """It stands in the store since yesterday; my comment says it from tonight on, also after a restart."""
    now = settled.now()
    holds.put(settled, Hold(kind="freeze", scope=STAGING, by="a file", begins=now + 3600, until=now + 7200))
    settle(settled)
    since = passing.notice(settled, 0.0)
    assert (marked(settled), held(settled)) == ([], ())
    time_passes(settled, 3600)
    passing.notice(settled, since - 3600)  # time passes here by letting all that happened be earlier
    assert marked(settled) == [7]
    assert held(settled)[0].startswith("frozen from ")
    settle(settled)
    passing.notice(settled, 0.0)
    assert marked(settled) == [7], "who starts anew does not know what was seen"
