"""Two processes that decide about one lane at the same moment: on Postgres as well, one of them was first.

SQLite has one writer at a time. Postgres has row locks and READ COMMITTED, where a statement that had to wait sees
what was changed meanwhile, and its sub-queries do not (docs/adr/0094): so each two decisions are tried with one of them
stopped before each of its statements, and what comes of it is what comes of them in turn.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pushboat.model.deployment import Claim, Lane
from pushboat.model.state import State
from pushboat.routing import Decision
from pushboat.store import announcing, deliveries, enacting, ending, lanes, routing_jobs, turns
from pushboat.store.database.engine import Store
from tests.store import postgres
from tests.store.interleaving import Two
from tests.store.repository import deploy, push

pytestmark = [pytest.mark.programs, pytest.mark.timeout(1200)]
EXPIRE = sa.text("UPDATE lane SET lease_until = 1 WHERE repository = :name")
OF_LANE = sa.text(
    "SELECT id, running, fence, seq, deployed_seq, deployed_sha, took_over FROM lane WHERE repository = :r"
)
OF_DEPLOYMENTS = sa.text(
    "SELECT seq, sha, state, attempts, fence, successor_sha FROM deployment WHERE lane_id = :l ORDER BY seq"
)
TOLD = sa.text("SELECT payload FROM outbox WHERE repository = :r AND kind = 'status' ORDER BY id")
UNROUTED = sa.text("SELECT count(*) FROM delivery WHERE repository = :r AND routed_at IS NULL")


@dataclass
class Shop:
    """A repository of its own, with a lane; `claims` are those that the story of a pair rests on."""

    store: Store
    path: str
    claims: list[Claim] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"github/{self.path}"

    def accept(self, store: Store, sha: str) -> None:
        deliveries.accept(store, "github", f"{self.path}-{sha}", push(sha, self.path))

    def route(self, store: Store, sha: str, contains: tuple[int, ...] = ()) -> None:
        claim = routing_jobs.claim_routing(store, self.name, "router")
        row = claim and routing_jobs.next_unrouted(store, claim)
        assert claim
        assert row
        enacting.complete(store, claim, row.id, Decision(acts=(deploy(sha),), sentence="deploys"), contains)
        routing_jobs.release(store, claim)

    def queued(self, sha: str) -> int:
        """Push a commit, and give the deployment that waits for a worker then."""
        unfinished = routing_jobs.unfinished(self.store, Lane(repository=self.name, environment="staging"))
        self.accept(self.store, sha)
        self.route(self.store, sha, tuple(each.id for each in unfinished))
        return routing_jobs.unfinished(self.store, Lane(repository=self.name, environment="staging"))[-1].id

    def claimed(self, sha: str, *, expired: bool = False) -> Claim:
        claim = lanes.claim(self.store, self.queued(sha), "first")
        assert claim
        if expired:
            with self.store.writing() as tx:
                tx.change(EXPIRE, name=self.name)
        return claim

    def stands(self) -> Any:
        """Give all that the two could have decided differently."""
        with self.store.reading() as tx:
            (lane,) = [dict(row) for row in tx.rows(OF_LANE, r=self.name)]
            rows = [tuple(row.values()) for row in tx.rows(OF_DEPLOYMENTS, l=lane["id"])]
            told = [json.loads(row["payload"]) for row in tx.rows(TOLD, r=self.path)]
            waits = tx.scalar(UNROUTED, r=self.name)
        runs = lane.pop("running") is not None
        del lane["id"]
        return lane, runs, rows, waits, [(said["sha"], said["state"], _told(said)) for said in told]


Act = Callable[[Store], Any]


def two_workers(shop: Shop) -> tuple[Act, Act]:
    number = shop.queued("a")
    return tuple(partial(lanes.claim, deployment_id=number, owner=name) for name in "AB")  # type: ignore[return-value]


def a_claim_and_a_newer_commit(shop: Shop) -> tuple[Act, Act]:
    number = shop.queued("a")
    shop.accept(shop.store, "b")
    return partial(lanes.claim, deployment_id=number, owner="A"), partial(shop.route, sha="b", contains=(number,))


def an_end_and_a_newer_commit(shop: Shop) -> tuple[Act, Act]:
    claim = shop.claimed("a")
    shop.accept(shop.store, "b")
    return partial(_end, claim=claim), partial(shop.route, sha="b", contains=(claim.deployment.id,))


def one_given_back_and_a_newer_commit(shop: Shop) -> tuple[Act, Act]:
    claim = shop.claimed("a")
    shop.accept(shop.store, "b")
    return partial(_give_back, claim=claim), partial(shop.route, sha="b", contains=(claim.deployment.id,))


def an_end_and_a_sweep(shop: Shop) -> tuple[Act, Act]:
    return partial(_end, claim=shop.claimed("a", expired=True)), ending.sweep


def a_renewal_and_a_sweep(shop: Shop) -> tuple[Act, Act]:
    return partial(_renew, claim=shop.claimed("a", expired=True)), ending.sweep


def two_sweeps(shop: Shop) -> tuple[Act, Act]:
    shop.claimed("a", expired=True)
    return ending.sweep, ending.sweep


def a_sweep_and_the_next_claim(shop: Shop) -> tuple[Act, Act]:
    shop.claimed("a", expired=True)
    return ending.sweep, partial(lanes.claim, deployment_id=shop.queued("b"), owner="B")


def an_end_and_the_next_claim(shop: Shop) -> tuple[Act, Act]:
    claim = shop.claimed("a")
    return partial(_end, claim=claim), partial(lanes.claim, deployment_id=shop.queued("b"), owner="B")


def a_push_and_a_router_that_finds_nothing_more(shop: Shop) -> tuple[Act, Act]:
    shop.queued("a")
    shop.accept(shop.store, "b")
    return partial(shop.accept, sha="c"), partial(shop.route, sha="b")


def a_reminder_and_a_sweep(shop: Shop) -> tuple[Act, Act]:
    return partial(_remind, claim=shop.claimed("a", expired=True)), ending.sweep


def a_late_reminder_and_the_end_of_the_next_try(shop: Shop) -> tuple[Act, Act]:
    late = shop.claimed("a", expired=True)
    ending.sweep(shop.store)
    again = lanes.claim(shop.store, late.deployment.id, "second")
    assert again
    return partial(_remind, claim=late), partial(_end, claim=again)


PAIRS = (
    two_workers,
    a_claim_and_a_newer_commit,
    an_end_and_a_newer_commit,
    one_given_back_and_a_newer_commit,
    an_end_and_a_sweep,
    a_renewal_and_a_sweep,
    two_sweeps,
    a_sweep_and_the_next_claim,
    an_end_and_the_next_claim,
    a_push_and_a_router_that_finds_nothing_more,
    a_reminder_and_a_sweep,
    a_late_reminder_and_the_end_of_the_next_try,
)


@pytest.fixture
def two(postgres_server: postgres.Server, migrated_database: str, tmp_path: Path) -> Iterator[Two]:
    """Two processes' stores on one database."""
    two = Two(postgres_server.fresh(migrated_database), tmp_path)
    yield two
    two.close()


