"""The newest commit wins, and the older ones share its fate where it contains them; each is told once."""

import pytest

from pushboat.model.state import State, Trigger
from pushboat.store import deliveries, ending, hinting, lanes
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, deploy, time_passes

FOLLOWS_B = ("running", "superseded by b, follows it")
QUEUED = ("queued", "waits for a free worker")
RUNNING = ("running", "deploying")


def test_a_push_that_is_told_of_twice_undoes_nothing(repository: Repository) -> None:
    """A push deploys, somebody deploys a pull request over it, and then the push arrives once more: it is known."""
    first = repository.route(deploy("a", once=True))[0]
    ending.finish(repository.store, repository.claim(first), State.SUCCEEDED, "healthy")
    other = repository.route(deploy("b", ref="refs/heads/topic", trigger=Trigger.COMMENT))[0]
    assert repository.route(deploy("a", once=True))[0].id == first.id
    assert repository.route(deploy("c", once=True))[0].id > other.id
    assert repository.route(deploy("a", once=True))[0].id > other.id, "set back to an older commit is a push of its own"


def test_a_newer_commit_supersedes_the_one_that_waits(store: Store, repository: Repository) -> None:
    """I push twice quickly: only the second one deploys, and the first one turns green with it."""
    first = repository.push("a")
    second = repository.push("b", contains=[first])
    older = repository.row(first)
    assert (older.state, older.successor, older.successor_sha) == (State.SUPERSEDED, second.id, "b")
    assert lanes.claim(store, first.id, "worker") is None
    assert hinting.due(store) == [second.id]
    ending.finish(store, repository.claim(second), State.SUCCEEDED, "healthy")
    assert repository.shown("a") == [QUEUED, FOLLOWS_B, ("succeeded", "runs as part of b")]
    assert repository.row(first).reason == "runs as part of b"


def test_the_middle_of_three_ends_with_the_newest(store: Store, repository: Repository) -> None:
    """Two commits come while the first one deploys: the newest is deployed, the middle one is part of it."""
    running = repository.claim(repository.push("a"))
    middle = repository.push("b", contains=[running.deployment])
    newest = repository.push("c", contains=[running.deployment, middle])
    ending.finish(store, running, State.SUCCEEDED, "healthy")
    ending.finish(store, repository.claim(newest), State.FAILED, "Deployment/shop/web: crash loop")
    assert repository.shown("a") == [QUEUED, RUNNING, ("succeeded", "healthy")]
    assert repository.shown("b")[-1] == ("failed", "c, which contains this: Deployment/shop/web: crash loop")
    assert repository.row(running.deployment).successor is None


def test_a_chain_of_superseded_commits_ends_with_the_last_one(store: Store, repository: Repository) -> None:
    """I push five times in a row, and when the last one is healthy all of them are green, each told once."""
    pushed = [repository.push("a")]
    for sha in "bcde":
        pushed.append(repository.push(sha, contains=pushed[-1:]))
    assert {repository.row(each).successor for each in pushed[:-1]} == {pushed[-1].id}
    ending.finish(store, repository.claim(pushed[-1]), State.SUCCEEDED, "healthy")
    for sha, next_sha in zip("abcd", "bcde", strict=True):
        follows = ("running", f"superseded by {next_sha}, follows it")
        assert repository.shown(sha) == [QUEUED, follows, ("succeeded", "runs as part of e")]


def test_a_commit_that_was_forced_away_is_replaced(store: Store, repository: Repository) -> None:
    """I force-push: the old commit does not run and must not turn green, nor must those that followed it."""
    first = repository.push("a")
    second = repository.push("b", contains=[first])
    forced = repository.push("f")
    ending.finish(store, repository.claim(forced), State.SUCCEEDED, "healthy")
    assert repository.shown("a") == [QUEUED, FOLLOWS_B, ("cancelled", "replaced by f")]
    assert repository.shown("b") == [QUEUED, ("cancelled", "replaced by f")]
    assert repository.row(second).successor == forced.id


def test_a_running_one_that_gives_way_follows_the_newer(store: Store, repository: Repository) -> None:
    """A rollout that only waits for health gives way to my fix, and its commit turns green with the fix."""
    older = repository.push("0")
    claim = repository.claim(repository.push("a", contains=[older]))
    fix = repository.push("b", contains=[claim.deployment])
    assert ending.finish(store, claim, State.SUPERSEDED, "gave way to b")
    assert hinting.due(store) == [fix.id]
    assert repository.shown("a") == [QUEUED, RUNNING, FOLLOWS_B]
    ending.finish(store, repository.claim(fix), State.SUCCEEDED, "healthy")
    assert repository.shown("a")[-1] == ("succeeded", "runs as part of b")
    assert repository.shown("0")[-1] == ("succeeded", "runs as part of b")


def test_giving_way_to_nobody_is_waiting_again(store: Store, repository: Repository) -> None:
    """A deployment steps aside for one that is gone by then: it deploys after all."""
    claim = repository.claim(repository.push("a"))
    assert ending.finish(store, claim, State.SUPERSEDED, "gave way")
    assert repository.row(claim.deployment).state is State.QUEUED
    assert hinting.due(store) == [claim.deployment.id]


@pytest.mark.proves("retries")
def test_an_older_one_is_not_tried_again_when_a_newer_one_waits(store: Store, repository: Repository) -> None:
    """The world fails a deployment, or its worker dies, while my next commit waits: that one deploys instead."""
    claim = repository.claim(repository.push("a"))
    second = repository.push("b", contains=[claim.deployment])
    ending.give_back(store, claim, "the cluster does not answer", 30)
    assert repository.row(claim.deployment).state is State.SUPERSEDED
    dying = repository.claim(second)
    third = repository.push("f")
    time_passes(store, 16)
    assert ending.sweep(store) == 1
    assert repository.row(second).state is State.SUPERSEDED
    assert repository.shown("a")[-1] == repository.shown("b")[-1] == ("cancelled", "replaced by f")
    assert repository.claim(third).took_over
    assert not ending.finish(store, dying, State.SUCCEEDED, "late")


def test_the_same_commit_twice_shows_one_story(store: Store, repository: Repository) -> None:
    """I replay a delivery while it waits: the commit shows no detour, only how it ended."""
    first = repository.push("a")
    again = repository.push("a", contains=[first])
    ending.finish(store, repository.claim(again), State.SUCCEEDED, "healthy")
    assert repository.row(first).state is State.SUPERSEDED
    assert repository.shown("a") == [QUEUED, QUEUED, RUNNING, ("succeeded", "healthy")]


def test_a_commit_that_did_not_get_there_is_not_said_to_deploy(repository: Repository) -> None:
    """The same commit comes once more after it failed: nothing new begins, and the delivery says so and what to do."""
    (first,) = repository.route(deploy("a", once=True))
    ending.finish(repository.store, repository.claim(first), State.FAILED, "no such image")
    (again,) = repository.route(deploy("a", once=True))
    assert again.id == first.id
    newest = deliveries.listed(repository.store)[0]
    assert f"tried already (deployment {first.id} failed)" in newest.reason
    assert f"pushboat deliveries replay {newest.id}" in newest.reason


def test_a_commit_that_comes_twice_while_it_deploys_is_told_once(repository: Repository) -> None:
    """A merge arrives as a pull request and as a push: the second one has nothing to add."""
    repository.route(deploy("a", once=True))
    repository.route(deploy("a", once=True))
    assert "tried already" not in deliveries.listed(repository.store)[0].reason
