"""What a delivery leads to in many environments begins in shares: whoever dies between two of them loses nothing."""

import random
from collections import Counter
from collections.abc import Callable

import pytest

from pushboat.errors import LeaseLost
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import Kind, State
from pushboat.routing import Act, Decision, LiftHold, Post
from pushboat.store import deliveries, deployments, enacting, ending, holds, lanes, routing_jobs
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy, plan, push, time_passes

NAMES = [f"e{number}" for number in range(7)]
AT_ONCE = 2
SEEDS = range(6)
WHOLE = Post(sha="a", context="pushboat/plan", state=State.QUEUED, description="planning all of them", number=7)


class Killed(Exception):
    """What a router that dies does not come back from."""


class Router:
    """One router after the other, each with a lease of its own, that routes the delivery whose turn it is."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def route(self, *acts: Act, between: Callable[[], object] = lambda: None, at_once: int = AT_ONCE) -> int:
        """Route it to these acts; give its number."""
        time_passes(self.store, 16)  # whoever had the repository before is dead
        claim = routing_jobs.claim_routing(self.store, NAME, "router")
        assert claim
        row = routing_jobs.next_unrouted(self.store, claim)
        assert row
        decision = Decision(acts=acts, sentence="deploys")
        enacting.complete(self.store, claim, row.id, decision, at_once=at_once, between=between)
        routing_jobs.release(self.store, claim)
        return row.id

    def dies(self, *acts: Act, after: int) -> None:
        """Begin so many shares, and no more."""
        shares = iter(range(after - 1))

        def between() -> None:
            if next(shares, None) is None:
                raise Killed

        with pytest.raises(Killed):
            self.route(*acts, between=between)


@pytest.fixture
def router(store: Store) -> Router:
    """Whoever routes."""
    return Router(store)


def delivered(store: Store, number: int) -> DeliveryRow:
    """Look at a delivery."""
    found = deliveries.find(store, number)
    assert found
    return found


def begun(store: Store, kind: Kind = Kind.DEPLOY) -> list[Deployment]:
    """List what has begun, in the order of its beginning."""
    return deployments.listed(store, kinds=(kind,), limit=500)[::-1]


def test_others_write_between_two_shares(store: Store, repository: Repository, router: Router) -> None:
    """I push to hundreds of environments, and nobody else's push is turned away while they begin."""
    repository.receive("a")
    accepted = []

    def between() -> None:
        accepted.append(deliveries.accept(store, "github", f"other-{len(accepted)}", push("b", "acme/cart")).id)

    number = router.route(*(deploy("a", name) for name in NAMES), between=between)
    assert len(accepted) == 3
    assert [each.lane.environment for each in begun(store)] == NAMES
    assert delivered(store, number).deployments == tuple(each.id for each in begun(store))


