"""Drift is put back in the lane's turn, for nobody's sake but the running release's: no push is late or lost by it."""

import pytest
import sqlalchemy as sa

from pushboat.config.retention import Retention
from pushboat.model.deployment import Counts, Deployment
from pushboat.model.hold import Hold
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State, Trigger
from pushboat.routing import LiftHold, PutHold
from pushboat.routing.holds import PIN
from pushboat.store import (
    deployments,
    ending,
    hinting,
    holds,
    releases,
    routing_jobs,
)
from pushboat.store.database.engine import Store
from pushboat.store.forgetting import forget
from tests.store.looking import LANE, SAID, STAGING, claimed, drift, known, looked, release
from tests.store.repository import Repository, deploy, time_passes


def healed(
    store: Store, repository: Repository, state: State = State.SUCCEEDED, counts: Counts | None = None
) -> Deployment:
    """Carry out what puts drift back."""
    (queued,) = [each for each in routing_jobs.unfinished(store, LANE) if each.heals]
    made = Render(contents={Ref("", "ConfigMap", "shop", "a"): "a"}, packed=b"packed")
    ending.finish(store, repository.claim(queued), state, f"it {state}", render=made, counts=counts)
    return repository.row(queued)


def test_putting_back_counts_for_nobody(store: Store, repository: Repository) -> None:
    """It is no release, speaks on no commit, is not what runs, and changes nothing about which commit is the newest."""
    made = release(repository, repository.push("a"))
    shown = repository.shown("a")
    done = looked(store, drift(), heals=True)
    assert done
    assert done.healing
    assert hinting.due(store) == [done.healing]
    row = healed(store, repository)
    assert (row.trigger, row.again, row.sha, row.release) == (Trigger.SELF_HEAL, 1, "a", 0)
    assert repository.shown("a") == shown
    assert [each.number for each in releases.listed(store, LANE)] == [1]
    assert deployments.latest_by_lane(store) == deployments.running_by_lane(store) == [repository.row(made)]
    assert routing_jobs.newest(store, LANE) == repository.row(made)
    (same,) = repository.route(deploy("a", once=True))
    assert same.id == made.id, "a merge that arrives again is deployed already"


def test_it_gives_way_to_a_push_and_says_nothing_of_it_on_the_deployed_commit(
    store: Store, repository: Repository
) -> None:
    """I push while drift waits to be put back: mine goes first, and the old commit neither follows it nor shares it."""
    release(repository, repository.push("a"))
    shown = repository.shown("a")
    done = looked(store, drift(), heals=True)
    assert done
    newer = repository.push("b", contains=[repository.row(done.healing)])
    gone = repository.row(done.healing)
    assert (gone.state, gone.reason) == (State.SUPERSEDED, "replaced by b")
    ending.finish(store, repository.claim(newer), State.FAILED, "unhealthy")
    assert repository.shown("a") == shown
    time_passes(store, 3600)
    done = looked(store, drift(), heals=True)
    assert done
    running = repository.claim(repository.row(done.healing))
    repository.push("c", contains=[running.deployment])
    ending.finish(store, running, State.SUPERSEDED, "c came")
    assert repository.row(done.healing).state is State.SUPERSEDED
    assert repository.shown("a") == shown


@pytest.mark.parametrize("word", ["pause", PIN])
def test_it_goes_past_no_hold_but_a_pin_to_that_very_release(store: Store, repository: Repository, word: str) -> None:
    """I paused the environment, or rolled it back elsewhere: nothing is written there, and the commit says why."""
    release(repository, repository.push("a"))
    holds.put(store, Hold(kind=word, scope=STAGING, by="ann", subject="release 7 (f)" * (word == PIN)))
    done = looked(store, drift(), heals=True)
    assert done
    assert done.healing == 0
    state, said = repository.shown("a")[-1]
    assert (state, said[:40]) == ("errored", SAID[:40])
    assert known(store).unhealed.startswith(
        f"not put back: {'paused' if word == 'pause' else 'pinned to release 7 (f)'} by"
    )
    assert holds.lift(store, word, STAGING, "release 7 (f)" * (word == PIN)).hold
    assert looked(store, drift(), heals=True)
    assert healed(store, repository)
    assert looked(store)
    assert repository.shown("a")[-1] == ("succeeded", "a is healthy")


