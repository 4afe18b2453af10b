"""One busy repository starves no other: workers are told of each in turn, and so are routers."""

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.events import Event, EventKind
from pushboat.model.deployment import Lane
from pushboat.model.state import State
from pushboat.routing import Decision, Deploy
from pushboat.store import deliveries, deployments, enacting, ending, hinting, lanes, routing_jobs
from pushboat.store.database.engine import Store
from tests.store.repository import deploy, time_passes

BUSY, QUIET = "acme/monorepo", "acme/alone"


def accept(store: Store, repository: str, sha: str, ref: str = "refs/heads/main") -> None:
    """Accept a push."""
    event = Event(kind=EventKind.PUSH, action="updated", repository=repository, ref=ref, sha=sha)
    deliveries.accept(store, "github", f"{repository} {sha} {ref}", event)


def acts(sha: str, environments: Sequence[str]) -> tuple[Deploy, ...]:
    """What a push of a commit leads to."""
    return tuple(deploy(sha, each) for each in environments)


def route(store: Store, name: str, *environments: str) -> None:
    """Route what waits in a repository, each push to these environments."""
    claim = routing_jobs.claim_routing(store, name, "router")
    assert claim
    while row := routing_jobs.next_unrouted(store, claim):
        decision = Decision(acts=acts(row.event.sha, environments), sentence="deploys")
        enacting.complete(store, claim, row.id, decision)
    routing_jobs.release(store, claim)


def push(store: Store, repository: str, sha: str, *environments: str) -> None:
    """Push a commit to environments of a repository."""
    accept(store, repository, sha)
    route(store, f"github/{repository}", *environments)


def names(store: Store, numbers: list[int]) -> list[str]:
    """Of which repositories deployments are."""
    found = (deployments.find(store, number) for number in numbers)
    return [one.lane.repository.partition("/")[2] for one in found if one]


def test_a_push_to_hundreds_of_environments_is_told_in_turn_with_others(store: Store) -> None:
    """My small repository is pushed to after a monorepo with 200 environments: it is told of at once."""
    push(store, BUSY, "a" * 40, *(f"e{number}" for number in range(200)))
    first = hinting.due(store, limit=50, share=16)
    hinting.hinted(store, first)
    assert names(store, first) == [BUSY] * 16, "no more than its share stands before others"
    push(store, QUIET, "b" * 40, "e")
    (mine, *others) = hinting.due(store, limit=50, share=16)
    assert names(store, [mine]) == [QUIET]
    assert others == []


def test_a_place_that_is_free_again_goes_to_the_next_of_the_same_repository(store: Store) -> None:
    """Nobody else wants it: the monorepo has all of its share, always, and in the order of its pushes."""
    push(store, BUSY, "a" * 40, *(f"e{number}" for number in range(20)))
    told: list[int] = []
    while found := hinting.due(store, share=4):
        hinting.hinted(store, found)
        told += found
        claim = lanes.claim(store, found[0], "worker")
        assert claim
        ending.finish(store, claim, State.SUCCEEDED, "healthy")
        assert len(found) <= 4
    first_told = list(dict.fromkeys(told))  # a slow machine tells of some again
    assert first_told == sorted(first_told)
    assert len(first_told) == 20


def test_many_busy_repositories_go_round(store: Store) -> None:
    """Three of them with ten environments each: one of each, then the next of each."""
    for name in ("acme/a", "acme/b", "acme/c"):
        push(store, name, "a" * 40, *(f"e{number}" for number in range(10)))
    found = names(store, hinting.due(store, limit=9))
    assert [sorted(found[at : at + 3]) for at in (0, 3, 6)] == [["acme/a", "acme/b", "acme/c"]] * 3


def test_a_hint_that_nobody_followed_comes_again(store: Store) -> None:
    """Messages got lost, or stand in line: after the pause the same are told again, and no more beside them."""
    push(store, BUSY, "a" * 40, *(f"e{number}" for number in range(10)))
    first = hinting.due(store, share=4)
    hinting.hinted(store, first)
    assert hinting.due(store, share=4) == []
    time_passes(store, 5)
    assert hinting.due(store, share=4) == first


