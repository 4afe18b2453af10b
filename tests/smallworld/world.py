"""A small world: one lane, a few commits, two workers, one crash; and all that may happen next in it.

What a process knows is kept as little as its code needs it; what it may do is one transaction of the store or one
request to the cluster. Nobody is ever waited for: that a process is slow or frozen is that others go first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from pushboat.model.deployment import Claim
from pushboat.store.database.engine import Store
from tests.smallworld.cluster import Live, Packet
from tests.smallworld.stored import NOW, Stored

TICK = 8.0
"""Seconds. A lease outlives one of them, and not two."""
NAMES = ("A", "B")


class Router(NamedTuple):
    """Who routes the repository's deliveries: what it has claimed and read so far."""

    phase: str = "idle"
    claim: int = -1
    row: int = 0
    contained: tuple[int, ...] = ()


class Worker(NamedTuple):
    """Who deploys. `age`: ticks since it asked for its lease; `version`, `fence`: of the object as it was read."""

    phase: str = "idle"
    claim: int = -1
    age: int = 0
    version: int = 0
    fence: int = 0
    packet: Packet | None = None


class World(NamedTuple):
    """All that there is; `late` are requests on their way whose senders are gone."""

    tick: int = 0
    store: int = 0
    pushed: int = 0
    router: Router = Router()
    sweeper: int = -1
    workers: tuple[Worker, Worker] = (Worker(), Worker())
    live: Live = Live()
    late: tuple[Packet, ...] = ()
    crashes: int = 0


class Move(NamedTuple):
    """One step: what happens, who does it, and the world after it; `broken` is the promise that it breaks."""

    sentence: str
    world: World
    broken: str = ""


Moves = Iterator[Move]


@dataclass(frozen=True)
class Bounds:
    """How much may happen.

    `stops`: what may die may be told to stop as well. `checked`: the cluster compares versions. `shut_out`: who takes
    an expired lease over puts its fence first.
    """

    commits: int = 3
    ticks: int = 3
    crashes: int = 1
    stops: bool = True
    checked: bool = True
    shut_out: bool = True


@dataclass
class Game:
    """The world's rules on one store."""

    stored: Stored
    bounds: Bounds
    claims: list[Any] = field(default_factory=list)
    numbers: dict[Any, int] = field(default_factory=dict)
    lanes: dict[tuple[int, int], int] = field(default_factory=dict)

    def take(self, world: World, name: Any, act: Callable[[Store], Any], *earlier: int) -> tuple[World, Any]:
        """Take one transaction of a function in this world."""
        content, came = self.stored.step(name, act, (*earlier, world.store))
        return world._replace(store=content), came

    def known(self, claim: Any) -> int:
        """Give a claim's number."""
        number = self.numbers.get(id(claim))  # the store's steps keep it: its place in memory is its own
        if number is None:
            number = self.numbers.setdefault(claim, len(self.claims))
            self.numbers[id(claim)] = number
            if number == len(self.claims):
                self.claims.append(claim)
        return number

    def same_lane(self, content: int) -> int:
        """Give the first content whose lane a sweep sees as it sees this one."""
        (lane,) = self.stored.rows(content, "lane")
        return self.lanes.setdefault((lane["running"], lane["fence"]), content)


def number_of(claim: Claim) -> int:
    """Say which commit a worker has claimed."""
    return int(claim.deployment.sha[0])


def sha_of(number: int) -> str:
    """Name a commit."""
    return str(number) * 40


def time(game: Game, world: World) -> Moves:
    """Let time pass, or a process die."""
    if world.tick < game.bounds.ticks:
        after, _ = game.take(world, "time", _grow_older)
        aged = tuple(each._replace(age=min(each.age + 1, 2)) if each.claim >= 0 else each for each in world.workers)
        yield Move(f"{TICK:.0f} seconds pass", after._replace(tick=world.tick + 1, workers=aged))
    if world.crashes == game.bounds.crashes:
        return
    died = world._replace(crashes=world.crashes + 1)
    if world.router.phase != "idle":
        yield Move("the router dies", died._replace(router=Router()))
    for index, worker in enumerate(world.workers):
        if worker.phase != "idle":
            late = tuple(sorted((*world.late, *([worker.packet] if worker.packet else []))))
            gone = with_worker(died, index, Worker())
            yield Move(f"worker {NAMES[index]} dies", gone._replace(late=late))


def _grow_older(store: Store) -> None:
    """Let leases have been taken earlier; no other time has a say in what this world does."""
    with store.writing() as tx:
        for table in ("lane", "repository"):
            aged = f"UPDATE {table} SET lease_until = max(lease_until - {TICK}, {NOW - 1}) WHERE lease_until <> 0"
            tx.change(sa.text(aged))


def with_worker(world: World, index: int, worker: Worker) -> World:
    """Give the world in which one worker is another."""
    workers = (worker, world.workers[1]) if index == 0 else (world.workers[0], worker)
    return world._replace(workers=workers)
