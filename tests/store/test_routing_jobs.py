"""Each repository's deliveries are routed one after the other, each once, whatever happens to a router."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pushboat.errors import LeaseLost
from pushboat.model.deployment import Lane, Late
from pushboat.model.letter import ReplyLetter
from pushboat.model.state import State, Trigger
from pushboat.routing import Decision, Post, Reply
from pushboat.store import deliveries, deployments, enacting, ending, hinting, outbox, routing_jobs, turns
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy, time_passes

NOTHING = Decision(acts=(), sentence="nothing follows main")


def test_deliveries_are_routed_in_the_order_in_which_they_came(store: Store, repository: Repository) -> None:
    """I push twice, and the second push is never looked at before the first one is done."""
    first, second = repository.receive("a"), repository.receive("b")
    claim = routing_jobs.claim_routing(store, NAME, "router")
    assert claim
    for expected in (first, second):
        row = routing_jobs.next_unrouted(store, claim)
        assert row
        assert row.id == expected
        assert enacting.complete(store, claim, row.id, NOTHING) == ()
    assert routing_jobs.next_unrouted(store, claim) is None
    routing_jobs.release(store, claim)
    found = deliveries.find(store, first)
    assert found
    assert found.reason == "nothing follows main"
    assert found.routed_at
    assert routing_jobs.due_repositories(store) == []
    assert routing_jobs.claim_routing(store, NAME, "router") is None


def test_two_routers_never_route_the_same_delivery(store: Store, repository: Repository) -> None:
    """Two workers look at the same repository at once, and each push deploys once."""
    for number in range(6):
        repository.receive(f"{number}")

    def work(name: str) -> int:
        done = 0
        while len(deployments.listed(store)) < 6:
            claim = routing_jobs.claim_routing(store, NAME, name)
            if claim is None:
                continue
            while row := routing_jobs.next_unrouted(store, claim):
                act = deploy(row.event.sha)
                enacting.complete(store, claim, row.id, Decision(acts=(act,), sentence="deploys"))
                done += 1
            routing_jobs.release(store, claim)
        return done

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(work, ["one", "two"])) == 6
    assert [each.sha for each in deployments.listed(store)] == ["5", "4", "3", "2", "1", "0"]


def test_another_router_goes_on_where_one_was_killed(store: Store, repository: Repository) -> None:
    """A worker dies while it routes my push, and my push deploys all the same, once."""
    number = repository.receive("a")
    dead = routing_jobs.claim_routing(store, NAME, "dead", ttl=15)
    assert dead
    assert routing_jobs.claim_routing(store, NAME, "other") is None
    assert routing_jobs.due_repositories(store) == []
    time_passes(store, 16)
    assert routing_jobs.due_repositories(store) == [NAME]
    other = routing_jobs.claim_routing(store, NAME, "other")
    assert other
    assert other.fence > dead.fence
    decision = Decision(acts=(deploy("a"),), sentence="deploys")
    assert routing_jobs.next_unrouted(store, dead) is None
    with pytest.raises(LeaseLost):
        enacting.complete(store, dead, number, decision)
    assert deployments.listed(store) == []
    assert len(enacting.complete(store, other, number, decision)) == 1
    with pytest.raises(LeaseLost):
        enacting.complete(store, other, number, decision)
    routing_jobs.release(store, dead)
    assert len(deployments.listed(store)) == 1


def test_a_router_that_takes_long_keeps_its_repository(store: Store, repository: Repository) -> None:
    """A fetch takes longer than a lease: nobody else begins with the same push, as long as the first one lives."""
    repository.receive("a")
    claim = routing_jobs.claim_routing(store, NAME, "router", ttl=15)
    assert claim
    time_passes(store, 10)
    assert turns.renew(store, [claim.turn], 15) == {claim.turn}
    time_passes(store, 10)
    assert routing_jobs.claim_routing(store, NAME, "other") is None
    time_passes(store, 6)
    assert turns.renew(store, [claim.turn], 15) == set()
    assert routing_jobs.claim_routing(store, NAME, "other")


def test_a_postponed_delivery_holds_those_behind_it_and_says_why(store: Store, repository: Repository) -> None:
    """The forge is down: my push waits and says so, and the one after it does not overtake it."""
    first = repository.receive("a")
    repository.receive("b")
    claim = routing_jobs.claim_routing(store, NAME, "router")
    assert claim
    routing_jobs.postpone(store, claim, first, "waiting: github does not answer", 30)
    assert routing_jobs.next_unrouted(store, claim) is None
    routing_jobs.release(store, claim)
    assert routing_jobs.due_repositories(store) == []
    assert routing_jobs.claim_routing(store, NAME, "router") is None
    row = deliveries.find(store, first)
    assert row
    assert (row.reason, row.attempts) == ("waiting: github does not answer", 1)
    time_passes(store, 31)
    assert routing_jobs.due_repositories(store) == [NAME]
    again = routing_jobs.claim_routing(store, NAME, "router")
    assert again
    row = routing_jobs.next_unrouted(store, again)
    assert row
    assert row.id == first


def test_hints_for_a_repository_come_again_with_growing_pauses(store: Store, repository: Repository) -> None:
    """The broker loses a message, and a little later there is another one."""
    repository.receive("a")
    assert routing_jobs.due_repositories(store) == [NAME]
    assert routing_jobs.due_repositories(store) == []
    time_passes(store, 4.1)
    assert routing_jobs.due_repositories(store) == [NAME]
    time_passes(store, 4.1)
    assert routing_jobs.due_repositories(store) == []
    hinting.wake_all(store)
    assert routing_jobs.due_repositories(store) == [NAME]
    repository.receive("b")
    assert routing_jobs.due_repositories(store) == [NAME]


def test_a_clock_that_was_set_back_stops_no_routing(store: Store, repository: Repository) -> None:
    """The machine's clock is set back by an hour while a worker dies: my push is routed all the same."""
    repository.receive("a")
    assert routing_jobs.due_repositories(store) == [NAME]
    assert routing_jobs.claim_routing(store, NAME, "dead")
    time_passes(store, -3600)
    assert routing_jobs.due_repositories(store) == [NAME]
    assert routing_jobs.claim_routing(store, NAME, "alive")


