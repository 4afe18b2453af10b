"""A lane carries one deployment at a time, and a worker that lost it changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Claim, Counts, Deployment
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.store import change_sets, deployments, ending, hinting, lanes, progress_lines, turns
from pushboat.store.database.engine import Store
from pushboat.store.progress_lines import Line
from pushboat.store.turns import may_be_hinted
from tests.store.repository import NAME, Repository, deploy, time_passes

CHANGES = (
    Change(ref=Ref("apps", "Deployment", "shop", "web"), action=Action.CONFIGURED, diff="- a\n+ b", notes=("one",)),
    Change(ref=Ref("", "Namespace", "", "shop"), action=Action.UNCHANGED),
)


def test_only_one_of_many_workers_gets_a_deployment(store: Store, repository: Repository) -> None:
    """Eight workers get the same hint at once, and one of them deploys."""
    queued = repository.push("a")
    with ThreadPoolExecutor(8) as threads:
        claims = list(threads.map(lambda name: lanes.claim(store, queued.id, f"w{name}"), range(8)))
    (claim,) = [each for each in claims if each]
    assert (claim.deployment.state, claim.deployment.attempts, claim.took_over) == (State.RUNNING, 1, False)
    assert repository.shown("a") == [("queued", "waits for a free worker"), ("running", "deploying")]


def test_a_claim_and_a_newer_push_at_the_same_moment_agree(store: Store, repository: Repository) -> None:
    """I push just when a worker takes my last commit: either that one runs and mine waits, or mine replaces it."""
    with ThreadPoolExecutor(2) as threads:
        for number in range(25):
            older = repository.push(f"a{number}")
            start = Barrier(2)

            def take(older: Deployment = older, start: Barrier = start) -> Claim | None:
                start.wait()
                return lanes.claim(store, older.id, "worker")

            claiming = threads.submit(take)
            start.wait()
            newer = repository.push(f"b{number}")
            claim = claiming.result()
            assert repository.row(older).state is (State.RUNNING if claim else State.SUPERSEDED)
            assert repository.row(newer).state is State.QUEUED
            if claim:
                ending.finish(store, claim, State.SUCCEEDED, "healthy")
            ending.finish(store, repository.claim(newer), State.SUCCEEDED, "healthy")


def test_the_end_of_a_deployment_is_written_whole(store: Store, repository: Repository) -> None:
    """A deployment ends, and its page and its commit show how and with which changes."""
    claim = repository.claim(repository.push("a"))
    counts = Counts(configured=1, unchanged=1)
    assert ending.finish(store, claim, State.SUCCEEDED, "2 objects; healthy", counts=counts, changes=CHANGES)
    ended = repository.row(claim.deployment)
    assert (ended.state, ended.reason, ended.counts) == (State.SUCCEEDED, "2 objects; healthy", counts)
    assert ended.started_at
    assert ended.finished_at
    assert change_sets.listed(store, ended.id) == CHANGES
    assert repository.shown("a")[-1] == ("succeeded", "2 objects; healthy")
    assert not ending.finish(store, claim, State.FAILED, "again")
    assert repository.row(ended) == ended


def test_a_busy_lane_takes_nothing_else(store: Store, repository: Repository) -> None:
    """I push while a deployment runs: the new one waits until that one has ended."""
    running = repository.claim(repository.push("a"))
    waiting = repository.push("b")
    assert hinting.due(store) == []
    assert lanes.claim(store, waiting.id, "other") is None
    assert lanes.newer_waits(store, running) == waiting
    (elsewhere,) = repository.route(deploy("c", "qa"))
    assert repository.claim(elsewhere).fence == 1
    assert ending.finish(store, running, State.FAILED, "broken")
    assert hinting.due(store) == [waiting.id]
    assert repository.claim(waiting).fence > running.fence


def test_a_lease_lives_as_long_as_it_is_renewed(store: Store, repository: Repository) -> None:
    """A worker that says in time that it lives keeps its lane."""
    claim = repository.claim(repository.push("a"))
    time_passes(store, 10)
    assert turns.renew(store, [claim.turn], 15) == {claim.turn}
    time_passes(store, 10)
    assert ending.sweep(store) == 0
    time_passes(store, 6)
    assert turns.renew(store, [claim.turn], 15) == set()


@pytest.mark.proves("pain-22")
def test_a_dead_workers_deployment_is_taken_over(store: Store, repository: Repository) -> None:
    """A worker is killed in the middle of an apply, another goes on, and a late word of the first changes nothing."""
    frozen = repository.claim(repository.push("a"))
    time_passes(store, 16)
    assert ending.sweep(store) == 1
    assert ending.sweep(store) == 0
    assert hinting.due(store) == [frozen.deployment.id]
    other = repository.claim(frozen.deployment)
    assert other.took_over
    assert other.fence >= frozen.fence + 2
    assert other.deployment.attempts == 2
    assert turns.renew(store, [frozen.turn], 15) == set()
    before = repository.row(other.deployment)
    assert not ending.finish(store, frozen, State.FAILED, "late")
    assert not ending.give_back(store, frozen, "late", 0)
    assert repository.row(other.deployment) == before
    assert ending.finish(store, other, State.SUCCEEDED, "healthy")
    assert not repository.claim(repository.push("b")).took_over


def test_a_take_over_is_told_until_a_deployment_has_succeeded(store: Store, repository: Repository) -> None:
    """A frozen worker's writes may land late, so that the next ones still guard against them."""
    repository.claim(repository.push("a"))
    time_passes(store, 16)
    ending.sweep(store)
    second = repository.claim(repository.row(1))
    assert second.took_over
    ending.give_back(store, second, "the cluster does not answer", 0)
    third = repository.claim(second.deployment)
    assert third.took_over
    ending.finish(store, third, State.FAILED, "broken")
    assert repository.claim(repository.push("b")).took_over


