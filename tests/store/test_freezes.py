"""A freeze holds what starts in it, whoever is awake then; what has begun goes on, and who says why passes."""

import math
from dataclasses import replace

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Counts
from pushboat.model.hold import Hold, Scope
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State
from pushboat.store import attempts, ending, freezing, hinting, holds, lanes, passing
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy, time_passes
from workers.freezing import is_due

STAGING = Scope(repository=NAME, environment="staging")


def window(store: Store, begins: float, lasts: float = 100.0, reason: str = "") -> Hold:
    """A window that begins so many seconds from now."""
    now = store.now() + begins
    return Hold(
        kind="freeze",
        scope=STAGING,
        by="pushboat.yaml",
        subject=f"0: {now}",
        begins=now,
        until=now + lasts,
        reason=reason,
    )


def test_it_begins_and_ends_by_the_clock(store: Store, repository: Repository) -> None:
    """What I push before starts, what I push in it waits and says until when, and starts by itself after it."""
    freezing.keep(store, lambda: [window(store, 60, reason="the weekend")])
    before = repository.push("a")
    assert lanes.claim(store, before.id, "worker")
    time_passes(store, 70)
    during = repository.route(deploy("b", "staging"))[0]
    assert during.waits.startswith("frozen from ")
    assert during.waits.endswith(": the weekend")
    assert during.id not in hinting.due(store)
    time_passes(store, 100)
    assert not repository.row(during).held


def test_what_has_written_goes_on_in_it(store: Store, repository: Repository) -> None:
    """My deployment waits for health when the freeze begins, and its worker dies: half of it is not left."""
    pushed = repository.push("a")
    claim = repository.claim(pushed)
    attempts.mean(store, claim, {})
    freezing.keep(store, lambda: [window(store, -1)])
    assert ending.give_back(store, claim, "the cluster does not answer", 0.0)
    assert not repository.row(pushed).held
    assert lanes.claim(store, pushed.id, "worker")


def test_what_had_not_begun_to_write_waits(store: Store, repository: Repository) -> None:
    """The forge was away when it was to be fetched: nothing is half done, so it waits like everything else."""
    pushed = repository.push("a")
    claim = repository.claim(pushed)
    freezing.keep(store, lambda: [window(store, -1)])
    ending.give_back(store, claim, "the forge does not answer", 0.0)
    assert repository.row(pushed).held


def test_who_waits_already_is_told_when_it_begins(store: Store, repository: Repository) -> None:
    """My push waits for bob's lock when the freeze begins: its status names both, what ends by itself first."""
    holds.put(store, Hold(kind="lock", scope=STAGING, by="bob", subject="bob", spares="bob"))
    freezing.keep(store, lambda: [window(store, 50)])
    pushed = repository.push("a")
    assert "frozen" not in repository.shown("a")[-1][1]
    since = passing.notice(store, 0.0)
    time_passes(store, 60)
    since = passing.notice(store, since - 60)  # time passes here by letting all that happened be earlier
    said = repository.shown("a")[-1][1]
    assert said.startswith("frozen from ")
    assert "; then locked by bob" in said
    assert [each.who for each in repository.row(pushed).holds] == [
        "the clock; or whoever may deploy there breaks the glass",
        "bob, or whoever may deploy there",
    ]
    time_passes(store, 100)
    passing.notice(store, since - 100)
    assert repository.shown("a")[-1][1].startswith("locked by bob "), "the freeze is over, and says so no more"
    assert [each.kind for each in repository.row(pushed).holds] == ["lock"]


def test_who_is_in_line_is_named_once_the_lock_is_theirs(store: Store, repository: Repository) -> None:
    """My push waits for bob's lock, which ends by the clock at noon; carla's begins then, and my status says hers."""
    noon = store.now() + 50
    bob = Hold(kind="lock", scope=STAGING, by="bob", subject="bob", spares="bob", until=noon)
    holds.put(store, bob)
    holds.put(store, replace(bob, by="carla", subject="carla", spares="carla", begins=noon, until=noon + 500))
    repository.push("a")
    assert repository.shown("a")[-1][1].startswith("locked by bob since ")
    since = passing.notice(store, 0.0)
    told = len(repository.shown("a"))
    time_passes(store, 60)
    since = passing.notice(store, since - 60)
    assert repository.shown("a")[-1][1].startswith("locked by carla from ")
    assert [hold.by for hold in holds.listed(store)] == ["carla"]
    passing.notice(store, since)
    assert len(repository.shown("a")) <= told + 2, "it is said when it begins, not at every look"


def test_the_file_is_the_calendar(store: Store, repository: Repository) -> None:
    """A window that the operator takes out of the file lets go; one that moves is moved; the same changes nothing."""
    first, second = window(store, -1), window(store, 500)
    assert freezing.keep(store, lambda: [first, second]) == 2
    assert freezing.keep(store, lambda: [first, second]) == 0
    pushed = repository.push("a")
    assert repository.row(pushed).held
    assert freezing.keep(store, lambda: [second]) == 1
    assert lanes.claim(store, pushed.id, "worker")
    assert [hold.subject for hold in holds.listed(store)] == [second.subject]


def test_a_failure_in_it_is_rolled_back_all_the_same(store: Store, repository: Repository) -> None:
    """`on_failure: rollback` ends what a deployment has begun: that is no new start, whatever waits there."""
    ref = Ref("", "ConfigMap", "shop", "settings")
    good = repository.claim(repository.push("good"))
    ending.finish(store, good, State.SUCCEEDED, "ok", render=Render(contents={ref: "good"}, packed=b"good"))
    pushed = repository.push("a")
    claim = repository.claim(pushed)
    attempts.mean(store, claim, {ref: Action.CONFIGURED}, rolls_back=True)
    freezing.keep(store, lambda: [window(store, -1)])
    newer = repository.push("b")
    changes = [Change(ref=ref, action=Action.CONFIGURED)]
    ending.finish(store, claim, State.FAILED, "no", counts=Counts(configured=1), changes=changes, rollback=True)
    assert repository.row(pushed).aftermath == "rolling back to release 1 (good)"
    (back,) = hinting.due(store)
    assert repository.row(back).again == 1
    assert repository.row(repository.row(newer).successor or newer).held


def test_a_window_that_is_only_numbered_anew_lets_nothing_slip(store: Store, repository: Repository) -> None:
    """The operator writes another rule above the one whose window is open: my push is at no moment free to start."""
    was = window(store, -1)
    freezing.keep(store, lambda: [was])
    pushed = repository.push("a")
    assert freezing.keep(store, lambda: [replace(was, subject=f"1: {was.begins}")]) == 2
    assert repository.row(pushed).held
    assert all(said.startswith("frozen from ") for _, said in repository.shown("a"))


def test_a_clock_that_was_set_back_is_looked_at_at_once() -> None:
    """The clock ran a week ahead and is set right: the windows that seemed over stand again within seconds."""
    assert is_due(1000.0, math.inf, 20.0)
    assert not is_due(1019.0, 1000.0, 20.0)
    assert is_due(1020.0, 1000.0, 20.0)
    assert is_due(1000.0, 1000.0 + 7 * 24 * 3600, 20.0)
