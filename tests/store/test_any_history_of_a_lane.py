"""Pushes, claims, renewals, ends, sweeps, holds and hours, in any history that Hypothesis thinks of, on both stores.

Each history has a repository of its own, and a clock that it sets.
"""

import json
import re
from collections import defaultdict
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from pushboat.model.deployment import Claim, Deployment, Lane
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.routing import Decision
from pushboat.store import deliveries, deployments, enacting, ending, hinting, holds, lanes, routing_jobs, turns
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Transaction
from tests.seeded import SEEDED
from tests.store.repository import deploy, push

PLACES = ("production", "staging")
LEASE = 15.0
ENDS = (State.SUCCEEDED, State.FAILED, State.ERRORED)
IN_ORDER = re.compile(r"(queued )*(running )*((succeeded|failed|errored|cancelled) )?")
"""What one commit is told: it waits, in changing words; it is worked on; one end."""
NEVER = 1e9
LANES = sa.text(
    "SELECT environment, running, fence, deployed_sha FROM lane WHERE repository = :name ORDER BY environment"
)
TOLD = sa.text("SELECT stream, payload FROM outbox WHERE repository = :path AND kind = 'status' ORDER BY id")
_numbers = count(1)


class Clock(Store):
    """A store whose clock stands until it is told to go on."""

    def __init__(self, plain: Store) -> None:
        super().__init__(plain.engine, plain.turn)
        object.__setattr__(self, "moment", 1_800_000_000.0)

    def _transaction(self, connection: sa.Connection) -> Transaction:
        moment: float = getattr(self, "moment")  # noqa: B009 - a store has no such field
        return Transaction(connection, moment, self.postgres)


