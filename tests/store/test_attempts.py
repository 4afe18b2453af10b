"""What one attempt of a deployment leaves to the next one, and that nobody else can."""

import pytest

from pushboat.model.changeset import Action, Change
from pushboat.model.manifest import Ref
from pushboat.store import attempts, change_sets, ending
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, time_passes

SETTINGS = Ref("", "ConfigMap", "shop", "settings")
MADE = Change(ref=SETTINGS, action=Action.CREATED, diff="+1")


def test_the_next_attempt_knows_what_the_last_one_meant_and_did(store: Store, repository: Repository) -> None:
    """A worker dies: the next one reads what it set out to write, and what is known to be written."""
    pushed = repository.push("a")
    claim = repository.claim(pushed)
    attempts.mean(store, claim, {SETTINGS: Action.CREATED})
    attempts.keep(store, claim, [MADE])
    attempts.mean(store, claim, {SETTINGS: Action.CONFIGURED})
    assert attempts.meant(store, pushed.id) == {SETTINGS: Action.CONFIGURED}
    assert change_sets.listed(store, pushed.id) == (MADE,)


@pytest.mark.proves("pain-14")
def test_an_outage_lasts_until_the_step_that_met_it_is_done(store: Store, repository: Repository) -> None:
    """I can see since when there is trouble, and another step's success does not hide it."""
    pushed = repository.push("a")
    claim = repository.claim(pushed, ttl=200.0)
    assert attempts.in_trouble(store, claim, "apply") == 0
    time_passes(store, 90)
    attempts.out_of_trouble(store, claim, "plan")
    assert 89 < attempts.in_trouble(store, claim, "checkout") < 100
    assert repository.row(pushed).trouble_step == "apply"
    attempts.out_of_trouble(store, claim, "apply")
    assert attempts.in_trouble(store, claim, "plan") == 0


def test_a_wait_counts_until_something_is_written(store: Store, repository: Repository) -> None:
    """The time that a rollout had survives the worker that watched it."""
    claim = repository.claim(repository.push("a"), ttl=200.0)
    assert attempts.waited(store, claim, anew=True) == 0
    time_passes(store, 60)
    assert 59 < attempts.waited(store, claim, anew=False) < 70
    assert attempts.waited(store, claim, anew=True) == 0


def test_a_worker_that_lost_its_lane_notes_nothing(store: Store, repository: Repository) -> None:
    """A worker wakes up after another one took over: what it meant to write is not taken for this deployment's."""
    pushed = repository.push("a")
    late = repository.claim(pushed)
    time_passes(store, 16)
    ending.sweep(store)
    repository.claim(pushed)
    attempts.mean(store, late, {SETTINGS: Action.CREATED})
    attempts.keep(store, late, [MADE])
    attempts.in_trouble(store, late, "plan")
    assert attempts.meant(store, pushed.id) == {}
    assert change_sets.listed(store, pushed.id) == ()
    assert repository.row(pushed).trouble_step == ""
