"""A hold keeps deployments from starting and says why; lifting it, or its end, lets the newest one go."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pushboat.errors import Outrun
from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.json_forms import deployment_form
from pushboat.model.state import State
from pushboat.model.times import clock
from pushboat.routing import LiftHold, PutHold
from pushboat.routing.holds import KINDS, HoldKind, sentence
from pushboat.store import deployments, ending, hinting, holds, lanes, turns
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy, plan, time_passes
from tests.until import until

STAGING = Scope(repository=NAME, environment="staging")


def pause(store: Store, scope: Scope = STAGING, **more: Any) -> holds.Placed:
    """Ann pauses staging."""
    return holds.put(store, Hold(kind="pause", scope=scope, by="ann", reason="we migrate", **more))


def may_start(store: Store, deployment: Deployment) -> bool:
    """Whether the dispatcher tells a worker of it and that worker gets it."""
    hinted = deployment.id in hinting.due(store)
    claimed = lanes.claim(store, deployment.id, "worker") is not None
    assert hinted == claimed
    return claimed


def test_a_paused_lane_starts_nothing_and_says_why_everywhere(store: Store, repository: Repository) -> None:
    """Ann pauses staging: my push waits, and commit, list and page tell me who paused it and what for."""
    placed = pause(store)
    assert placed.waiting == ()
    said = sentence(placed.hold)
    assert said == f"paused by ann since {clock(placed.hold.since)}: we migrate"
    pushed = repository.push("a")
    assert pushed.state is State.QUEUED
    assert not may_start(store, pushed)
    assert repository.row(pushed).waits == said
    assert [row.waits for row in deployments.listed(store)] == [said]
    assert [row.waits for row in deployments.latest_by_lane(store)] == [said]
    assert deployment_form(pushed, "")["waits"] == said
    assert repository.shown("a") == [("queued", said)]


def test_what_waits_already_says_so_when_its_lane_is_paused_and_resumed(store: Store, repository: Repository) -> None:
    """My commit waits for a worker when ann pauses staging: its status says so, and it starts when she resumes."""
    pushed = repository.push("a")
    hinting.hinted(store, [pushed.id])
    placed = pause(store)
    assert placed.waiting == (repository.row(pushed),)
    lifted = holds.lift(store, "pause", STAGING)
    assert lifted.hold
    assert (lifted.hold.by, lifted.hold.reason, [one.id for one in lifted.waited]) == ("ann", "we migrate", [pushed.id])
    assert may_start(store, pushed)
    free = ("queued", "waits for a free worker")
    assert repository.shown("a") == [free, ("queued", sentence(placed.hold)), free, ("running", "deploying")]


def test_the_newest_commit_wins_in_a_paused_lane(store: Store, repository: Repository) -> None:
    """Three of us push while staging is paused: afterwards only the last commit is deployed."""
    pause(store)
    first = repository.push("a")
    second = repository.push("b", contains=[first])
    assert repository.row(first).state is State.SUPERSEDED
    holds.lift(store, "pause", STAGING)
    assert may_start(store, second)


def test_a_pause_ends_nothing_that_runs(store: Store, repository: Repository) -> None:
    """Ann pauses staging while my commit is being deployed: it gets through, the next one waits."""
    running = repository.claim(repository.push("a"))
    pause(store)
    assert ending.finish(store, running, State.SUCCEEDED, "healthy")
    assert not may_start(store, repository.push("b"))


def test_what_runs_does_not_give_way_to_what_may_not_start(store: Store, repository: Repository) -> None:
    """My commit waits for health, staging is paused, bob pushes: mine goes on until staging is resumed."""
    running = repository.claim(repository.push("a"))
    pause(store)
    newer = repository.push("b")
    assert lanes.newer_waits(store, running) is None
    holds.lift(store, "pause", STAGING)
    assert lanes.newer_waits(store, running) == repository.row(newer)


def test_a_try_that_was_given_back_waits_too_and_stays_running_at_the_forge(
    store: Store, repository: Repository
) -> None:
    """The cluster is away when ann pauses staging: there is no next try, and no status goes back to queued."""
    claim = repository.claim(repository.push("a"))
    ending.give_back(store, claim, "the cluster does not answer", 10)
    said = sentence(pause(store).hold)
    time_passes(store, 11)
    assert not may_start(store, claim.deployment)
    holds.lift(store, "pause", STAGING)
    assert repository.shown("a")[-2:] == [
        ("running", said),
        ("running", "the cluster does not answer; waits for a free worker"),
    ]
    assert may_start(store, claim.deployment)


def test_plans_and_other_lanes_are_not_bound(store: Store, repository: Repository) -> None:
    """Staging is paused: pull requests get their plans, production its deployments."""
    pause(store)
    planned, other = repository.route(plan("a"), deploy("a", "production"))
    assert may_start(store, planned)
    assert may_start(store, other)


@pytest.mark.parametrize("scope", [Scope(), Scope(repository=NAME), Scope(environment="staging"), STAGING])
def test_a_hold_binds_as_far_as_it_reaches(store: Store, repository: Repository, scope: Scope) -> None:
    """Everything, a repository or an environment may be held, and each is let go by itself."""
    pause(store, scope)
    pushed = repository.push("a")
    assert not may_start(store, pushed)
    assert holds.listed(store, NAME, "staging")
    assert holds.lift(store, "pause", Scope(repository="github/acme/other")).hold is None
    assert holds.lift(store, "pause", scope).hold
    assert may_start(store, pushed)


def test_one_deployment_may_be_held_alone(store: Store, repository: Repository) -> None:
    """A hold on one deployment ends with it: the next commit passes."""
    pushed = repository.push("a")
    pause(store, Scope(deployment=pushed.id))
    assert not may_start(store, pushed)
    assert may_start(store, repository.push("b", contains=[pushed]))


def test_a_hold_ends_by_itself(store: Store, repository: Repository) -> None:
    """Ann pauses staging for an hour: then it goes on, whether she remembers or not."""
    until = store.now() + 3600
    pause(store, until=until)
    pushed = repository.push("a")
    assert f", until {clock(until)}: we migrate" in repository.row(pushed).waits
    time_passes(store, 3601)
    assert holds.listed(store) == []
    assert may_start(store, pushed)
    assert holds.lift(store, "pause", STAGING).hold is None
    assert pause(store).replaced is None


def test_a_pause_put_twice_is_one(store: Store, repository: Repository) -> None:
    """Ann pauses what bob has paused: one pause stands, hers, and she learns that his stood before."""
    holds.put(store, Hold(kind="pause", scope=STAGING, by="bob"))
    pushed = repository.push("a")
    placed = pause(store)
    assert placed.replaced
    assert placed.replaced.by == "bob"
    assert [hold.by for hold in holds.listed(store)] == ["ann"]
    assert repository.shown("a")[-1] == ("queued", sentence(placed.hold))
    holds.lift(store, "pause", STAGING)
    assert may_start(store, pushed)


def test_what_is_routed_puts_and_lifts_holds(store: Store, repository: Repository) -> None:
    """Somebody asks for a pause and later for its end: each is done with its delivery, before what it deploys."""
    hold = Hold(kind="pause", scope=STAGING, by="ann", reason="we migrate")
    (pushed,) = repository.route(deploy("a"), PutHold(hold=hold))
    assert repository.shown("a") == [("queued", pushed.waits)]
    assert pushed.waits.endswith(": we migrate")
    lift = LiftHold(kind="pause", scope=STAGING)
    assert repository.route(lift) == []
    assert may_start(store, pushed)


def test_what_was_lifted_meanwhile_is_decided_anew(repository: Repository) -> None:
    """Two of us resume at once: the second is not told that it did what the first had done."""
    with pytest.raises(Outrun, match="the pause of staging has been lifted meanwhile"):
        repository.route(LiftHold(kind="pause", scope=STAGING))


def test_a_new_kind_of_hold_is_one_row(store: Store, repository: Repository) -> None:
    """Somebody invents a new reason to wait: a row in the table is all, and a version without it still waits."""
    gate = HoldKind(name="tide", sentence=lambda hold: f"waits for the tide {hold.subject}", plans=True)
    placed = holds.put(store, Hold(kind="tide", scope=STAGING, by="ops", subject="tests"), {**KINDS, gate.name: gate})
    assert placed.hold.plans
    pushed, planned = repository.route(deploy("a"), plan("a"))
    assert not may_start(store, pushed)
    assert not may_start(store, planned)
    assert repository.row(pushed).waits == "held back (tide) by ops"
    assert holds.lift(store, "tide", STAGING, "other").hold is None
    assert holds.lift(store, "tide", STAGING, "tests").hold
    assert may_start(store, planned)


def test_no_claim_slips_through_while_a_lane_is_being_paused(store: Store, repository: Repository) -> None:
    """A worker has its hint when ann pauses: either it runs and her pause says so, or it does not start."""
    for number in range(12):
        name = f"environment-{number}"
        (made,) = repository.route(deploy("a", name))
        start = threading.Barrier(2)

        def claim(made: Deployment = made, start: threading.Barrier = start) -> object:
            start.wait()
            return lanes.claim(store, made.id, "worker")

        def hold(name: str = name, start: threading.Barrier = start) -> holds.Placed:
            start.wait()
            return pause(store, Scope(repository=NAME, environment=name))

        with ThreadPoolExecutor(2) as threads:
            claimed, placed = threads.submit(claim), threads.submit(hold)
        assert (claimed.result() is None) == bool(placed.result().waiting)
        last = repository.shown("a", f"pushboat/{name}")[-1]
        assert last == (
            ("queued", sentence(placed.result().hold)) if placed.result().waiting else ("running", "deploying")
        )


def test_holds_pushes_and_workers_at_once_block_nobody(store: Store, repository: Repository) -> None:
    """Ann pauses and resumes the whole repository while pushes come in and workers claim: nobody meets an error."""
    names = [f"environment-{number}" for number in range(6)]
    ended = threading.Event()

    def work() -> int:
        claimed = 0
        while not ended.is_set():
            for number in hinting.due(store):
                if claim := lanes.claim(store, number, "worker"):
                    claimed += turns.renew(store, [claim.turn], 15) == {claim.turn}
                    ending.finish(store, claim, State.SUCCEEDED, "healthy")
        return claimed

    def push() -> None:
        for number in range(12):
            repository.route(*(deploy(f"{number}", name) for name in sorted(names, key=lambda _: random.random())))

    def hold() -> None:
        for _ in range(12):
            pause(store, Scope(repository=NAME))
            holds.lift(store, "pause", Scope(repository=NAME))

    with ThreadPoolExecutor(4) as threads:
        workers = [threads.submit(work) for _ in range(2)]
        others = [threads.submit(push), threads.submit(hold)]
        try:
            for other in others:
                other.result(60)
            # What waits behind one that a worker has in hand is not due, and is to be claimed all the same.
            until(lambda: states(store) == {State.SUCCEEDED}, what="everything to be deployed")
        finally:
            ended.set()
    assert sum(worker.result() for worker in workers) >= len(names)
    assert states(store) == {State.SUCCEEDED}


def states(store: Store) -> set[State]:
    """Give the states of the newest deployments of all lanes."""
    return {row.state for row in deployments.latest_by_lane(store)}
