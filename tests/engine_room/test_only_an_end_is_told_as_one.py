"""Between the last write of a deployment and its end somebody else decides about it: only what became of it is told."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from pushboat.errors import ApplyRejected, Cancelled, GaveWay
from pushboat.model.changeset import Action, Change, ChangeSet
from pushboat.model.deployment import Deployment
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.store import cancelling, ending
from tests.store.repository import Repository, time_passes
from workers.deploying.claimed import Claimed, claimed
from workers.running.leases import LEASE
from workers.tools import Tools

GAVE_WAY = GaveWay("b came while this one waited for health")
WROTE = Change(ref=Ref("", "ConfigMap", "shop", "settings"), action=Action.CREATED)


@dataclass
class Told:
    """What the cluster was told of ends."""

    ends: list[tuple[State, str]] = field(default_factory=list)

    def __call__(self, state: State, sentence: str) -> None:
        self.ends.append((state, sentence))


def ended(tools: Tools, made: Deployment, meanwhile: Callable[[], object], how: Callable[[Claimed], None]) -> Told:
    """Let something happen after the last write of a deployment and before its end; give what was told of that."""
    told = Told()
    with claimed(tools, made.id) as work:
        assert work
        work.announcements.tell = told
        work.tally.plan(ChangeSet((WROTE,)))
        work.tally.made.append(WROTE)
        meanwhile()
        how(work)
    return told


def take_away(repository: Repository) -> None:
    """Let a worker be frozen for so long that its lane is taken away."""
    time_passes(repository.store, LEASE + 1)
    assert ending.sweep(repository.store) == 1


def cancel(repository: Repository, *these: Deployment) -> None:
    """Let somebody cancel them."""
    with repository.store.writing() as tx:
        for each in these:
            cancelling.stop(tx, repository.row(each), "ann")


@pytest.mark.parametrize(
    "how",
    [
        lambda work: work.end(State.SUCCEEDED, "healthy", ChangeSet((WROTE,))),
        lambda work: work.fail(ApplyRejected("the API server refused it")),
        lambda work: work.step_back(GAVE_WAY),
        lambda work: work.step_back(Cancelled("cancelled by ann")),
    ],
)
@pytest.mark.proves("cluster-events")
def test_who_lost_the_lane_tells_no_end(
    tools: Tools, repository: Repository, caplog: pytest.LogCaptureFixture, how: Callable[[Claimed], None]
) -> None:
    """Another worker goes on with my commit: no event and no log says that it ended, and its own event finds room."""
    made = repository.push("a")
    with caplog.at_level(logging.INFO):
        assert ended(tools, made, lambda: take_away(repository), how).ends == []
    assert repository.row(made).state is State.QUEUED
    assert f"deployment {made.id} of" not in caplog.text


@pytest.mark.proves("cluster-events")
def test_what_gives_way_to_nobody_has_not_ended(
    tools: Tools, repository: Repository, caplog: pytest.LogCaptureFixture
) -> None:
    """The newer commit is cancelled as mine steps back for it: mine goes on, and is not called superseded."""
    made, newer = repository.push("a"), list[Deployment]()

    def comes_and_goes() -> None:
        newer.append(repository.push("b", contains=[made]))
        cancel(repository, *newer)

    with caplog.at_level(logging.INFO):
        assert ended(tools, made, comes_and_goes, lambda work: work.step_back(GAVE_WAY)).ends == []
    assert repository.row(made).state is State.QUEUED
    assert "superseded after" not in caplog.text
    told = ended(tools, made, lambda: None, lambda work: work.end(State.SUCCEEDED, "fine", ChangeSet((WROTE,))))
    assert told.ends == [(State.SUCCEEDED, "fine")]


@pytest.mark.proves("cluster-events")
def test_what_was_cancelled_as_it_gave_way_is_told_as_cancelled(tools: Tools, repository: Repository) -> None:
    """I cancel everything at the moment when mine steps back for a newer commit: that is how it ended."""
    made = repository.push("a")

    def all_is_cancelled() -> None:
        cancel(repository, repository.push("b", contains=[made]), made)

    told = ended(tools, made, all_is_cancelled, lambda work: work.step_back(GAVE_WAY))
    row = repository.row(made)
    assert row.state is State.CANCELLED
    assert told.ends == [(State.CANCELLED, "cancelled by ann")]
    assert row.counts.created == 1, "what it wrote is told with it"


def test_what_was_cancelled_as_it_was_given_back_says_what_it_wrote(tools: Tools, repository: Repository) -> None:
    """I cancel what an outage has just stopped halfway: nobody says that nothing was written."""
    made = repository.push("a")
    ended(tools, made, lambda: cancel(repository, made), lambda work: work.give_back("no cluster", 2.0, counted=False))
    row = repository.row(made)
    assert (row.state, row.counts.created) == (State.CANCELLED, 1)
