"""What a commit leaves as it is in many environments is one row, and everybody reads it as if each had its own."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from pushboat.model.deployment import Counts, Deployment, Lane
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State, Trigger
from pushboat.reading.environments import standings
from pushboat.routing import Act, Deploy
from pushboat.store import deliveries, deployments, footprints, inspections, releases, repetitions
from pushboat.store.database.engine import Store
from pushboat.store.footprints import Commit
from pushboat.store.untouched import FEW
from tests.store.looking import EVERY, LANE, SAID, drift, looked
from tests.store.repository import NAME, Repository, deploy, time_passes
from tests.store.test_untouched import MAIN, carried_out
from tests.store.test_what_beginning_costs import counting

MANY = FEW + 1
NAMES = ["staging", *(f"e{number:02}" for number in range(MANY - 1))]
LATE = 1000
"""The number of a delivery that has not come yet."""


def stands(store: Store, sha: str, delivery: int = LATE) -> set[str]:
    """Name what stands before a commit."""
    found = footprints.standing(store, NAME, Commit(ref=MAIN, sha=sha, delivery=delivery), EVERY)
    return {each.environment for each in found}


def same(store: Store, sha: str, but: str = "", **more: object) -> list[Deploy]:
    """What a push leads to that changes at most one environment."""
    found = {
        each.environment: each
        for each in footprints.standing(store, NAME, Commit(ref=MAIN, sha=sha, delivery=LATE), EVERY)
    }
    return [
        replace(deploy(sha, name, once=True, **more), same=None if name == but else found.get(name)) for name in NAMES
    ]


def rows(store: Store) -> int:
    """Count the deployments that have a row."""
    with store.reading() as tx:
        return int(tx.scalar(sa.text("SELECT count(*) FROM deployment")))


@pytest.fixture
def first(repository: Repository) -> Deployment:
    """All of them have a commit; give staging's deployment."""
    made = [carried_out(repository, each) for each in repository.route(*(deploy("a", name) for name in NAMES))]
    return made[0]


def staging(store: Store) -> Deployment:
    """Look at what runs in staging."""
    (found,) = standings(store, NAME, ["staging"])
    assert found.runs
    assert found.latest == found.runs
    return found.runs


@pytest.mark.usefixtures("first")
def test_many_are_one_row_and_a_line(store: Store, repository: Repository) -> None:
    """My push leaves 21 environments alone: not one deployment is made, and one line says so."""
    before = rows(store)
    assert repository.route(*same(store, "b")) == []
    assert rows(store) == before
    assert repository.shown("b", "pushboat") == [
        ("succeeded", f"{MANY} of {MANY} environments unchanged, same tree as a")
    ]
    (delivery, *_) = deliveries.listed(store)
    assert delivery.deployments == ()


def test_each_is_read_as_of_that_commit(store: Store, repository: Repository, first: Deployment) -> None:
    """I look at one of them, and it is at my commit, unchanged since the one that brought what runs."""
    repository.route(*same(store, "b"))
    repository.route(*same(store, "c"))
    runs = staging(store)
    assert (runs.sha, runs.id, runs.same_as, runs.release) == ("c", first.id, first.id, first.release)
    assert (runs.reason, runs.counts) == ("unchanged, same tree as a", Counts(unchanged=3))
    assert {each.sha for each in deployments.running_by_lane(store)} == {"c"}
    assert {each.sha for each in deployments.latest_by_lane(store, NAME)} == {"c"}
    assert repository.row(first) == first, "what brought it is told as it was"
    assert stands(store, "d") == set(NAMES)


def test_it_costs_what_one_does(store: Store, repository: Repository, first: Deployment) -> None:
    """Twice as many are left alone by as many statements, none of which writes a row for each."""
    more = [f"f{number}" for number in range(MANY)]
    acts = same(store, "b")
    with counting(store) as asked:
        repository.route(*acts)
    for each in repository.route(*(deploy("b", name) for name in more)):
        carried_out(repository, each)
    found = footprints.standing(store, NAME, Commit(ref=MAIN, sha="c", delivery=LATE), EVERY)
    assert len(found) == 2 * MANY
    acts = [replace(deploy("c", each.environment, once=True), same=each) for each in found]
    with counting(store) as again:
        repository.route(*acts)
    assert len(again) == len(asked)


def test_before_something_comes_the_commit_has_its_row(store: Store, repository: Repository, first: Deployment) -> None:
    """My next push changes staging: its history has the commit before, as a release, and the order is by that one."""
    repository.route(*same(store, "b"))
    repetitions.settle(store, NAME, ["staging"])
    settled = staging(store)
    assert (settled.sha, settled.state, settled.same_as, settled.release) == ("b", State.SUCCEEDED, first.id, 2)
    assert settled.id > first.id
    assert (settled.reason, settled.counts) == ("unchanged, same tree as a", Counts(unchanged=3))
    repetitions.settle(store, NAME, ["staging"])
    assert staging(store) == settled
    assert "staging" in stands(store, "c")
    (made,) = repository.route(deploy("c"))
    assert staging_latest(store) == made
    carried_out(repository, made)
    assert staging(store).sha == "c"
    assert [each.number for each in releases.listed(store, LANE)] == [3, 2, 1]


def staging_latest(store: Store) -> Deployment:
    """Look at what was asked for last in staging."""
    (found,) = standings(store, NAME, ["staging"])
    assert found.latest
    return found.latest