class Counter:
    """Counts what a store is asked."""

    def __init__(self, store: Store) -> None:
        self.statements = 0
        sa.event.listen(store.engine, "after_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self.statements += 1


def route_next(store: Store, name: str, places: Sequence[str]) -> None:
    """Route the oldest push of a repository."""
    claim = routing_jobs.claim_routing(store, name, "router")
    assert claim
    if row := routing_jobs.next_unrouted(store, claim):
        enacting.complete(store, claim, row.id, Decision(acts=acts(row.event.sha, places), sentence="deploys"))
    routing_jobs.release(store, claim)


class Backlog:
    """Pushes that came while nobody worked, carried out turn by turn as dispatcher and workers do."""

    def __init__(self, store: Store, pushes: int, repositories: int, environments: int) -> None:
        self.store = store
        self.places = [f"e{number}" for number in range(environments)]
        for number in range(pushes):
            accept(store, f"acme/r{number % repositories:03}", f"{number:040x}")
        self.began: dict[Lane, list[int]] = defaultdict(list)
        self.asked: list[int] = []
        self.memory: list[float] = []
        self.counter = Counter(store)

    def turn(self) -> bool:
        """Do what is due now; False where nothing is."""
        before = self.counter.statements
        found = hinting.due(self.store, 50)
        hinting.hinted(self.store, found)
        due = routing_jobs.due_repositories(self.store, 50) if not found else []
        self.asked.append(self.counter.statements - before)
        for name in due:  # only when all is deployed: otherwise each push would supersede the one before it
            route_next(self.store, name, self.places)
        for number in found:
            if claim := lanes.claim(self.store, number, "worker"):
                self.began[claim.deployment.lane].append(claim.deployment.id)
                ending.finish(self.store, claim, State.SUCCEEDED, "healthy")
        self.memory.append(memory())
        return bool(due or found)


def memory() -> float:
    """Megabytes that this process has in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


SIZES = [(20, 4, 5), pytest.param(2_000, 40, 5, marks=(pytest.mark.proof, pytest.mark.timeout(3600)))]


@pytest.mark.parametrize(("pushes", "repositories", "environments"), SIZES)
def test_a_backlog_drains_in_order_with_flat_memory(
    store: Store, pushes: int, repositories: int, environments: int
) -> None:
    """Ten thousand deployments in two hundred lanes: each lane in its order, and a turn costs what it cost at first."""
    backlog = Backlog(store, pushes, repositories, environments)
    while backlog.turn():
        pass
    with store.reading() as tx:
        ended = tx.rows(sa.text("SELECT state, count(*) AS number FROM deployment GROUP BY state"))
        last = tx.rows(
            sa.text(
                "SELECT l.deployed_sha, (SELECT sha FROM deployment d WHERE d.lane_id = l.id "
                "ORDER BY seq DESC LIMIT 1) AS newest FROM lane l"
            )
        )
    by_state = {row["state"]: row["number"] for row in ended}
    assert sum(by_state.values()) == pushes * environments
    assert set(by_state) == {"succeeded"}
    assert len(last) == repositories * environments
    assert all(row["deployed_sha"] == row["newest"] for row in last), "every lane ends on its newest commit"
    assert all(numbers == sorted(set(numbers)) for numbers in backlog.began.values()), "in order, each once"
    assert max(backlog.asked) <= 8, "a turn asks the same few questions, however much waits"
    half = backlog.memory[len(backlog.memory) // 2 :]
    print(
        f"{by_state}, {len(backlog.asked)} turns, {backlog.counter.statements} statements, "
        f"{half[0]:.0f}-{half[-1]:.0f} MB"
    )
    assert half[-1] - half[0] < 20


@pytest.mark.parametrize("query", [hinting._DUE, routing_jobs._DUE])
def test_what_is_due_is_found_by_index(store: Store, query: sa.TextClause) -> None:
    """Neither store walks over all that was ever deployed or delivered to find what waits."""
    values = {"now": 1e9, "far": 2e9, "limit": 50, "share": 50}
    text = str(query)
    with store.reading() as tx:
        if tx.postgres:
            tx.connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN " if tx.postgres else "EXPLAIN QUERY PLAN "
        rows = tx.rows(sa.text(explain + text), **{key: each for key, each in values.items() if f":{key}" in text})
    plan = "\n".join(str(list(row.values())[-1]) for row in rows)
    for table in ("deployment d", "delivery"):
        assert f"SCAN {table.split()[-1]}\n" not in f"{plan}\n", plan
    assert "Seq Scan on delivery" not in plan
    assert "Seq Scan on deployment" not in plan
