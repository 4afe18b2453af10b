"""A commit that left many environments as they were stays while one of them is at it, and at least for its time."""

from dataclasses import replace

from pushboat.config.retention import Retention
from pushboat.store import deployments, footprints, repetitions
from pushboat.store.database.engine import Store
from pushboat.store.footprints import Commit
from pushboat.store.forgetting import forget
from tests.store.looking import EVERY
from tests.store.repository import NAME, Repository, deploy, time_passes
from tests.store.test_repetitions import LATE, NAMES, same, staging
from tests.store.test_untouched import carried_out

DAY = 24 * 3600.0
DEV = "refs/heads/dev"
RETENTION = Retention(deliveries=DAY, deployments=10 * DAY, keep=1)
WHAT = "commits that left many environments as they were"


def tidied(store: Store) -> int:
    """Let go of what is old; say how many such commits went."""
    return forget(store, RETENTION, lambda: False).get(WHAT, 0)


def test_it_stays_while_one_is_at_it_and_goes_unread(store: Store, repository: Repository) -> None:
    """Years pass, and what stands by that commit says so; when each has its own row, nothing anybody reads changes."""
    for each in repository.route(*(deploy("a", name) for name in NAMES)):
        carried_out(repository, each)
    repository.route(*same(store, "b"))
    time_passes(store, 1000 * DAY)
    repetitions.settle(store, NAME, NAMES[1:])
    assert tidied(store) == 0
    assert staging(store).sha == "b"
    repetitions.settle(store, NAME, NAMES)
    before = deployments.running_by_lane(store), deployments.latest_by_lane(store)
    assert {each.sha for each in before[0]} == {"b"}
    assert tidied(store) == 1
    assert repetitions.listed(store, NAME) == []
    assert (deployments.running_by_lane(store), deployments.latest_by_lane(store)) == before


def test_it_stays_for_its_time(store: Store, repository: Repository) -> None:
    """Nothing is at it any more, and it is young: it goes with the deployments of its day, and another ref's stays."""
    for each in repository.route(*(deploy("a", name) for name in NAMES)):
        carried_out(repository, each)
    repository.route(*same(store, "b"))
    repetitions.settle(store, NAME, NAMES)
    time_passes(store, 9 * DAY)
    assert tidied(store) == 0
    others = [f"dev-{name}" for name in NAMES]
    for each in repository.route(*(deploy("x", name, ref=DEV) for name in others)):
        carried_out(repository, each)
    found = footprints.standing(store, NAME, Commit(ref=DEV, sha="y", delivery=LATE), EVERY)
    repository.route(*(replace(deploy("y", each.environment, ref=DEV, once=True), same=each) for each in found))
    time_passes(store, 100 * DAY)
    assert tidied(store) == 1
    assert [each.sha for each in repetitions.listed(store, NAME)] == ["y"]
