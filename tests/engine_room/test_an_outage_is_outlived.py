"""A forge or a cluster that does not answer is outlived for ten minutes from when that began, and each wait says so."""

from contextlib import suppress

import pytest

from pushboat.errors import ClusterUnavailable, ForgeUnavailable
from pushboat.model.changeset import ChangeSet
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import deployments, progress_lines
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, time_passes
from workers.deploying.claimed import claimed, pause
from workers.tools import Tools

AWAY = ClusterUnavailable("cluster dev does not answer (timed out)")


@pytest.fixture
def pushed(repository: Repository) -> Deployment:
    """A deployment that waits."""
    return repository.push("a")


def attempt(tools: Tools, deployment: Deployment, *done: str, failing: str = "plan", trouble: Exception = AWAY) -> None:
    """Make one attempt that gets some steps done and then meets an outage."""
    with claimed(tools, deployment.id) as work:
        assert work
        for step in done:
            with work.step(step):
                pass
        with suppress(type(trouble)), work.step(failing):
            raise trouble
        assert isinstance(trouble, ClusterUnavailable | ForgeUnavailable)
        work.try_again(trouble)


def now(tools: Tools, deployment: Deployment) -> Deployment:
    """Look at it."""
    found = deployments.find(tools.store, deployment.id)
    assert found
    return found


def said(tools: Tools, deployment: Deployment) -> str:
    """Give its last line of progress."""
    return progress_lines.listed(tools.store, deployment.id)[-1].text


@pytest.mark.proves("retries")
def test_an_outage_late_in_a_long_wait_ends_nothing(tools: Tools, store: Store, pushed: Deployment) -> None:
    """A rollout waits for health since half an hour when its cluster is away for some seconds: it goes on."""
    with claimed(tools, pushed.id) as work:
        assert work
        time_passes(store, 1800 - 5)  # less its lease, which is kept
        with suppress(ClusterUnavailable), work.step("plan"):
            raise AWAY
        work.try_again(AWAY)
    assert now(tools, pushed).state is State.QUEUED
    assert said(tools, pushed) == (
        "cluster dev does not answer (timed out); waited 0 s, gives up after 10 min; again in 2 s"
    )


@pytest.mark.proves("retries", "pain-14")
def test_an_outage_is_given_up_after_ten_minutes(tools: Tools, store: Store, pushed: Deployment) -> None:
    """The cluster does not come back: after ten minutes my commit is told so, and not before."""
    attempt(tools, pushed)
    time_passes(store, 300)
    attempt(tools, pushed, "checkout")
    assert now(tools, pushed).state is State.QUEUED
    assert "waited 5 min, gives up after 10 min; again in 30 s" in said(tools, pushed)
    time_passes(store, 301)
    attempt(tools, pushed, "checkout")
    ended = now(tools, pushed)
    assert ended.state is State.ERRORED
    assert ended.reason == "gave up after 10 minutes: cluster dev does not answer (timed out)"


def test_an_outage_that_ended_does_not_count_for_the_next_one(tools: Tools, store: Store, pushed: Deployment) -> None:
    """The forge was away for nine minutes, then the cluster for two: neither was away for ten."""
    attempt(tools, pushed, failing="checkout", trouble=ForgeUnavailable("github does not answer"))
    time_passes(store, 540)
    attempt(tools, pushed, "checkout")
    time_passes(store, 120)
    attempt(tools, pushed, "checkout")
    assert now(tools, pushed).state is State.QUEUED
    assert "waited 120 s" in said(tools, pushed) or "waited 2 min" in said(tools, pushed)


def test_a_step_that_works_does_not_excuse_the_one_that_does_not(
    tools: Tools, store: Store, pushed: Deployment
) -> None:
    """A webhook of the cluster is down, and every plan succeeds all the same: after ten minutes it is given up."""
    for _ in range(3):
        attempt(tools, pushed, "checkout", "plan", failing="apply")
        time_passes(store, 301)
    assert now(tools, pushed).state is State.ERRORED


def test_a_wait_for_health_goes_on_where_it_was(tools: Tools, store: Store, pushed: Deployment) -> None:
    """A worker hands my rollout over while it waits: the time that it waited counts, until something is written."""
    with claimed(tools, pushed.id) as work:
        assert work
        work.tally.plan(ChangeSet())
        assert work.waited() == 0
        work.try_again(AWAY)
    time_passes(store, 90)
    with claimed(tools, pushed.id) as work:
        assert work
        assert 89 < work.waited() < 100
        work.end(State.SUCCEEDED, "healthy", ChangeSet())


@pytest.mark.parametrize(
    ("lasted", "asked", "seconds"), [(0, None, 2), (10, None, 10), (300, None, 30), (0, 45, 45), (590, 3600, 10)]
)
def test_nobody_is_asked_too_often_or_after_the_end(lasted: float, asked: float | None, seconds: float) -> None:
    """The pauses grow to half a minute; a cluster that asks for an hour does not get it."""
    assert pause(lasted, asked) == seconds
