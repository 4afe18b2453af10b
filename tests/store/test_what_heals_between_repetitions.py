"""Drift is put back where a commit that left the environment alone counts: it counts on, whatever comes next."""

from collections.abc import Callable

import pytest

from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import deployments, ending, repetitions
from pushboat.store.database.engine import Store
from tests.store.looking import LANE, drift, looked
from tests.store.repository import NAME, Repository, deploy, time_passes
from tests.store.test_repetitions import NAMES, repeating, same
from tests.store.test_untouched import carried_out

Ends = Callable[[], Deployment]


def waits(repository: Repository, healing: Deployment) -> Ends:
    """It has not begun."""
    return lambda: carried_out(repository, healing, None)


def runs(repository: Repository, healing: Deployment) -> Ends:
    """It is at work."""
    claim = repository.claim(healing)

    def end() -> Deployment:
        assert ending.finish(repository.store, claim, State.SUCCEEDED, "ok")
        return repository.row(healing)

    return end


def ended(repository: Repository, healing: Deployment) -> Ends:
    """All is as it was."""
    done = carried_out(repository, healing, None)
    return lambda: done


@pytest.mark.parametrize("heals", [waits, runs, ended], ids=lambda each: each.__name__)
def test_what_comes_next_meets_the_commit_that_was_healed(
    store: Store, repository: Repository, heals: Callable[[Repository, Deployment], Ends]
) -> None:
    """Until my next push has got through, the environment is at the commit whose drift was put back, not at an older
    one; and what puts it back comes to its turn all the same."""
    first, *_ = (carried_out(repository, each) for each in repository.route(*(deploy("a", one) for one in NAMES)))
    carried_out(repository, repository.route(deploy("a", "spare"))[0])
    repository.route(*same(store, "b"), *repeating(store, "b", "spare"))
    time_passes(store, 60)
    concluded = looked(store, drift(), heals=True)
    assert concluded
    end = heals(repository, repository.row(concluded.healing))
    before = latest(store)
    assert repetitions.settle(store, NAME, ["staging"]) == 1
    assert latest(store) == before, "asked about order or not, the same was asked for last"
    there = deployments.running_in(store, LANE)
    assert there
    assert (there.sha, there.same_as, there.release) == ("b", first.id, 2)
    assert repetitions.settle(store, NAME, ["staging"]) == 0
    assert end().state is State.SUCCEEDED
    (made,) = repository.route(*same(store, "c", but="staging"), *repeating(store, "c", "spare"))
    assert made.lane == LANE
    assert deployments.running_in(store, LANE) == there
    carried_out(repository, made)
    assert deployments.running_in(store, LANE) == repository.row(made)


def latest(store: Store) -> tuple[str, State, bool]:
    """Say what was asked for last in staging, as every page does."""
    (found,) = [each for each in deployments.latest_by_lane(store, NAME) if each.lane == LANE]
    return found.sha, found.state, found.heals


def test_what_falls_out_of_the_many_keeps_it_too(store: Store, repository: Repository) -> None:
    """The next commit is written down for the others before anything begins here: so far the healed one counts."""
    for each in repository.route(*(deploy("a", name) for name in (*NAMES, "spare"))):
        carried_out(repository, each)
    repository.route(*same(store, "b"), *repeating(store, "b", "spare"))
    time_passes(store, 60)
    concluded = looked(store, drift(), heals=True)
    assert concluded
    carried_out(repository, repository.row(concluded.healing), None)
    repository.route(*same(store, "c", but="staging"), *repeating(store, "c", "spare"))
    there = deployments.running_in(store, LANE)
    assert there
    assert (there.sha, there.same_as > 0) == ("b", True)
