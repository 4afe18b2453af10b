"""DORA's four keys and the stages are counted once, when a deployment ends, and stay as they were counted."""

import pytest

from pushboat.config.retention import Retention
from pushboat.model.caption import Caption
from pushboat.model.deployment import Counts, Deployment
from pushboat.model.state import Kind, State, Trigger
from pushboat.store import attempts, captions, ending, lanes, tallies
from pushboat.store.forgetting import forget
from pushboat.store.progress_lines import Line, record
from pushboat.store.tallies import CHANGES, LEAD, OBJECTS, RESTORE, TAKEOVERS, Tally
from tests.store.repository import NAME, Repository, deploy, plan, time_passes
from tests.store.test_releases import released

PLACE = (NAME, "staging")
WROTE = Counts(configured=2, unchanged=1)
DAY = 24 * 3600.0


def through(repository: Repository, made: Deployment, counts: Counts = WROTE) -> None:
    """Let one get through."""
    assert ending.finish(repository.store, repository.claim(made), State.SUCCEEDED, "healthy", counts=counts)


def breaks(repository: Repository, made: Deployment, state: State = State.FAILED, *, begun: bool = True) -> None:
    """Let one fail."""
    claim = repository.claim(made)
    if begun:
        attempts.mean(repository.store, claim, {})
    assert ending.finish(repository.store, claim, state, "crashes")


def changes(repository: Repository) -> dict[str, int]:
    """Give the changes, by how they went."""
    return {key[2]: each.number for key, each in tallies.read(repository.store).of(CHANGES).items()}


def times(repository: Repository, what: str) -> Tally:
    """Add up all times of one sort."""
    found = tallies.read(repository.store).of(what).values()
    return Tally(sum(each.number for each in found), sum(each.seconds for each in found))


def test_what_changed_nothing_is_no_change(repository: Repository) -> None:
    """A commit that leaves all as it is, a plan, a refusal by the review, the world's fault: none is a change."""
    through(repository, repository.push("a"), Counts(unchanged=3))
    breaks(repository, repository.push("b"), begun=False)
    breaks(repository, repository.push("c"), State.ERRORED)
    breaks(repository, repository.route(plan("d"))[0], begun=False)
    breaks(repository, repository.push("e"), State.CANCELLED)
    through(repository, repository.push("f"))
    assert changes(repository) == {"succeeded": 1}
    assert times(repository, RESTORE).number == 0


def test_what_gave_way_is_no_change(repository: Repository) -> None:
    """Of three pushes at once the last one is deployed: one change."""
    first, second = repository.push("a"), None
    second = repository.push("b", contains=[first])
    through(repository, repository.push("c", contains=[first, second]))
    assert repository.row(first).state is State.SUPERSEDED
    assert changes(repository) == {"succeeded": 1}


def test_a_revert_restores_and_is_a_change(repository: Repository) -> None:
    """Two failures in a row are one outage, which the revert ends; it counts from the first of them."""
    through(repository, repository.push("a"))
    breaks(repository, repository.push("b"))
    time_passes(repository.store, 600)
    breaks(repository, repository.push("c"))
    time_passes(repository.store, 60)
    through(repository, repository.push("d"))
    through(repository, repository.push("e"))
    assert changes(repository) == {"succeeded": 3, "failed": 2}
    restored = times(repository, RESTORE)
    assert restored.number == 1
    assert 660 <= restored.seconds < 690


def test_a_rollback_says_that_what_got_through_was_bad(repository: Repository) -> None:
    """It is a failure of what it goes back from, once, however often people go on rolling back, and no deployment."""
    released(repository, repository.push("a"))
    through(repository, repository.push("b"))
    time_passes(repository.store, 300)
    for _ in range(2):
        (back,) = repository.route(deploy("a", trigger=Trigger.ROLLBACK, release=1))
        through(repository, back)
    assert changes(repository) == {"succeeded": 1, "rolled back": 1}
    restored = times(repository, RESTORE)
    assert restored.number == 1
    assert 300 <= restored.seconds < 330


def test_a_rollback_of_a_failure_does_not_count_it_twice(repository: Repository) -> None:
    """What failed was counted when it did."""
    released(repository, repository.push("a"))
    breaks(repository, repository.push("b"))
    (back,) = repository.route(deploy("a", trigger=Trigger.ROLLBACK, release=1))
    through(repository, back)
    assert changes(repository) == {"failed": 1}
    assert times(repository, RESTORE).number == 1


@pytest.mark.parametrize(("ago", "least", "most"), [(7200, 7200, 7230), (-9999, 0, 1)])
def test_lead_time_begins_with_the_commit(repository: Repository, ago: int, least: float, most: float) -> None:
    """Two hours ago are two hours; a commit from the future took no time, and none less than that."""
    now = int(repository.store.now())
    captions.note(
        repository.store,
        NAME,
        {"a": Caption("x", "ann", now - ago), "b": Caption("y", "ann"), "c": Caption("z", "eve", 1)},
    )
    for sha in ("a", "b", "c"):
        through(repository, repository.push(sha))
    lead = times(repository, LEAD)
    assert lead.number == 1, "of the others nobody knows the time: none is told, or one before there was git"
    assert least <= lead.seconds <= most


def test_stages_add_up_and_stay_bounded(repository: Repository) -> None:
    """A phase that nobody knows is other; a removal counts, and the sum is the time from asking to end."""
    (made,) = repository.route(deploy("a", kind=Kind.REMOVAL))
    claim = repository.claim(made)
    for phase in ("checkout", "apply", 'what\n"is" this'):
        record(repository.store, [Line(deployment=made.id, phase=phase, text="…")])
    time_passes(repository.store, 50)
    assert ending.finish(repository.store, claim, State.SUCCEEDED, "gone", counts=Counts(deleted=4))
    found = tallies.read(repository.store)
    assert set(found.by_stage()) == {"queued", "checkout", "apply", "other"}
    assert {key: each.number for key, each in found.of(OBJECTS).items()} == {(*PLACE, "deleted"): 4}
    ended = repository.row(made)
    assert ended.finished_at
    total = sum(each.seconds for by in found.by_stage().values() for each in by.values())
    assert total == pytest.approx(ended.finished_at - ended.created_at, abs=60)


def test_a_worker_that_goes_away_is_counted_once(repository: Repository) -> None:
    """Its lease runs out, another one goes on, and a second look counts nothing more."""
    made = repository.push("a")
    assert lanes.claim(repository.store, made.id, "worker", 15.0)
    time_passes(repository.store, 100)
    assert (ending.sweep(repository.store), ending.sweep(repository.store)) == (1, 0)
    assert {key: each.number for key, each in tallies.read(repository.store).of(TAKEOVERS).items()} == {(*PLACE, ""): 1}


def test_nothing_of_it_goes_with_the_rows(repository: Repository) -> None:
    """A year later all rows are gone that may go; what was counted stands."""
    for sha in ("a", "c", "e"):
        through(repository, repository.push(sha))
        breaks(repository, repository.push(f"{sha}1"))
    before = tallies.read(repository.store).by
    time_passes(repository.store, 400 * DAY)
    assert forget(repository.store, Retention(deliveries=DAY, deployments=DAY, keep=1), lambda: False)["deployments"]
    assert tallies.read(repository.store).by == before
