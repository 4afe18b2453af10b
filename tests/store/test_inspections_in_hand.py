"""What happens while a worker compares an environment: its look saw nothing of that, and must not be the last word."""

import pytest

from pushboat.store import comparing, inspections
from pushboat.store.database.engine import Store
from tests.store.looking import EVERY, LANE, SAID, claimed, drift, looked, release
from tests.store.repository import Repository


@pytest.mark.parametrize("end", ["concluded", "put off", "troubled"])
def test_what_somebody_sees_meanwhile_is_looked_at_as_soon_as_the_look_ends(
    store: Store, repository: Repository, end: str
) -> None:
    """It had read what I edited before I did: `pushboat drift` knows that, and my commit says it in a moment."""
    release(repository, repository.push("a"))
    held = claimed(store)
    inspections.wake(store, LANE)
    assert inspections.due_clusters(store, EVERY) == [], "one still looks"
    if end == "concluded":
        assert looked(store, held=held)
    elif end == "put off":
        inspections.put_off(store, held, EVERY)
    else:
        inspections.troubled(store, held, "dev does not answer", EVERY)
    assert inspections.due_clusters(store, EVERY) == ["dev"]
    assert looked(store, drift(), held=inspections.claim(store, "dev", EVERY))
    assert inspections.due_clusters(store, EVERY) == [], "once, and then in its turn"
    assert repository.shown("a")[-1] == ("errored", SAID)


def test_whoever_still_looks_where_nobody_looks_any_more_says_nothing(store: Store, repository: Repository) -> None:
    """The operator turns the timer off while a look goes on: my commit goes on saying so, and it was the last look."""
    release(repository, repository.push("a"))
    assert looked(store, drift())
    held = claimed(store)
    comparing.schedule(store, {}, EVERY)
    over = repository.shown("a")[-1]
    assert over == ("errored", f"not compared any more; {SAID}")
    assert looked(store, held=held) is None
    assert repository.shown("a")[-1] == over
    assert inspections.due_clusters(store, EVERY) == []


def test_what_somebody_sees_where_nobody_looks_any_more_begins_no_look(store: Store, repository: Repository) -> None:
    """The timer is off, and I ask `pushboat drift`: what I see starts nothing that would compare without end."""
    release(repository, repository.push("a"))
    assert looked(store, drift())
    comparing.schedule(store, {}, EVERY)
    inspections.wake(store, LANE)
    assert inspections.due_clusters(store, EVERY) == []
    comparing.schedule(store, {LANE: "dev"}, EVERY)
    inspections.wake(store, LANE)
    assert inspections.due_clusters(store, EVERY) == ["dev"]
