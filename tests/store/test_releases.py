"""Every success leaves a release, and a rollback goes before what is pushed meanwhile, which waits for the unlock."""

import sqlalchemy as sa

from pushboat.config.retention import Retention
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.hold import Hold, Scope
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State, Trigger
from pushboat.routing import LiftHold, PutHold
from pushboat.routing.holds import PIN
from pushboat.store import deployments, ending, hinting, holds, lanes, releases
from pushboat.store.database.engine import Store
from pushboat.store.forgetting import forget
from tests.store.repository import NAME, Repository, deploy

STAGING = Scope(repository=NAME, environment="staging")
LANE = Lane(repository=NAME, environment="staging")
LIFT = LiftHold(kind=PIN, scope=STAGING, subject="release 1 (a)")


def render(content: str) -> Render:
    """A render of one object."""
    return Render(contents={Ref("", "ConfigMap", "shop", "settings"): content}, packed=content.encode())


def released(repository: Repository, deployment: Deployment, content: str = "") -> int:
    """Let a deployment get through, and give its release."""
    claim = repository.claim(deployment)
    made = render(content or deployment.sha)
    assert ending.finish(repository.store, claim, State.SUCCEEDED, "healthy", render=made)
    return repository.row(deployment).release


def pin() -> PutHold:
    """Hold staging at its first release."""
    return PutHold(hold=Hold(kind=PIN, scope=STAGING, by="ann", reason="it burns", subject="release 1 (a)"))


def back(repository: Repository, *more: PutHold, release: int = 1) -> Deployment:
    """Ask for a rollback."""
    return repository.route(deploy("a", trigger=Trigger.ROLLBACK, release=release), *more)[0]


def startable(store: Store) -> list[int]:
    """What a worker would be told of."""
    hinting.wake_all(store)
    return hinting.due(store)


def test_every_success_has_the_next_number_of_its_environment(store: Store, repository: Repository) -> None:
    """I count releases per environment from 1; what failed has none."""
    assert released(repository, repository.push("a")) == 1
    failed = repository.claim(repository.push("b"))
    ending.finish(store, failed, State.FAILED, "unhealthy", render=render("b"))
    assert repository.row(failed.deployment).release == 0
    assert released(repository, repository.push("c")) == 2
    (elsewhere,) = repository.route(deploy("c", "production"))
    assert released(repository, elsewhere) == 1
    found = releases.listed(store, LANE)
    assert [(each.number, each.sha, each.kept) for each in found] == [(2, "c", True), (1, "a", True)]
    assert releases.packed(store, LANE, 2) == b"c"
    assert [row.release for row in deployments.listed(store, environment="staging")] == [2, 0, 1]


def test_the_same_render_is_stored_once(store: Store, repository: Repository) -> None:
    """Deploying the same content many times does not fill my disk."""
    for sha, content in (("a", "one"), ("b", "one"), ("c", "two"), ("d", "one")):
        released(repository, repository.push(sha), content)
    with store.reading() as tx:
        assert tx.scalar(sa.text("SELECT count(*) FROM render")) == 2
    assert [releases.packed(store, LANE, number) for number in (1, 2, 3, 4)] == [b"one", b"one", b"two", b"one"]


def test_the_newest_renders_are_kept_and_a_shared_one_as_long_as_anybody_has_it(
    store: Store, repository: Repository
) -> None:
    """`keep: 2` leaves me two releases to go back to; older ones are still known by their number."""
    for sha, content in (("a", "one"), ("b", "two"), ("c", "three"), ("d", "one")):
        released(repository, repository.push(sha), content)
    assert forget(store, Retention(keep=2), lambda: False) == {"renders of releases": 1}
    assert [(each.number, each.kept) for each in releases.listed(store, LANE)] == [
        (4, True),
        (3, True),
        (2, False),
        (1, True),
    ]
    assert releases.packed(store, LANE, 2) is None


