"""The leases of one process are prolonged all at once, and each is kept or lost for itself."""

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from pushboat.model.deployment import Claim
from pushboat.store import ending, routing_jobs, turns
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy, time_passes
from tests.until import until

ENDS = sa.text("SELECT lease_until FROM lane WHERE running = :id")


def lease_until(store: Store, claim: Claim) -> float:
    """When a lane's lease ends."""
    with store.reading() as tx:
        return float(tx.scalar(ENDS, id=claim.deployment.id))


def test_only_what_is_lost_is_lost(store: Store, repository: Repository) -> None:
    """I hold a repository and three lanes; one lane was taken from me: I keep the rest, by one question."""
    made = repository.route(*(deploy("a", name) for name in ("kept", "taken", "finished")))
    kept, taken, finished = (repository.claim(each) for each in made)
    repository.receive("b")
    routing = routing_jobs.claim_routing(store, NAME, "worker", ttl=15)
    assert routing
    time_passes(store, 10)
    ending.give_back(store, taken, "given back", 0)
    assert repository.claim(taken.deployment).fence > taken.fence
    ending.give_back(store, finished, "given back", 0)
    mine = [claim.turn for claim in (kept, taken, finished, routing)]
    assert turns.renew(store, mine, 15) == {kept.turn, routing.turn}
    assert lease_until(store, kept) > store.now() + 10
    assert routing_jobs.claim_routing(store, NAME, "other") is None


def test_a_lease_of_somebody_else_is_not_prolonged(store: Store, repository: Repository) -> None:
    """Only the leases that I name are prolonged: a lane that I have forgotten is free when its lease ends."""
    named, forgotten = (repository.claim(each) for each in repository.route(deploy("a", "one"), deploy("a", "two")))
    time_passes(store, 10)
    turns.renew(store, [named.turn], 15)
    time_passes(store, 6)
    assert ending.sweep(store) == 1
    assert repository.row(forgotten.deployment).state == "queued"


def test_a_lane_that_is_being_decided_about_keeps_no_other_waiting(store: Store, repository: Repository) -> None:
    """Somebody writes to one of my lanes for a while: the others are renewed meanwhile, and that one afterwards."""
    busy, other = (repository.claim(each) for each in repository.route(deploy("a", "busy"), deploy("a", "other")))
    before = lease_until(store, other)
    with ThreadPoolExecutor(1) as threads:
        with store.writing() as tx:
            tx.change(sa.text("UPDATE lane SET deployed_sha = 'x' WHERE running = :id"), id=busy.deployment.id)
            renewed = threads.submit(turns.renew, store, [busy.turn, other.turn], 60)
            if tx.postgres:
                until(lambda: lease_until(store, other) > before, within=120, what="the other lane's renewal")
        assert renewed.result(60) == {busy.turn, other.turn}
