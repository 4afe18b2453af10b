"""What the SQL condition lets start and what `may_start` says are one, for holds and lanes thrown at random."""

import random

import pytest
import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import PutHold
from pushboat.routing.holds import FREE_WORKER, KINDS, HoldKind, Place, may_start
from pushboat.store import attempts, ending, hinting, holds, lanes
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy, plan, time_passes

ENVIRONMENTS = ("staging", "production", "qa")
TOYS = {
    name: HoldKind(
        name=name, sentence=lambda hold: f"waits for {hold.subject}", plans=plans, begun=not plans, breakable=plans
    )
    for name, plans in (("lock", False), ("freeze", True))
}
PLACES = sa.text(
    "SELECT d.id, d.not_before, l.running FROM deployment d JOIN lane l ON l.id = d.lane_id WHERE d.state = 'queued'"
)


def throw(chance: random.Random, store: Store, repository: Repository, made: list[Deployment]) -> None:
    """Put a few holds; let some deployments run, come back or have a successor."""
    for number in range(chance.randrange(4)):
        scope = chance.choice(
            [
                Scope(repository=chance.choice([NAME, "github/acme/other", ""])),
                Scope(repository=NAME, environment=chance.choice(ENVIRONMENTS)),
                Scope(environment=chance.choice(ENVIRONMENTS)),
                Scope(deployment=chance.choice(made).id),
            ]
        )
        until = chance.choice([None, store.now() + 50, store.now() + 500])
        kind = chance.choice(["pause", "lock", "freeze", "pin", "unmerged", "merge_group"])
        proposed = {"unmerged": chance.choice([7, 8]), "merge_group": chance.choice([-7, -8])}.get(kind, 0)
        hold = Hold(
            kind=kind,
            scope=scope,
            by="ann",
            subject=f"subject {number}",
            begins=chance.choice([0, 0, store.now() + 60]),
            until=until,
            pull_request=proposed,
            sha="a",
            spares=chance.choice(["", "ann", "bob"]),
        )
        holds.put(store, hold, {**KINDS, **TOYS})
    for one in made:
        fate = chance.randrange(6)
        claim = lanes.claim(store, one.id, "worker", ttl=200) if fate < 3 else None
        if claim and fate == 0:
            attempts.mean(store, claim, {})
        if claim and fate < 2:
            ending.give_back(store, claim, "the cluster does not answer", chance.choice([20, 200]))
        if claim and fate == 2:
            repository.route(deploy("b", one.lane.environment))
        if fate == 5 and one.kind is Kind.DEPLOY:
            repository.route(deploy("c", one.lane.environment, trigger=Trigger.ROLLBACK, release=1))
        if fate == 3 and one.kind is Kind.DEPLOY:
            repository.route(deploy("d", one.lane.environment, trigger=Trigger.COMMENT, pull_request=7))
        if fate == 3 and chance.random() < 0.5:
            own = Scope(repository=NAME, environment=one.lane.environment)
            hold = PutHold(hold=Hold(kind="merge_group", scope=own, by="queue", subject="e", pull_request=-7, sha="e"))
            act = deploy("e", one.lane.environment, trigger=Trigger.MERGE_QUEUE, pull_request=-7)
            repository.route(hold, act)
        if fate == 4 and one.kind is Kind.DEPLOY:
            repository.route(deploy("a", one.lane.environment, kind=Kind.REMOVAL))
    time_passes(store, chance.choice([0, 100]))


@pytest.mark.parametrize("seed", range(25))
def test_the_store_starts_exactly_what_may_start(store: Store, repository: Repository, seed: int) -> None:
    """Whatever holds there are: what waits with a reason is neither hinted nor claimed, and all the rest is both."""
    glass = ("", "", "the shop is down")
    made = repository.route(
        *(deploy("a", name, glass=broken) for name, broken in zip(ENVIRONMENTS, glass, strict=True)),
        *(plan("a", name) for name in ENVIRONMENTS),
    )
    throw(random.Random(seed), store, repository, made)
    standing, now = holds.listed(store), store.now()
    with store.reading() as tx:
        places = {row["id"]: Place(running=row["running"], not_before=row["not_before"]) for row in tx.rows(PLACES)}
    queued = [row for number in places if (row := repository.row(number)).state is State.QUEUED]
    said = {row.id: may_start(row, standing, now, places[row.id]) for row in queued}
    free = {number for number, waits in said.items() if waits is None}
    hinting.wake_all(store)
    assert set(hinting.due(store)) == free
    for row in queued:
        waits = said[row.id]
        assert (waits is None) == row.waits.endswith(FREE_WORKER)
        assert (lanes.claim(store, row.id, "worker") is not None) == (waits is None)
