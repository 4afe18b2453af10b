"""A pull request that runs before its merge keeps pushes waiting, until its pin is lifted."""

from dataclasses import replace

import pytest

from pushboat.errors import Outrun
from pushboat.events import Event, EventKind
from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Counts, Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.manifest import Ref
from pushboat.model.state import State, Trigger
from pushboat.routing import Deploy, LiftHold, PutHold
from pushboat.routing.holds import UNMERGED, sentence
from pushboat.store import deliveries, deployments, ending, hinting, holds
from pushboat.store.database.engine import Store
from tests.store.drifted import SCALED, inspected, released
from tests.store.repository import NAME, Repository, deploy

HERE = Scope(repository=NAME, environment="staging")


def proposed(sha: str, number: int = 7) -> tuple[PutHold, Deploy]:
    """What `/deploy staging` on a pull request leads to."""
    hold = Hold(kind=UNMERGED, scope=HERE, by="ann", subject=f"#{number}", pull_request=number, sha=sha)
    act = deploy(sha, trigger=Trigger.COMMENT, ref="refs/heads/fix", pull_request=number)
    return PutHold(hold=hold), act


def ready(store: Store) -> list[int]:
    """Which deployments would be hinted now."""
    hinting.wake_all(store)
    return hinting.due(store)


def through(repository: Repository, deployment: Deployment) -> None:
    """Let a deployment get through."""
    ending.finish(repository.store, repository.claim(deployment), State.SUCCEEDED, "healthy")


def test_pushes_wait_and_say_for_whom(store: Store, repository: Repository) -> None:
    """ann's pull request runs on staging: my push waits, and its status names hers, her commit and the ways it ends."""
    (mine,) = repository.route(*proposed("a1"))
    through(repository, mine)
    pushed = repository.push("b1")
    (hold,) = holds.listed(store, NAME)
    assert repository.row(pushed).waits == sentence(hold)
    assert sentence(hold).startswith("pinned to pull request #7 (a1) by ann since ")
    assert repository.shown("b1") == [("queued", sentence(hold))]
    assert pushed.ends_by == f"pushboat unlock {NAME} staging"
    assert ready(store) == []


def test_a_new_head_passes_what_waits_and_moves_the_pin(store: Store, repository: Repository) -> None:
    """I deploy my next commit while pushes wait: it goes first, and they wait on, for the new one."""
    (first,) = repository.route(*proposed("a1"))
    through(repository, first)
    pushed = repository.push("b1")
    (second,) = repository.route(*proposed("a2"))
    assert ready(store) == [second.id]
    (hold,) = holds.listed(store, NAME)
    assert hold.sha == "a2"
    through(repository, second)
    waiting = [each for each in reversed(deployments.listed(store)) if each.sha == "b1"]
    assert [each.state for each in waiting] == [State.SUPERSEDED, State.QUEUED]
    assert waiting[0].id == pushed.id
    assert waiting[1].waits == sentence(hold)
    repository.route(LiftHold(kind=UNMERGED, scope=HERE, subject="#7"))
    assert ready(store) == [waiting[1].id]


def test_a_push_that_waited_for_a_worker_stays_behind(store: Store, repository: Repository) -> None:
    """A push is queued when I deploy my pull request: mine goes first, the push when I am done."""
    repository.push("b1")
    (mine,) = repository.route(*proposed("a1"))
    assert ready(store) == [mine.id]


def test_what_has_not_begun_gives_way_when_the_pin_ends(store: Store, repository: Repository) -> None:
    """Closed before a worker was free: the push takes its place at once."""
    (mine,) = repository.route(*proposed("a1"))
    pushed = repository.push("b1")
    repository.route(LiftHold(kind=UNMERGED, scope=HERE, subject="#7"))
    assert repository.row(mine).state is State.SUPERSEDED
    assert ready(store) == [pushed.id]


@pytest.mark.parametrize("action", ["closed", "merged"])
def test_what_was_closed_meanwhile_pins_nothing(store: Store, repository: Repository, action: str) -> None:
    """It was closed while my comment was read: it does not hold an environment that nobody would let go of again."""
    event = Event(kind=EventKind.PULL_REQUEST, action=action, repository="acme/shop", number=7, sha="a1")
    deliveries.accept(store, "github", "opened", replace(event, action="opened"))
    deliveries.accept(store, "github", action, event)
    put, act = proposed("a1")
    with pytest.raises(Outrun, match="#7 has been closed meanwhile"):
        repository.route_waiting(put, act)
    assert holds.listed(store, NAME) == []


def test_its_failure_is_rolled_back_and_keeps_the_pin(store: Store, repository: Repository) -> None:
    """With on_failure: rollback, main's release comes back under the pin, and the push that waits goes on waiting."""
    released(store, repository.push("m1"))
    (mine,) = repository.route(*proposed("a1"))
    pushed = repository.push("b1")
    web = Change(ref=Ref("apps", "Deployment", "shop", "web"), action=Action.CONFIGURED)
    counts = Counts(configured=1)
    claim = repository.claim(mine)
    ending.finish(store, claim, State.FAILED, "crashes", counts=counts, changes=[web], rollback=True)
    (number,) = ready(store)
    back = repository.row(number)
    assert (back.trigger, back.sha, back.pull_request) == (Trigger.ON_FAILURE, "m1", 0)
    through(repository, back)
    assert ready(store) == []
    assert repository.row(pushed).successor_sha == "b1", "it waits behind the rollback, which came after it"
    (second,) = repository.route(*proposed("a2"))
    assert ready(store) == [second.id], "the next try passes"
    through(repository, second)
    holds.lift(store, UNMERGED, HERE, "#7")
    (number,) = ready(store)
    assert repository.row(number).sha == "b1", "unpinned, it is deployed"


def test_drift_from_it_is_put_back(store: Store, repository: Repository) -> None:
    """With self_heal, what is put back is what runs, the pull request's, whatever waits."""
    (mine,) = repository.route(*proposed("a1"))
    released(store, mine)
    repository.push("b1")
    inspected(store, mine.lane, SCALED, heals=True)
    (number,) = ready(store)
    healing = repository.row(number)
    assert (healing.trigger, healing.sha, healing.pull_request) == (Trigger.SELF_HEAL, "a1", 7)


def test_a_pause_holds_it_as_well(store: Store, repository: Repository) -> None:
    """Paused is paused, also for the pull request that has the environment."""
    holds.put(store, Hold(kind="pause", scope=HERE, by="bob"))
    (mine,) = repository.route(*proposed("a1"))
    assert ready(store) == []
    holds.lift(store, "pause", HERE)
    assert ready(store) == [mine.id]