def test_a_push_that_waits_goes_on_waiting_behind_a_rollback(store: Store, repository: Repository) -> None:
    """My push waits for its turn when ann rolls back: the rollback goes first, mine waits and says for what."""
    released(repository, repository.push("a"))
    running = repository.claim(repository.push("b"))
    mine = repository.push("c")
    rollback = back(repository, pin())
    ending.finish(store, running, State.SUCCEEDED, "healthy", render=render("b"))
    assert startable(store) == [rollback.id]
    again = repository.row(repository.row(mine).successor or 0)
    assert (repository.row(mine).state, again.sha, again.state) == (State.SUPERSEDED, "c", State.QUEUED)
    assert repository.row(mine).successor_contains
    assert again.waits.startswith("pinned to release 1 (a) by ann since ")
    assert again.waits.endswith(": it burns")
    released(repository, rollback, "a")
    assert startable(store) == []
    lifted = repository.route(LIFT, deploy("x", "production"))
    assert lifted
    assert set(startable(store)) == {again.id, lifted[0].id}
    assert released(repository, again) == 4
    newest = deployments.running_by_lane(store)
    assert [row.sha for row in newest if row.lane == LANE] == ["c"]


def test_a_push_does_not_overtake_a_rollback(store: Store, repository: Repository) -> None:
    """Two of us push while the rollback waits and runs: neither stops it, the last one is next after the unlock."""
    released(repository, repository.push("a"))
    rollback = back(repository, pin())
    first = repository.push("b")
    assert repository.row(rollback).state is State.QUEUED
    claim = repository.claim(rollback)
    second = repository.push("c")
    assert repository.row(first).state is State.SUPERSEDED
    assert lanes.newer_waits(store, claim) is None
    ending.give_back(store, claim, "the cluster does not answer", 0)
    assert (repository.row(rollback).state, startable(store)) == (State.QUEUED, [rollback.id])
    released(repository, rollback, "a")
    assert repository.row(second).waits.startswith("pinned to release 1")
    holds.lift(store, PIN, STAGING, "release 1 (a)")
    assert startable(store) == [second.id]


def test_what_hangs_gives_way_to_a_rollback(store: Store, repository: Repository) -> None:
    """The bad commit waits for a health that never comes: the rollback does not wait for its deadline."""
    released(repository, repository.push("a"))
    bad = repository.claim(repository.push("b"))
    rollback = back(repository, pin())
    assert lanes.newer_waits(store, bad) == repository.row(rollback)
    ending.finish(store, bad, State.SUPERSEDED, "gave way")
    assert repository.row(bad.deployment).state is State.SUPERSEDED
    assert startable(store) == [rollback.id]


def test_an_unlock_before_the_rollback_begins_takes_it_back(store: Store, repository: Repository) -> None:
    """Ann thinks better of it before anything happened: the newest push is deployed, nothing waits for ever."""
    released(repository, repository.push("a"))
    rollback = back(repository, pin())
    pushed = repository.push("b")
    holds.lift(store, PIN, STAGING, "release 1 (a)")
    assert startable(store) == [pushed.id]
    assert repository.row(rollback).state is State.SUPERSEDED


def test_an_explicit_deployment_ends_the_pin_and_takes_every_place(store: Store, repository: Repository) -> None:
    """Ann deploys a commit by hand: that one runs, and nothing that waited comes after it."""
    released(repository, repository.push("a"))
    released(repository, back(repository, pin()), "a")
    waiting = repository.push("b")
    (explicit,) = repository.route(LIFT, deploy("c", trigger=Trigger.COMMAND))
    assert repository.row(waiting).state is State.SUPERSEDED
    assert startable(store) == [explicit.id]


def test_without_a_pin_the_next_push_is_deployed(store: Store, repository: Repository) -> None:
    """`--until-next-push`: a rollback is a deployment like any other, and the newest wins."""
    released(repository, repository.push("a"))
    rollback = back(repository)
    pushed = repository.push("b")
    assert repository.row(rollback).state is State.SUPERSEDED
    assert startable(store) == [pushed.id]


def test_a_push_that_was_accepted_before_and_routed_after_the_rollback_waits(
    store: Store, repository: Repository
) -> None:
    """The forge was slow with my push: it is neither lost nor before the rollback."""
    released(repository, repository.push("a"))
    late = repository.receive("b")
    with store.writing() as tx:
        tx.change(sa.text("UPDATE delivery SET not_before = :far WHERE id = :id"), far=tx.now + 60, id=late)
        tx.change(sa.text("UPDATE delivery SET stream = 'other' WHERE id = :id"), id=late)
    rollback = back(repository, pin())
    assert (rollback.delivery or 0) > late
    with store.writing() as tx:
        tx.change(sa.text("UPDATE delivery SET not_before = 0 WHERE id = :id"), id=late)
    (mine,) = repository.route_waiting(deploy("b"))
    assert mine.delivery == late
    assert (mine.state, mine.waits.startswith("pinned to release 1")) == (State.QUEUED, True)
    assert startable(store) == [rollback.id]