class History(RuleBasedStateMachine):
    """What may happen, and what must hold after each of it."""

    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self.path = f"acme/shop-{next(_numbers)}"
        self.name = f"github/{self.path}"
        self.pushed = self.routed = 0
        self.held: list[Claim] = []
        self.until: dict[Claim, float] = {}
        self.paused: set[str] = set()
        self.fences: dict[str, int] = {}

    @property
    def now(self) -> float:
        return self.clock.now()

    @rule()
    def accept(self) -> None:
        """A commit is pushed."""
        self.pushed += 1
        event = push(f"{self.pushed:040}", self.path)
        assert not deliveries.accept(self.clock, "github", f"{self.path}-{self.pushed}", event).duplicate
        assert deliveries.accept(self.clock, "github", f"{self.path}-{self.pushed}", event).duplicate

    @precondition(lambda self: self.routed < self.pushed)
    @rule(places=st.sets(st.sampled_from(PLACES), min_size=1))
    def route(self, places: set[str]) -> None:
        """The next push is routed to some environments."""
        claim = routing_jobs.claim_routing(self.clock, self.name, "router", LEASE)
        assert claim
        row = routing_jobs.next_unrouted(self.clock, claim)
        assert row
        self.routed += 1
        assert row.event.sha == f"{self.routed:040}", "pushes are routed in the order in which they came"
        older = [each.id for place in places for each in self._unfinished(place)]
        acts = tuple(deploy(row.event.sha, place) for place in sorted(places))
        enacting.complete(self.clock, claim, row.id, Decision(acts=acts, sentence="deploys"), older)
        routing_jobs.release(self.clock, claim)

    @rule(place=st.sampled_from(PLACES), owner=st.sampled_from("AB"), newest=st.booleans())
    def claim(self, place: str, owner: str, newest: bool) -> None:
        """A worker tries to take what waits, whether it was told to or not."""
        waiting = [each for each in self._unfinished(place) if each.state is State.QUEUED]
        if not waiting:
            return
        wanted = waiting[-1 if newest else 0]
        taken = lanes.claim(self.clock, wanted.id, owner, LEASE)
        runs = any(each.state is State.RUNNING for each in self._unfinished(place) if not taken or each.id != wanted.id)
        early = self._not_before(wanted) > self.now
        may = not runs and place not in self.paused and wanted == waiting[-1] and not early
        assert (taken is not None) == may, "it starts if and only if nothing stands against it"
        if taken:
            assert taken.fence > self.fences.get(place, 0)
            self.held.append(taken)
            self.until[taken] = self.now + LEASE

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def renew(self, data: st.DataObject) -> None:
        """A worker prolongs its lease, or learns that it is gone."""
        claim = data.draw(st.sampled_from(self.held))
        ours = turns.renew(self.clock, [claim.turn], LEASE) == {claim.turn}
        assert ours == (self._holds(claim) and self.until[claim] > self.now)
        if ours:
            self.until[claim] = self.now + LEASE

    @precondition(lambda self: self.held)
    @rule(data=st.data(), state=st.sampled_from(ENDS))
    def finish(self, data: st.DataObject, state: State) -> None:
        """A worker ends its deployment, or comes too late for that."""
        claim = data.draw(st.sampled_from(self.held))
        mine = self._holds(claim)
        assert (ending.finish(self.clock, claim, state, "as it is") is not None) == mine
        self.held.remove(claim)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), delay=st.sampled_from([0.0, 30.0]), counted=st.booleans())
    def give_back(self, data: st.DataObject, delay: float, counted: bool) -> None:
        """A worker gives its deployment back: it is told to stop, or the cluster is away."""
        claim = data.draw(st.sampled_from(self.held))
        mine = self._holds(claim)
        assert ending.give_back(self.clock, claim, "for a while", delay, counted=counted) == mine
        self.held.remove(claim)

    @rule()
    def sweep(self) -> None:
        """The dispatcher takes lanes away from whoever is gone."""
        gone = [claim for claim in self.held if self._holds(claim) and self.until[claim] <= self.now]
        assert ending.sweep(self.clock) == len(gone)

    @rule(seconds=st.sampled_from([1.0, 7.0, 16.0, 90.0]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        object.__setattr__(self.clock, "moment", self.now + seconds)

    @rule(place=st.sampled_from(PLACES))
    def pause(self, place: str) -> None:
        """Somebody pauses an environment, or lets it go on."""
        scope = Scope(repository=self.name, environment=place)
        if place in self.paused:
            assert holds.lift(self.clock, "pause", scope, "").hold
        else:
            holds.put(self.clock, Hold(kind="pause", scope=scope, by="ops", reason="we move"))
        self.paused ^= {place}

    @rule()
    def hint(self) -> None:
        """The dispatcher tells workers what is due."""
        hinting.hinted(self.clock, hinting.due(self.clock))

    @invariant()
    def one_at_a_time(self) -> None:
        """A lane knows the one that runs in it, and its fence only grows."""
        for lane in self._lanes():
            running = [each.id for each in self._unfinished(lane["environment"]) if each.state is State.RUNNING]
            assert running == [lane["running"]] * (lane["running"] is not None)
            assert lane["fence"] >= self.fences.get(lane["environment"], 0)
            self.fences[lane["environment"]] = lane["fence"]

    @invariant()
    def told_in_order(self) -> None:
        """No forge hears of a commit that it is worked on after it heard of its end."""
        told = defaultdict(str)
        with self.clock.reading() as tx:
            for row in tx.rows(TOLD, path=self.path):
                told[row["stream"]] += json.loads(row["payload"])["state"] + " "
        assert all(IN_ORDER.fullmatch(states) for states in told.values()), dict(told)

    def teardown(self) -> None:
        """Whatever happened, and with everybody who worked gone: all of it ends, on the newest commit."""
        for place in tuple(self.paused):
            self.pause(place)
        while self.routed < self.pushed:
            self.route(set(PLACES))
        for _ in range(4):
            self.wait(90.0)
            ending.sweep(self.clock)
            for place in PLACES:
                for number in [each.id for each in self._unfinished(place) if each.id in hinting.due(self.clock, 9999)]:
                    claim = lanes.claim(self.clock, number, "C", LEASE)
                    assert claim, "what is hinted may be claimed"
                    assert ending.finish(self.clock, claim, State.SUCCEEDED, "healthy")
        assert not [each for place in PLACES for each in self._unfinished(place)]
        for lane in self._lanes():
            newest = routing_jobs.newest(self.clock, self._lane(lane["environment"]))
            assert newest
            assert newest.state in ENDS
            assert newest.state is not State.SUCCEEDED or lane["deployed_sha"] == newest.sha

    def _lane(self, place: str) -> Lane:
        return Lane(repository=self.name, environment=place)

    def _lanes(self) -> list[sa.RowMapping]:
        with self.clock.reading() as tx:
            return tx.rows(LANES, name=self.name)

    def _unfinished(self, place: str) -> list[Deployment]:
        return routing_jobs.unfinished(self.clock, self._lane(place))

    def _not_before(self, deployment: Deployment) -> float:
        with self.clock.reading() as tx:
            return float(tx.scalar(sa.text("SELECT not_before FROM deployment WHERE id = :id"), id=deployment.id))

    def _holds(self, claim: Claim) -> bool:
        now = deployments.find(self.clock, claim.deployment.id)
        with self.clock.reading() as tx:
            fence = tx.scalar(sa.text("SELECT fence FROM lane WHERE running = :id"), id=claim.deployment.id)
        return now is not None and now.state is State.RUNNING and fence == claim.fence


def live(store: Store, histories: int, steps: int) -> None:
    """Play histories on a store."""
    machine = type("OnThisStore", (History,), {"clock": Clock(store)})
    some = settings(SEEDED, max_examples=histories, stateful_step_count=steps)
    run_state_machine_as_test(machine, settings=some)


def test_some_histories_keep_every_promise(store: Store) -> None:
    """Whatever I push, pause and kill, in whatever order: one at a time, the newest wins, and everything ends."""
    live(store, histories=8, steps=20)


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_many_histories_keep_every_promise(store: Store) -> None:
    """The same, longer and more often."""
    live(store, histories=250, steps=40)