def test_a_revision_that_kills_its_worker_every_time_ends(store: Store, repository: Repository) -> None:
    """A deployment takes its worker down again and again, and after the fifth time it is called errored."""
    queued = repository.push("a")
    for _ in range(ending.MAX_ATTEMPTS):
        repository.claim(queued)
        time_passes(store, 16)
        assert ending.sweep(store) == 1
    ended = repository.row(queued)
    assert ended.state is State.ERRORED
    assert "5 times" in ended.reason
    assert repository.shown("a")[-1] == ("errored", ended.reason)
    assert hinting.due(store) == []


def test_a_stop_of_pushboat_is_not_held_against_a_deployment(store: Store, repository: Repository) -> None:
    """Pushboat is restarted ten times during my rollout: my deployment still has all of its tries."""
    queued = repository.push("a")
    for _ in range(2 * ending.MAX_ATTEMPTS):
        ending.give_back(store, repository.claim(queued), "Pushboat was told to stop", 0, counted=False)
    assert repository.claim(queued).deployment.attempts == 1


def test_a_clock_that_was_set_back_stops_nothing(store: Store, repository: Repository) -> None:
    """The machine's clock is set back by an hour: what was hinted or leased before it goes on within seconds."""
    (hinted,) = repository.route(deploy("a", "qa"))
    hinting.hinted(store, [hinted.id])
    dead = repository.claim(repository.push("a"))
    time_passes(store, -3600)
    assert hinting.due(store) == [hinted.id]
    assert ending.sweep(store) == 1
    assert repository.claim(dead.deployment).took_over


def test_what_was_given_back_waits_before_the_next_try(store: Store, repository: Repository) -> None:
    """The cluster is down: my commit says so, and half a minute later there is another try."""
    claim = repository.claim(repository.push("a"))
    ending.give_back(store, claim, "the cluster does not answer", 30)
    waiting = repository.row(claim.deployment)
    assert (waiting.state, waiting.reason) == (State.QUEUED, "the cluster does not answer")
    assert repository.shown("a")[-1] == ("running", "the cluster does not answer; again in 30 s")
    assert hinting.due(store) == []
    assert lanes.claim(store, waiting.id, "early") is None
    time_passes(store, 31)
    assert hinting.due(store) == [waiting.id]
    assert repository.claim(waiting).deployment.attempts == 2


def test_hints_come_again_with_growing_pauses(store: Store, repository: Repository) -> None:
    """The broker loses messages: each deployment is hinted again, but never in a storm."""
    queued = repository.push("a")

    def hintable(at: float) -> bool:  # asked of a moment, since a busy machine takes longer than a margin in seconds
        with store.reading() as tx:
            due = sa.text(f"SELECT id FROM deployment WHERE {may_be_hinted('deployment')}")
            return bool(tx.rows(due, now=at, far=tx.far))

    for pause in (4, 8, 16, 32, 60, 60):
        assert hinting.due(store) == [queued.id]
        hinting.hinted(store, [queued.id])
        with store.reading() as tx:
            (row,) = tx.rows(sa.text("SELECT hint_at FROM deployment"))
        assert not hintable(row["hint_at"] + pause - 0.01)
        assert hintable(row["hint_at"] + pause)
        time_passes(store, pause)
    hinting.hinted(store, [queued.id])
    hinting.wake_all(store)
    assert hinting.due(store) == [queued.id]


def test_the_ledger_is_listed_as_people_ask_for_it(store: Store, repository: Repository) -> None:
    """I look for deployments by environment, state or the beginning of a sha, newest first."""
    first = repository.push("abc1")
    ending.finish(store, repository.claim(first), State.SUCCEEDED, "healthy")
    (second,) = repository.route(deploy("abc2", "qa"))
    third = repository.push("def3")
    assert [each.id for each in deployments.listed(store)] == [third.id, second.id, first.id]
    assert [each.id for each in deployments.listed(store, environment="staging", state="succeeded")] == [first.id]
    assert [each.id for each in deployments.listed(store, repository=NAME, sha="abc", limit=1)] == [second.id]
    assert [each.id for each in deployments.listed(store, before=second.id)] == [first.id]
    assert [each.id for each in deployments.latest_by_lane(store)] == [second.id, third.id]
    progress_lines.record(store, [Line(deployment=third.id, phase="apply", text="applying 7 objects")])
    progress_lines.record(store, [Line(deployment=third.id, phase="wait", text="waiting for Deployment/shop/web")])
    lines = progress_lines.listed(store, third.id)
    assert (lines[0].phase, lines[0].text) == ("apply", "applying 7 objects")
    assert progress_lines.listed(store, third.id, after=lines[0].id) == lines[1:]
