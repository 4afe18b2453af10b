"""Cancelling ends what waits, tells what runs to stop, and lets nobody's commit wait for an end that never comes."""

import pytest

from pushboat.errors import Outrun
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.routing import Cancel
from pushboat.store import cancelling, ending, hinting, lanes, progress_lines
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, deploy, time_passes

WHO = "olga on the command line"


def cancel(repository: Repository) -> list[Deployment]:
    """Let olga cancel what is on its way to staging."""
    return repository.route(Cancel(environment="staging", by=WHO))


def test_what_waits_is_cancelled_at_once(store: Store, repository: Repository) -> None:
    """It never starts, and its commit says who stopped it."""
    waiting = repository.push("a")
    (ended,) = cancel(repository)
    assert (ended.id, ended.state, ended.reason) == (waiting.id, State.CANCELLED, f"cancelled by {WHO}")
    assert ended.finished_at
    assert repository.shown("a")[-1] == ("cancelled", f"cancelled by {WHO}")
    assert lanes.claim(store, waiting.id, "worker") is None
    assert hinting.due(store) == []


def test_those_who_followed_it_share_its_fate(repository: Repository) -> None:
    """My commit was superseded by one that contains it: when that one is cancelled, mine waits for nothing."""
    older = repository.push("a")
    repository.push("b", contains=[older])
    cancel(repository)
    assert repository.shown("a")[-1] == ("cancelled", f"b, which contains this: cancelled by {WHO}")
    assert repository.row(older).state is State.SUPERSEDED


def test_what_runs_is_told_to_stop_and_ends_itself(store: Store, repository: Repository) -> None:
    """Its worker is asked to stop at the next safe point; until then it runs."""
    running = repository.push("a")
    claim = repository.claim(running)
    assert cancelling.cancelled_by(store, running.id) == ""
    (told,) = cancel(repository)
    assert told.state is State.RUNNING
    assert cancelling.cancelled_by(store, running.id) == WHO
    assert [line.text for line in progress_lines.listed(store, running.id)] == [f"told to stop: cancelled by {WHO}"]
    ending.finish(store, claim, State.CANCELLED, f"cancelled by {WHO}")
    assert repository.row(running).state is State.CANCELLED
    assert repository.claim(repository.push("b"))


def test_what_runs_and_what_waits_behind_it_both_go(repository: Repository) -> None:
    """Cancelling the environment stops everything on its way there; the one that may take a while comes first."""
    running = repository.push("a")
    repository.claim(running)
    waiting = repository.push("b", contains=[running])
    assert [one.id for one in cancel(repository)] == [running.id, waiting.id]
    assert repository.row(waiting).state is State.CANCELLED


def test_a_worker_that_dies_after_the_word_leaves_it_cancelled(store: Store, repository: Repository) -> None:
    """Nobody starts again what somebody stopped."""
    running = repository.push("a")
    repository.claim(running)
    cancel(repository)
    time_passes(store, 60)
    assert ending.sweep(store) == 1
    assert repository.row(running).state is State.CANCELLED
    assert repository.shown("a")[-1] == ("cancelled", f"cancelled by {WHO}")


def test_one_that_waits_for_another_try_is_not_tried_again(store: Store, repository: Repository) -> None:
    """The cluster was away when it was cancelled."""
    running = repository.push("a")
    claim = repository.claim(running)
    cancel(repository)
    ending.give_back(store, claim, "the cluster does not answer", 2.0)
    assert repository.row(running).state is State.CANCELLED


def test_cancelling_what_has_ended_meanwhile_is_decided_again(store: Store, repository: Repository) -> None:
    """It ended between the look and the act: nothing is said to be cancelled that was not."""
    with pytest.raises(Outrun):
        cancel(repository)


def test_other_environments_and_plans_go_on(repository: Repository) -> None:
    """Only the lane of that environment is touched."""
    elsewhere = repository.route(deploy("a", "qa"))[0]
    repository.push("a")
    cancel(repository)
    assert repository.row(elsewhere).state is State.QUEUED
