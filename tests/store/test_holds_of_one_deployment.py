"""What a deployment waits for itself goes with it, and lets what is further go first; then the newest wins."""

from dataclasses import replace
from typing import Any

import pytest

from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State, Trigger
from pushboat.routing.holds import KINDS, PIN
from pushboat.store import attempts, ending, hinting, holds, lanes
from pushboat.store.cancelling import cancel
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy, time_passes

STAGING = Scope(repository=NAME, environment="staging")


def waits_for(subject: str, **more: Any) -> Hold:
    """Something that one deployment waits for itself."""
    return Hold(kind="pause", scope=Scope(), by="the operator", subject=subject, **more)


def own(deployment: Deployment) -> Scope:
    """What such a hold is put on."""
    return Scope(repository=NAME, environment="staging", deployment=deployment.id)


def pushed(repository: Repository, sha: str, *subjects: str, contains: Any = (), **more: Any) -> Deployment:
    """Push a commit that begins with these holds."""
    act = deploy(sha, holds=tuple(map(waits_for, subjects)), **more)
    return repository.route(act, contained=[each.id for each in contains])[0]


def may_start(store: Store, deployment: Deployment) -> bool:
    """Whether the dispatcher tells a worker of it and that worker gets it."""
    hinted = deployment.id in hinting.due(store)
    claimed = lanes.claim(store, deployment.id, "worker") is not None
    assert hinted == claimed
    return claimed


def test_it_begins_with_what_it_waits_for(store: Store, repository: Repository) -> None:
    """My push waits for two things from its first moment; each lets go of it alone, and others never waited for it."""
    mine = pushed(repository, "a", "ann", "bob")
    assert [each.sentence.split(" since ")[0] for each in mine.holds] == ["paused by the operator"] * 2
    assert mine.held
    assert not may_start(store, mine)
    holds.lift(store, "pause", own(mine), "ann")
    assert not may_start(store, mine)
    holds.lift(store, "pause", own(mine), "bob")
    assert may_start(store, mine)


@pytest.mark.parametrize("ends", ["superseded", "cancelled", "failed"])
def test_it_goes_with_its_deployment(store: Store, repository: Repository, ends: str) -> None:
    """However a deployment ends, nobody finds what it waited for in the list any more."""
    mine = pushed(repository, "a", "ann")
    if ends == "superseded":
        pushed(repository, "b")
    elif ends == "cancelled":
        with store.writing() as tx:
            cancel(tx, mine.lane, "ann")
    else:
        holds.lift(store, "pause", own(mine), "ann")
        claim = repository.claim(mine)
        ending.hold_back(store, claim, [waits_for("the gate")])
        time_passes(store, 1)
        holds.lift(store, "pause", own(mine), "the gate")
        ending.finish(store, repository.claim(mine), State.FAILED, "no")
    assert repository.row(mine).state == ends
    assert holds.listed(store) == []


def test_the_newer_one_does_not_take_the_place_of_what_is_further(store: Store, repository: Repository) -> None:
    """Ann approved my commit, and it waits for its turn; bob pushes one that nobody approved: mine goes first."""
    runs = repository.push("r")
    claim = repository.claim(runs)
    mine = pushed(repository, "a", "ann")
    holds.lift(store, "pause", own(mine), "ann")
    newer = pushed(repository, "b", "ann", contains=[mine])
    assert repository.row(mine).state is State.QUEUED
    assert repository.row(newer).state is State.QUEUED
    ending.finish(store, claim, State.SUCCEEDED, "done")
    assert may_start(store, mine)
    assert not may_start(store, newer)


def test_once_it_is_as_far_the_newer_one_wins(store: Store, repository: Repository) -> None:
    """Then ann approves bob's as well, before mine has begun: mine shares its fate."""
    holds.put(store, Hold(kind="pause", scope=STAGING, by="ann"))
    mine = pushed(repository, "a")
    newer = pushed(repository, "b", "ann", contains=[mine])
    assert repository.row(mine).state is State.QUEUED
    holds.lift(store, "pause", own(newer), "ann")
    assert repository.row(mine).state is State.SUPERSEDED
    assert repository.row(mine).successor_contains
    holds.lift(store, "pause", STAGING)
    assert may_start(store, newer)


def test_an_older_one_that_is_let_go_leaves_the_newer_one_waiting(store: Store, repository: Repository) -> None:
    """Ann lets my commit go, and bob's newer one waits for carl: mine is deployed, then bob's; neither is lost."""
    mine = pushed(repository, "a", "ann")
    newer = pushed(repository, "b", "carl", contains=[mine])
    holds.lift(store, "pause", own(mine), "ann")
    assert repository.row(newer).state is State.QUEUED
    ending.finish(store, repository.claim(mine), State.SUCCEEDED, "done")
    holds.lift(store, "pause", own(newer), "carl")
    assert may_start(store, newer)