def test_a_decision_is_written_whole(store: Store, repository: Repository) -> None:
    """One push deploys two environments, posts a status and answers in the conversation, all in one step."""
    staging, qa = repository.route(
        deploy("a"),
        deploy("a", "qa"),
        Post(sha="a", context="pushboat", state=State.FAILED, description="x" * 200),
        Reply(number=7, body="hello"),
    )
    assert (staging.lane.environment, qa.lane.environment) == ("staging", "qa")
    assert (staging.state, staging.trigger, staging.author) == (State.QUEUED, Trigger.PUSH, "ann")
    assert staging.delivery
    assert deployments.of_delivery(store, staging.delivery) == [staging, qa]
    row = deliveries.find(store, staging.delivery)
    assert row
    assert row.deployments == (staging.id, qa.id)
    assert repository.shown("a") == [("queued", "waits for a free worker")]
    ((state, description),) = repository.shown("a", "pushboat")
    assert (state, len(description)) == ("failed", 140)
    (envelope,) = [each for each in repository.post_everything() if each.kind == "reply"]
    letter = outbox.opened(envelope)
    assert isinstance(letter, ReplyLetter)
    assert (envelope.forge, envelope.repository, letter.number, letter.body) == ("github", "acme/shop", 7, "hello")
    assert letter.marker
    assert outbox.backlog(store) == 0


def test_a_merge_that_arrives_twice_deploys_once(store: Store, repository: Repository) -> None:
    """A merge comes as a closed pull request and as a push, and both point at the same deployment."""
    (pushed,) = repository.route(deploy("m", once=True))
    (merged,) = repository.route(deploy("m", once=True, trigger=Trigger.MERGE))
    assert pushed == merged
    assert len(deployments.listed(store)) == 1
    (again,) = repository.route(deploy("m"))
    assert again.id != pushed.id
    (other,) = repository.route(deploy("n", once=True))
    assert other.id != again.id


def test_a_push_that_arrives_late_follows_the_newer_one_that_contains_it(store: Store, repository: Repository) -> None:
    """Two pushes arrive in the wrong order: the newer commit deploys, and the older one shares its fate."""
    newer = repository.push("b")
    (late,) = repository.route(deploy("a"), outdated={"staging": Late(newer.id)})
    assert (late.state, late.successor, late.successor_contains) == (State.SUPERSEDED, newer.id, True)
    assert repository.shown("a") == [("running", "superseded by b, follows it")]
    lane = Lane(repository=NAME, environment="staging")
    assert routing_jobs.newest(store, lane) == newer
    assert routing_jobs.unfinished(store, lane) == [newer]
    claim = repository.claim(newer)
    assert ending.finish(store, claim, State.SUCCEEDED, "healthy")
    assert repository.shown("a")[1:] == [("succeeded", "runs as part of b")]
    (later,) = repository.route(deploy("0"), outdated={"staging": Late(newer.id)})
    assert later.state is State.SUPERSEDED
    assert repository.shown("0") == [("succeeded", "runs as part of b")]
