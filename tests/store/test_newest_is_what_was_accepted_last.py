"""Refs are routed in any order, and a lane ends where it would have ended in the order of acceptance."""

from itertools import permutations

import pytest
import sqlalchemy as sa

from pushboat.events import Event, EventKind
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment, Lane, Late
from pushboat.model.state import State
from pushboat.routing import Decision
from pushboat.store import deliveries, deployments, enacting, ending, routing_jobs
from pushboat.store.database.engine import Store
from pushboat.store.enacting import RoutingClaim
from tests.store.repository import NAME, Repository, deploy, push, time_passes

NOTHING = Decision(acts=(), sentence="nothing follows this")


def pushed(store: Store, sha: str, ref: str) -> int:
    """Accept a push of a commit to a ref."""
    event = Event(kind=EventKind.PUSH, action="updated", repository="acme/shop", ref=ref, sha=sha)
    return deliveries.accept(store, "github", f"{ref} {sha}", event).id


def claimed(store: Store) -> RoutingClaim:
    """Take the repository."""
    claim = routing_jobs.claim_routing(store, NAME, "router")
    assert claim
    return claim


def routed(store: Store, number: int, sha: str, outdated: dict[str, Late] | None = None) -> Deployment:
    """Route a delivery to a deployment of staging, in whatever order the test wants."""
    claim = claimed(store)
    decision = Decision(acts=(deploy(sha),), sentence="deploys")
    (made,) = enacting.complete(store, claim, number, decision, outdated=outdated)
    routing_jobs.release(store, claim)
    found = deployments.find(store, made)
    assert found
    return found


def upcoming(store: Store, claim: RoutingClaim) -> list[int]:
    """Route to nothing whatever has its turn now, and give it in order."""
    found: list[DeliveryRow] = []
    while row := routing_jobs.next_unrouted(store, claim):
        enacting.complete(store, claim, row.id, NOTHING)
        found.append(row)
    return [row.id for row in found]


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_a_lane_ends_at_the_commit_that_was_accepted_last(store: Store, order: tuple[str, ...]) -> None:
    """Three refs of one environment are pushed and routed in any order: what was pushed last is what waits to run."""
    numbers = {sha: pushed(store, sha, f"refs/tags/{sha}") for sha in "abc"}
    made = {sha: routed(store, numbers[sha], sha) for sha in order}
    states = {sha: deployments.find(store, one.id) for sha, one in made.items()}
    assert {sha: one.state for sha, one in states.items() if one} == {
        "a": State.SUPERSEDED,
        "b": State.SUPERSEDED,
        "c": State.QUEUED,
    }
    newest = routing_jobs.newest(store, Lane(repository=NAME, environment="staging"))
    assert newest
    assert newest.sha == "c"


def test_what_comes_late_never_runs_over_what_ran_already(store: Store, repository: Repository) -> None:
    """The push that waited is routed when the later one is healthy already: it is told so, and starts nothing."""
    early, later = pushed(store, "a", "refs/heads/main"), pushed(store, "b", "refs/tags/v1")
    newer = routed(store, later, "b")
    assert ending.finish(store, repository.claim(newer), State.SUCCEEDED, "healthy")
    late = routed(store, early, "a")
    assert (late.state, late.successor, late.successor_contains) == (State.SUPERSEDED, newer.id, False)
    assert repository.shown("a") == [("cancelled", "replaced by b")]


def test_what_comes_late_shares_the_fate_of_what_contains_it(store: Store, repository: Repository) -> None:
    """The later commit contains the one that waited: green there is green here."""
    early, later = pushed(store, "a", "refs/heads/main"), pushed(store, "b", "refs/tags/v1")
    newer = routed(store, later, "b")
    late = routed(store, early, "a", outdated={"staging": Late(newer.id)})
    assert (late.state, late.successor_contains) == (State.SUPERSEDED, True)
    assert ending.finish(store, repository.claim(newer), State.SUCCEEDED, "healthy")
    assert repository.shown("a")[-1] == ("succeeded", "runs as part of b")


def test_a_replay_is_newer_than_what_came_in_between(store: Store) -> None:
    """The operator replays an older push: that is the newest wish, and it is deployed."""
    first, second = pushed(store, "a", "refs/heads/main"), pushed(store, "b", "refs/heads/main")
    routed(store, first, "a")
    routed(store, second, "b")
    assert routed(store, deliveries.replay(store, first), "a").state is State.QUEUED


def test_a_postponed_delivery_holds_its_own_ref_only(store: Store) -> None:
    """My push to main waits: the one to main after it waits as well, those of other refs do not."""
    first, other, behind = pushed(store, "a", "refs/heads/main"), pushed(store, "b", "next"), pushed(store, "c", "main")
    again = pushed(store, "d", "refs/heads/main")
    claim = claimed(store)
    routing_jobs.postpone(store, claim, first, "waiting", 30)
    assert upcoming(store, claim) == [other, behind]
    routing_jobs.release(store, claim)
    assert routing_jobs.due_repositories(store) == []
    time_passes(store, 31)
    assert routing_jobs.due_repositories(store) == [NAME]
    assert upcoming(store, claimed(store)) == [first, again]


def test_the_first_pause_that_ends_wakes_the_repository(store: Store) -> None:
    """Two refs wait, one for a minute and one for ten seconds: the second one is tried after ten seconds."""
    first, second = pushed(store, "a", "main"), pushed(store, "b", "next")
    claim = claimed(store)
    routing_jobs.postpone(store, claim, first, "waiting", 60)
    routing_jobs.postpone(store, claim, second, "waiting", 10)
    assert upcoming(store, claim) == []
    routing_jobs.release(store, claim)
    time_passes(store, 11)
    assert routing_jobs.due_repositories(store) == [NAME]
    assert upcoming(store, claimed(store)) == [second]


def test_a_push_to_another_ref_is_not_kept_waiting_by_a_pause(store: Store) -> None:
    """Everything that waits is postponed when I push to another branch: my push is routed at once."""
    first = pushed(store, "a", "main")
    claim = claimed(store)
    routing_jobs.postpone(store, claim, first, "waiting", 60)
    assert upcoming(store, claim) == []
    routing_jobs.release(store, claim)
    fresh = pushed(store, "b", "next")
    assert routing_jobs.due_repositories(store) == [NAME]
    assert upcoming(store, claimed(store)) == [fresh]


def test_news_of_a_pull_request_keep_their_order(store: Store) -> None:
    """A pull request is opened and updated while the first one waits: its plans come in order, others' at once."""
    numbers = [
        deliveries.accept(
            store,
            "github",
            f"news-{sha}",
            Event(kind=EventKind.PULL_REQUEST, action="updated", repository="acme/shop", number=number, sha=sha),
        ).id
        for number, sha in ((7, "a"), (7, "b"), (8, "c"))
    ]
    claim = claimed(store)
    routing_jobs.postpone(store, claim, numbers[0], "waiting", 60)
    assert upcoming(store, claim) == [numbers[2]]


def test_what_waited_during_an_upgrade_is_routed_before_what_comes_after_it(store: Store) -> None:
    """A delivery of the version before has no stream: nothing of its repository overtakes it."""
    old = deliveries.accept(store, "github", "old", push("a")).id
    with store.writing() as tx:
        tx.change(sa.text("UPDATE delivery SET stream = '' WHERE id = :id"), id=old)
    new = pushed(store, "b", "refs/heads/next")
    claim = claimed(store)
    routing_jobs.postpone(store, claim, old, "waiting", 60)
    assert upcoming(store, claim) == []
    time_passes(store, 61)
    assert upcoming(store, claimed(store)) == [old, new]
