"""Alice locks staging at the moment at which bob deploys: in every order either his runs and ends, or it waits for her.

Their two deliveries are told and read in any order, and a worker comes in between.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pushboat.model.ask import AskVerdict
from pushboat.model.deployment import Claim, Deployment
from pushboat.model.state import State
from pushboat.store import deliveries, holds, lanes
from tests.racing.merging import interleavings
from tests.racing.running import begin, end, read, taken
from tests.spoofing.scene import SHOP, Scene
from tests.written import config_map
from workers.routing.story import route_repository

LOCK, UNLOCK = "/deploy lock staging we migrate", "/deploy unlock staging"
ORDERS = list(interleavings(("lock told", "lock read"), ("told", "read", "worker")))
ONE_STREAM = [
    order
    for order in ORDERS
    if (order.index("told") < order.index("lock told")) == (order.index("read") < order.index("lock read"))
]
"""A command stands in its environment's stream, as the lock does: what is told first is read first."""


class Race:
    """Alice's lock and bob's deployment of staging, step by step."""

    def __init__(self, scene: Scene, by: str) -> None:
        self.scene, self.by = scene, by
        self.told: dict[str, int] = {}
        self.claim: Claim | None = None
        self.steps: dict[str, Callable[[], None]] = {
            "lock told": lambda: self._tell("lock"),
            "lock read": lambda: self._read("lock"),
            "told": lambda: self._tell("his"),
            "read": lambda: self._read("his"),
            "worker": self._work,
        }

    @property
    def his(self) -> Deployment:
        """Look at bob's deployment as it stands now."""
        return self.scene.deployed()[-1]

    def _tell(self, whose: str) -> None:
        forge, number = self.scene.forge, self.scene.number
        if whose == "lock":
            happened = forge.comment(SHOP, number, "alice", LOCK)
        elif self.by == "push":
            happened = forge.push(SHOP, "main", {"deploy/a.yaml": config_map("a", of="main")}, author="bob")
        else:
            happened = forge.comment(SHOP, number, "bob", "/deploy staging")
        self.told[whose] = happened.response.json()["delivery"]

    def _read(self, whose: str) -> None:
        others = [number for who, number in self.told.items() if who != whose]
        read(self.scene, self.told[whose], others)

    def _work(self) -> None:
        (self.claim,) = taken(self.scene) or [None]


@pytest.mark.parametrize(
    ("by", "order"),
    [*(("push", order) for order in ORDERS), *(("command", order) for order in ONE_STREAM)],
    ids=lambda value: value if isinstance(value, str) else ", ".join(value),
)
def test_it_runs_or_waits_in_whatever_order(stored: Scene, by: str, order: tuple[str, ...]) -> None:
    """Who came first is seen by everybody: nothing starts behind a lock that stands, and nothing waits after it."""
    race = Race(stored, by)
    for step in order:
        race.steps[step]()
    assert [entry.verdict for entry in stored.audit()] == [AskVerdict.DONE] * (1 if by == "push" else 2)
    assert "lock" in [each.kind for each in holds.listed(stored.tools.store)]
    if order.index("worker") < order.index("lock read"):
        assert race.claim, "nothing held it yet"
        end(stored, race.claim)
        assert race.his.state is State.SUCCEEDED
        return
    assert race.claim is None, "it has started behind a lock"
    assert race.his.waits.startswith("locked by alice since ")
    shown = stored.forge.statuses(SHOP, race.his.sha, "pushboat/staging")[-1]
    assert shown[2].startswith("locked by alice since ")
    stored.comment("alice", UNLOCK)
    end(stored, begin(stored))
    assert race.his.state is State.SUCCEEDED


@pytest.mark.parametrize("order", ORDERS, ids=", ".join)
def test_her_own_passes_in_whatever_order(stored: Scene, order: tuple[str, ...]) -> None:
    """What alice pushes herself starts when a worker comes, whichever of the two was told or read first."""
    race = Race(stored, "push")
    stored.forge.push(SHOP, "main", {"README.md": "mine"}, author="alice", deliver=False)
    tell = stored.forge.push
    race.steps["told"] = lambda: race.told.update(
        his=tell(SHOP, "main", {"deploy/a.yaml": config_map("a", of="her")}, author="alice").response.json()["delivery"]
    )
    for step in order:
        race.steps[step]()
    assert race.claim, race.his.waits
    end(stored, race.claim)
    assert race.his.state is State.SUCCEEDED


def test_both_are_read_and_claimed_at_once(stored: Scene) -> None:
    """Two routers and a worker at the same moment: either it was claimed, or it waits and says for whom."""
    store = stored.tools.store
    for _ in range(4):
        race, together = Race(stored, "push"), threading.Barrier(3)
        race.steps["told"]()
        race.steps["read"]()
        race.steps["lock told"]()
        his = stored.deployed()[0]

        def route(together: threading.Barrier = together) -> None:
            together.wait()
            route_repository(stored.tools, stored.repository)

        def work(together: threading.Barrier = together, number: int = his.id) -> Claim | None:
            together.wait()
            return lanes.claim(store, number, "worker", 15.0)

        with ThreadPoolExecutor(3) as threads:
            routed = [threads.submit(route) for _ in range(2)]
            claimed = threads.submit(work)
        for each in routed:
            each.result()
        route_repository(stored.tools, stored.repository)  # where one of the two was sent away by the other's lease
        row = deliveries.find(store, race.told["lock"])
        assert row
        assert row.routed_at, row.reason
        stands = stored.deployed()[0]
        claim = claimed.result()
        assert (claim is None) == stands.held, stands
        if claim is None:
            assert stands.waits.startswith("locked by alice since ")
        stored.comment("alice", UNLOCK)
        end(stored, claim or begin(stored))