def test_what_ends_by_itself_lets_the_newer_one_win_too(store: Store, repository: Repository) -> None:
    """Bob's waited until noon, and mine for a busy lane: at noon bob's goes, and mine does not wait for ever."""
    runs = repository.claim(repository.push("r"), ttl=500)
    mine = pushed(repository, "a")
    noon = waits_for("noon", until=store.now() + 60)
    newer = repository.route(deploy("b", holds=(noon,)), contained=[mine.id])[0]
    time_passes(store, 100)
    ending.finish(store, runs, State.SUCCEEDED, "done")
    assert not may_start(store, mine)
    assert may_start(store, newer)
    assert (repository.row(mine).state, repository.row(mine).successor) == (State.SUPERSEDED, newer.id)


def test_of_two_that_wait_for_the_same_the_newest_is_left(store: Store, repository: Repository) -> None:
    """Nobody has approved mine when bob's comes, which needs the same: one commit is to be approved, not two."""
    mine = pushed(repository, "a", "ann")
    newer = pushed(repository, "b", "ann", contains=[mine])
    assert repository.row(mine).state is State.SUPERSEDED
    assert not may_start(store, newer)


def test_what_is_not_let_in_goes_back_with_its_reason(store: Store, repository: Repository) -> None:
    """A gate says "not yet" to a worker: the lane is free for others, the attempt does not count, it starts later."""
    mine = repository.push("a")
    later = waits_for("the gate", until=store.now() + 30)
    assert ending.hold_back(store, repository.claim(mine), [later])
    row = repository.row(mine)
    assert (row.state, row.attempts, row.begun) == (State.QUEUED, 0, False)
    assert row.waits.startswith("paused by the operator")
    assert not may_start(store, mine)
    time_passes(store, 31)
    assert may_start(store, mine)


def test_a_worker_that_lost_its_lease_holds_nothing_back(store: Store, repository: Repository) -> None:
    """It asked a gate for too long: another one has the deployment, and what the gate said then counts no more."""
    mine = repository.push("a")
    late = repository.claim(mine, ttl=1)
    time_passes(store, 5)
    ending.sweep(store)
    repository.claim(mine)
    assert not ending.hold_back(store, late, [waits_for("the gate")])
    assert holds.listed(store) == []


def test_what_waits_behind_a_pin_keeps_what_it_waits_for(store: Store, repository: Repository) -> None:
    """An unapproved push is moved behind a rollback: it still waits for ann."""
    holds.put(store, Hold(kind=PIN, scope=STAGING, by="ann", subject="release 1"))
    mine = pushed(repository, "a", "ann")
    repository.route(deploy("r", trigger=Trigger.ROLLBACK, release=1))
    again = repository.row(mine).successor
    assert again
    holds.lift(store, PIN, STAGING, "release 1")
    assert not may_start(store, repository.row(again))
    holds.lift(store, "pause", own(repository.row(again)), "ann")
    assert may_start(store, repository.row(again))


def test_a_hold_may_stand_ahead_of_its_time(store: Store, repository: Repository) -> None:
    """A freeze from noon on binds at noon, whoever is awake then, and nothing before."""
    holds.put(store, Hold(kind="pause", scope=STAGING, by="ann", begins=store.now() + 60))
    assert may_start(store, repository.push("a"))
    time_passes(store, 100)
    assert repository.push("b").waits.startswith("paused by ann")


def test_the_owner_passes_and_the_older_one_steps_back(store: Store, repository: Repository) -> None:
    """Ann keeps staging for herself: bob's push waits, hers goes; and bob's older one does not come back after it."""
    with store.writing() as tx:
        holds.put_in(tx, Hold(kind="pause", scope=STAGING, by="ann", spares="ann"))
    bobs = repository.route(deploy("b", author="bob"))[0]
    assert not may_start(store, bobs)
    anns = repository.route(deploy("a", author="ann"), contained=[bobs.id])[0]
    assert may_start(store, anns)
    assert repository.row(bobs).state is State.SUPERSEDED


@pytest.mark.parametrize(("begun", "glass"), [(True, ""), (False, "the shop is down")])
def test_what_has_begun_or_broke_the_glass_passes(
    store: Store, repository: Repository, begun: bool, glass: str
) -> None:
    """A freeze stops neither the second try of what is half written, nor whoever says that it must be now."""
    mine = repository.route(deploy("a", glass=glass))[0]
    if begun:
        claim = repository.claim(mine)
        attempts.mean(store, claim, {})
        ending.give_back(store, claim, "the cluster does not answer", 0.0)
    frozen = {**KINDS, "pause": replace(KINDS["pause"], begun=False, breakable=True)}
    holds.put(store, Hold(kind="pause", scope=STAGING, by="the calendar"), frozen)
    assert not repository.row(mine).held
    assert may_start(store, mine)