def test_few_begin_at_once_or_not_at_all(store: Store, repository: Repository, router: Router) -> None:
    """My push to two environments begins in both in the same moment."""
    repository.receive("a")
    router.route(deploy("a", "e0"), deploy("a", "e1"), between=pytest.fail)
    assert len(begun(store)) == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_who_dies_between_shares_loses_nothing(store: Store, repository: Repository, router: Router, seed: int) -> None:
    """Worker after worker is killed while my push begins, and it begins once everywhere, and before the next one."""
    chance = random.Random(seed)
    first, second = repository.receive("a"), repository.receive("b")
    acts = [deploy("a", name, once=chance.random() < 0.7) for name in NAMES]
    while (left := len(NAMES) - len(begun(store))) > AT_ONCE and (left == len(NAMES) or chance.random() < 0.7):
        # What is decided anew need not come in the same order.
        router.dies(*chance.sample(acts, len(acts)), after=chance.randint(1, (left - 1) // AT_ONCE))
        row = delivered(store, first)
        assert row.routed_at is None
        assert set(row.deployments) == {each.id for each in begun(store)}
    assert router.route(*acts) == first
    assert Counter(each.lane.environment for each in begun(store)) == Counter(NAMES)
    assert set(delivered(store, first).deployments) == {each.id for each in begun(store)}
    assert router.route(*(deploy("b", name, once=True) for name in NAMES)) == second
    for name in NAMES:
        lane = [each for each in begun(store) if each.lane.environment == name]
        assert [(each.sha, each.state) for each in lane] == [("a", State.SUPERSEDED), ("b", State.QUEUED)]


def test_who_has_lost_the_repository_begins_nothing_more(store: Store, repository: Repository, router: Router) -> None:
    """A worker is paused between two shares for so long that another one goes on: everything begins once."""
    repository.receive("a")
    acts = [deploy("a", name) for name in NAMES]
    with pytest.raises(LeaseLost):
        router.route(*acts, between=lambda: router.route(*acts))
    assert Counter(each.lane.environment for each in begun(store)) == Counter(NAMES)


def test_what_has_begun_is_carried_out_at_once(store: Store, repository: Repository, router: Router) -> None:
    """The first environments are deployed to while the others begin, and what needs one of them waits no longer."""
    needs = Hold(kind="needs", scope=Scope(repository=NAME, environment="e6"), subject="e0", sha="a", by="ann")
    acts = [*(deploy("a", name) for name in NAMES[:-1]), deploy("a", "e6", holds=(needs,))]
    repository.receive("a")
    ended: list[Deployment] = []

    def between() -> None:
        if not ended:
            ended.append(begun(store)[0])
            ending.finish(store, repository.claim(ended[0]), State.SUCCEEDED, "healthy")

    router.route(*acts, between=between)
    assert lanes.claim(store, begun(store)[-1].id, "worker")


def test_what_needs_others_begins_after_them(store: Store, repository: Repository, router: Router) -> None:
    """A success of the same commit that was left since lets nothing start while the next try has not begun."""
    repository.receive("a")
    router.route(deploy("a", "e6"))
    ending.finish(store, repository.claim(begun(store)[0]), State.SUCCEEDED, "healthy")
    needs = Hold(kind="needs", scope=Scope(repository=NAME, environment="e0"), subject="e6", sha="a", by="ann")
    repository.receive("a")
    first: list[str] = []

    def between() -> None:
        first.extend(each.lane.environment for each in begun(store))

    router.route(deploy("a", "e0", holds=(needs,)), *(deploy("a", name) for name in NAMES[1:]), between=between)
    assert first
    assert "e0" not in first[: first.index("e6") + 1] + first[:AT_ONCE]
    (held,) = [each for each in begun(store) if each.lane.environment == "e0"]
    assert lanes.claim(store, held.id, "worker") is None, "it waits for the new one, whatever there was before"


def test_plans_are_summed_up_when_all_have_begun(store: Store, repository: Repository, router: Router) -> None:
    """The first plans of my pull request end before the others begin: the whole is not green before the last one."""
    repository.receive("a")

    def between() -> None:
        for each in begun(store, Kind.PLAN):
            if each.state is State.QUEUED:
                ending.finish(store, repository.claim(each), State.SUCCEEDED, "no change")
        assert [state for state, _ in repository.shown("a", "pushboat/plan") if state == "succeeded"] == []

    router.route(WHOLE, *(plan("a", name) for name in NAMES), between=between)
    assert repository.shown("a", "pushboat/plan")[-1] == ("queued", "planning all of them")
    (last,) = [each for each in begun(store, Kind.PLAN) if each.state is State.QUEUED]
    ending.finish(store, repository.claim(last), State.SUCCEEDED, "no change")
    assert repository.shown("a", "pushboat/plan")[-1][0] == "succeeded"


def test_plans_that_had_all_ended_are_summed_up(store: Store, repository: Repository, router: Router) -> None:
    """All plans of my pull request have ended when a worker takes over from a dead one: the whole is told, too."""
    repository.receive("a")
    acts = [plan("a", name) for name in NAMES]
    router.dies(WHOLE, *acts, after=2)
    for each in begun(store, Kind.PLAN):
        ending.finish(store, repository.claim(each), State.SUCCEEDED, "no change")
    router.route(WHOLE, *acts[:4])
    assert repository.shown("a", "pushboat/plan")[-1][0] == "succeeded"


def test_what_a_hold_is_about_begins_with_it(store: Store, repository: Repository, router: Router) -> None:
    """My merge ends a pause of one environment among many: what comes there begins at the moment of that."""
    scope = Scope(repository=NAME, environment="e0")
    holds.put(store, Hold(kind="pause", scope=scope, by="ann"))
    repository.receive("a")
    router.dies(LiftHold(kind="pause", scope=scope), *(deploy("a", name) for name in NAMES), after=3)
    assert [each.lane.environment for each in begun(store)] == NAMES[1:]
    assert [hold.scope for hold in holds.listed(store, NAME)] == [scope]


def test_what_is_not_decided_any_more_is_said(store: Store, repository: Repository, router: Router) -> None:
    """The operator takes my project away while its environments begin: nobody is told that nothing has begun."""
    repository.receive("a")
    router.dies(*(deploy("a", name) for name in NAMES), after=1)
    number = router.route()
    assert delivered(store, number).reason == "deploys; 2 deployments had begun before"
    assert len(delivered(store, number).deployments) == 2
