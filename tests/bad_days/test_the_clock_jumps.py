"""The machine's clock is a day off, and is set right at any moment: what was due goes on, within the hour."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from pushboat.model.deployment import Claim
from pushboat.model.state import State
from pushboat.store import ending, hinting, lanes, looks, outbox, quieting, routing_jobs
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy
from tests.store.test_any_history_of_a_lane import Clock

DAY = 86_400.0
ROUND = 300.0
"""Seconds. Whoever was told to wait by a forge waits an hour at most."""
ROUNDS = 14


def steps(clock: Clock, shop: Repository) -> Iterator[Callable[[], object]]:
    """A push that waits for its forge, one that runs, one behind it, a letter under way, a forge that asks to wait."""
    taken: list[Claim] = []

    def postpone() -> None:
        claim = routing_jobs.claim_routing(clock, NAME, "router")
        assert claim
        row = routing_jobs.next_unrouted(clock, claim)
        assert row
        routing_jobs.postpone(clock, claim, row.id, "waiting", 30.0)
        assert routing_jobs.next_unrouted(clock, claim) is None
        routing_jobs.release(clock, claim)

    yield partial(shop.push, "a")
    yield lambda: hinting.hinted(clock, hinting.due(clock))
    yield lambda: taken.append(shop.claim(shop.row(1)))
    yield lambda: ending.give_back(clock, taken[0], "the cluster is away", 30.0, counted=False)
    yield partial(shop.receive, "b")
    yield postpone
    yield lambda: outbox.due_head(clock, "poster", "github")
    yield lambda: quieting.quiet(clock, "github", 600.0)


def jump(clock: Clock, seconds: float) -> None:
    """Set the clock."""
    object.__setattr__(clock, "moment", clock.now() + seconds)


def go_on(clock: Clock, shop: Repository) -> int:
    """Do what is due, as dispatcher, worker and poster would; give how many letters were posted."""
    ending.sweep(clock)
    if routing_jobs.due_repositories(clock):
        shop.route_waiting(deploy("b"), contained=[1])
    for number in hinting.due(clock):
        claim = lanes.claim(clock, number, "worker")
        assert claim
        ending.finish(clock, claim, State.SUCCEEDED, "healthy")
    return len(shop.post_everything())


@pytest.mark.parametrize("seconds", [DAY, -DAY], ids=["ahead", "back"])
@pytest.mark.parametrize("moment", range(8))
def test_what_was_due_goes_on(moment: int, seconds: float, store: Store) -> None:
    """Whenever it is set, and whichever way: my newest commit runs, and both commits are told so."""
    clock = Clock(store)
    shop = Repository(clock)
    for number, step in enumerate(steps(clock, shop)):
        step()
        if number == moment:
            jump(clock, seconds)
            break
    if moment < 4:
        shop.receive("b")
    for _ in range(ROUNDS):
        go_on(clock, shop)
        jump(clock, ROUND)
    assert not outbox.backlog(clock)
    assert shop.row(1).state in (State.SUCCEEDED, State.SUPERSEDED)
    assert shop.row(2).state is State.SUCCEEDED
    assert [shop.shown(sha)[-1][0] for sha in "ab"] == ["succeeded"] * 2


@pytest.mark.parametrize("seconds", [DAY, -DAY], ids=["ahead", "back"])
def test_missed_pushes_are_looked_for_all_the_same(seconds: float, store: Store) -> None:
    """What no delivery told of is found within minutes, also after the clock was set."""
    clock = Clock(store)
    looks.schedule(clock, [NAME])
    assert looks.due(clock, 9) == [NAME]
    assert looks.claim(clock, NAME, "worker")
    looks.log_read(clock, NAME, "worker", 1800.0)
    looks.looked(clock, NAME, "worker", "", 300.0)
    assert looks.due(clock, 9) == []
    jump(clock, seconds)
    assert looks.due(clock, 9) == [NAME]
    look = looks.claim(clock, NAME, "worker")
    assert look
    assert look.log_due