@pytest.mark.parametrize(
    "pair",
    [PAIRS[0], *(pytest.param(each, marks=pytest.mark.proof) for each in PAIRS[1:])],
    ids=lambda each: each.__name__,
)
def test_one_of_them_was_first(pair: Callable[[Shop], tuple[Act, Act]], two: Two) -> None:
    """Whichever statement of one the other comes in front of: it ends as if they had come one after the other."""
    store, names = two.sides[0].store, (f"acme/shop-{number}" for number in count())
    in_turn = []
    for first in (0, 1):
        shop = Shop(store, next(names))
        acts = pair(shop)
        for act in (acts[first], acts[1 - first]):
            act(store)
        in_turn.append(shop.stands())
    tried = 0
    for first in (0, 1):
        for steps in count():
            shop = Shop(store, next(names))
            went_on = two.interleave(pair(shop), first, steps)
            assert shop.stands() in in_turn, f"stopped after {steps} steps of {'AB'[first]}"
            tried += 1
            if not went_on:
                break
    assert tried > len(in_turn) * 3, "hardly anything was interleaved"


def _told(said: dict[str, str]) -> str:
    """Give a sentence without the numbers of deployments in it."""
    return re.sub(r"deployment \d+", "deployment", said["description"])


def _end(store: Store, claim: Claim) -> object:
    return ending.finish(store, claim, State.SUCCEEDED, "healthy")


def _remind(store: Store, claim: Claim) -> None:
    announcing.remind(store, claim, "waiting for Deployment shop/web")


def _give_back(store: Store, claim: Claim) -> bool:
    return ending.give_back(store, claim, "told to stop", 0.0)


def _renew(store: Store, claim: Claim) -> object:
    return turns.renew(store, [claim.turn], 15.0)