def test_what_is_touched_next_keeps_the_commit_before(store: Store, repository: Repository, first: Deployment) -> None:
    """One falls out of the many: its history says up to which commit it was left alone, the others are further."""
    fell_out = NAMES[5]
    more = repository.route(deploy("a", "spare"))[0]
    carried_out(repository, more)
    acts = [*same(store, "b"), *repeating(store, "b", "spare")]
    repository.route(*acts)
    (made,) = repository.route(*same(store, "c", but=fell_out), *repeating(store, "c", "spare"))
    assert made.lane.environment == fell_out
    there = deployments.listed(store, repository=NAME, environment=fell_out)
    assert [(each.sha, bool(each.same_as)) for each in there] == [("c", False), ("b", True), ("a", False)]
    assert staging(store).sha == "c"


def repeating(store: Store, sha: str, name: str) -> list[Act]:
    """What a push leads to that leaves one more as it is."""
    found = footprints.standing(store, NAME, Commit(ref=MAIN, sha=sha, delivery=LATE), EVERY)
    return [replace(deploy(sha, name, once=True), same=each) for each in found if each.environment == name]


@pytest.mark.usefixtures("first")
def test_the_same_commit_leaves_them_alone_twice(store: Store, repository: Repository) -> None:
    """A merge arrives as a push and as a pull request: the second one begins nothing either."""
    before = rows(store)
    repository.route(*same(store, "b"))
    assert stands(store, "b") == set(NAMES)
    assert repository.route(*same(store, "b", trigger=Trigger.MERGE)) == []
    assert rows(store) == before
    assert staging(store).sha == "b"


@pytest.mark.usefixtures("first")
def test_an_older_delivery_finds_nothing_standing(store: Store, repository: Repository) -> None:
    """A push that is routed after a later one is compared with that one's commit, not with what was there before."""
    repository.route(*same(store, "c"))
    (later, *_) = deliveries.listed(store)
    assert stands(store, "b", delivery=later.id - 1) == set()
    assert stands(store, "d", delivery=later.id + 1) == set(NAMES)


def test_a_branch_is_forced_back(store: Store, repository: Repository, first: Deployment) -> None:
    """I take my last push back: what it left alone is left alone again, and stands where it was carried out."""
    repository.route(*same(store, "b"))
    assert stands(store, "a") == set(NAMES)
    assert repository.route(*same(store, "a")) == []
    assert (staging(store).sha, staging(store).id) == ("a", first.id)
    assert stands(store, "b") == set(NAMES)
    assert repository.route(*same(store, "b")) == []
    assert staging(store).sha == "b"


@pytest.mark.usefixtures("first")
def test_what_is_needed_has_a_row_of_its_own(store: Store, repository: Repository) -> None:
    """Production waits until staging is healthy at my commit, which leaves staging and twenty others alone: it goes."""
    needs = Hold(kind="needs", scope=Scope(), by="production", subject="staging", sha="b")
    spare = repository.route(deploy("a", "spare"))[0]
    carried_out(repository, spare)
    acts = [*same(store, "b"), *repeating(store, "b", "spare"), deploy("b", "production", holds=(needs,))]
    staged, production = repository.route(*acts)
    assert (staged.lane.environment, staged.same_as > 0) == ("staging", True)
    assert (production.lane.environment, production.holds) == ("production", ())
    assert repository.shown("b", "pushboat") == [
        ("succeeded", f"{MANY + 1} of {MANY + 2} environments unchanged, same tree as a")
    ]


def test_drift_is_told_on_the_commit_that_runs(store: Store, repository: Repository, first: Deployment) -> None:
    """Somebody scales by hand: the newest commit says so, and the next one is deployed there."""
    repository.route(*same(store, "b"))
    time_passes(store, 60)
    assert looked(store, drift())
    assert repository.shown("b")[-1] == ("errored", SAID)
    assert ("errored", SAID) not in repository.shown("a")
    assert "staging" not in stands(store, "c")


def test_what_heals_brings_the_commit_that_runs(store: Store, repository: Repository, first: Deployment) -> None:
    """What puts drift back is of the newest commit, and so is what runs when it has; nothing comes in its way."""
    repository.route(*same(store, "b"))
    time_passes(store, 60)
    concluded = looked(store, drift(), heals=True)
    assert concluded
    healing = repository.row(concluded.healing)
    assert (healing.sha, healing.again) == ("b", first.release)
    repetitions.settle(store, NAME, ["staging"])
    carried_out(repository, healing, None)
    assert staging(store).sha == "b"
    assert inspections.looked_at(store, LANE).runs == staging(store)


@pytest.mark.usefixtures("first")
def test_another_ref_leaves_them_to_the_first(store: Store, repository: Repository) -> None:
    """What follows another branch from now on is read by that one's commits."""
    repository.route(*same(store, "b"))
    repetitions.settle(store, NAME, ["staging"])
    made = repository.route(deploy("x", ref="refs/heads/dev"))[0]
    carried_out(repository, made)
    repository.route(*same(store, "c", but="staging")[1:], *repeating(store, "c", "staging"))
    runs = {each.lane.environment: each.sha for each in deployments.running_by_lane(store)}
    assert runs["staging"] == "x"
    with store.reading() as tx:
        (known,) = repetitions.of(tx, [NAME])
    assert not known.is_of(replace(made, lane=Lane(repository=NAME, environment="staging"), state=State.SUCCEEDED))