def test_under_a_pin_the_release_is_put_back_and_the_push_that_waits_is_not_lost(
    store: Store, repository: Repository
) -> None:
    """I rolled back, ann's push waits: drift is put back meanwhile, again and again, and after the unlock hers goes."""
    release(repository, repository.push("a"))
    release(repository, repository.push("b"))
    pin = Hold(kind=PIN, scope=STAGING, by="ann", subject="release 1 (a)")
    (back,) = repository.route(PutHold(hold=pin), deploy("a", trigger=Trigger.ROLLBACK, release=1))
    release(repository, back)
    waits = repository.push("c")
    shown = repository.shown("c")
    for _ in range(3):
        done = looked(store, drift(), heals=True)
        assert done
        assert done.healing, known(store).unhealed
        assert healed(store, repository).again == 3
        time_passes(store, 3600)
    assert repository.row(waits).state is State.QUEUED
    assert repository.shown("c") == shown
    repository.route(LiftHold(kind=PIN, scope=STAGING, subject="release 1 (a)"), deploy("x", "production"))
    hinting.wake_all(store)
    assert waits.id in hinting.due(store)
    assert release(repository, waits).release == 4


def test_nothing_is_put_back_while_something_waits(store: Store, repository: Repository) -> None:
    """A commit waits for its next try: it is deployed first, whatever people did meanwhile."""
    release(repository, repository.push("a"))
    held = claimed(store)
    repository.push("b")
    done = looked(store, drift(), heals=True, held=held)
    assert done
    assert done.healing == 0
    assert known(store).unhealed == "not put back: b is next"


def test_one_that_failed_is_not_tried_again_for_the_same_drift(store: Store, repository: Repository) -> None:
    """It cannot be put back: I am told once, nothing is tried in a loop, and another edit is another matter."""
    release(repository, repository.push("a"))
    assert looked(store, drift(), heals=True)
    failed = healed(store, repository, State.FAILED)
    for value in ("5", "6", "7"):
        time_passes(store, 3600)
        done = looked(store, drift(value), heals=True)
        assert done
        assert done.healing == 0
        assert known(store).unhealed == f"not put back: deployment {failed.id} failed: it failed"
    assert repository.shown("a")[-1][0] == "errored"
    assert looked(store, drift(), drift(name="other"), heals=True)
    errored = healed(store, repository, State.ERRORED)
    done = looked(store, drift(), drift(name="other"), heals=True)
    assert done
    assert done.healing == 0, "the world was in the way a moment ago"
    time_passes(store, 3600)
    done = looked(store, drift(), drift(name="other"), heals=True)
    assert done
    assert done.healing > errored.id


def test_what_puts_drift_back_takes_no_rollback_away(store: Store, repository: Repository) -> None:
    """Drift is put back a hundred times in a year: the releases that I may go back to are the same as before."""
    for sha in ("a", "b"):
        release(repository, repository.push(sha))
    for _ in range(5):
        assert looked(store, drift(), heals=True)
        healed(store, repository)
        time_passes(store, 400 * 24 * 3600)
    forget(store, Retention(keep=2), lambda: False)
    assert [(each.number, each.sha, each.kept) for each in releases.listed(store, LANE)] == [
        (2, "b", True),
        (1, "a", True),
    ]
    with store.reading() as tx:
        left = tx.rows(sa.text("SELECT id FROM deployment WHERE cause = 'self-heal'"))
    assert len(left) <= 1, "those themselves go with time"


def test_what_was_put_back_and_did_not_come_up_is_not_green(store: Store, repository: Repository) -> None:
    """The replicas are as git has them again, and no pod starts: my commit says so until it is put right."""
    release(repository, repository.push("a"))
    assert looked(store, drift(), heals=True)
    failed = healed(store, repository, State.FAILED, Counts(configured=1))
    assert looked(store, heals=True)
    said = f"drift was put back, and deployment {failed.id} failed: it failed"
    assert repository.shown("a")[-1] == ("errored", said)
    assert known(store).unhealed == said
    time_passes(store, 3600)
    assert looked(store, drift(name="other"), heals=True)
    healed(store, repository, counts=Counts(configured=1))
    assert looked(store, heals=True)
    assert repository.shown("a")[-1] == ("succeeded", "a is healthy")
