"""What is told, and what is not: once each, and only what is true."""

from dataclasses import replace

import pytest

from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing.forge_rules import REVIEWERS
from pushboat.store import ending, lanes
from pushboat.store.database.engine import Store
from pushboat.store.holds import lift_in
from tests.fakes.listeners import Program
from tests.notices.reporter import Reporter
from tests.store.looking import SAID, drift, looked, release
from tests.store.repository import NAME, Repository, deploy, plan, time_passes
from tests.store.test_approvals import NEWER, approve, pushed, take_back


@pytest.fixture(autouse=True)
def only_the_program(reporter: Reporter) -> None:
    """Have one receiver, which reads fields."""
    reporter.only("hook")


def told(reporter: Reporter, program: Program) -> list[str]:
    """Say what was told so far."""
    reporter.work()
    return [each.json["data"]["news"] for each in program.told]


def end(repository: Repository, deployment: Deployment, state: State, reason: str = "said") -> None:
    """Carry out what waits."""
    assert ending.finish(repository.store, repository.claim(deployment), state, reason)


def test_it_recovered_only_where_it_had_failed(reporter: Reporter, program: Program) -> None:
    """Two commits fail, two get through: it failed twice, recovered once, and was deployed."""
    for state in (State.SUCCEEDED, State.FAILED, State.ERRORED, State.SUCCEEDED, State.SUCCEEDED):
        reporter.deploy(state)
    assert told(reporter, program) == ["deployed", "failed", "failed", "recovered", "deployed"]


def test_what_was_cancelled_or_superseded_says_nothing(
    reporter: Reporter, repository: Repository, program: Program
) -> None:
    """A commit fails, the next is cancelled, the next gives way: the one that gets through ends the failure."""
    reporter.deploy(State.FAILED)
    reporter.deploy(State.CANCELLED)
    waits = repository.push("c" * 40)
    newest = repository.push("d" * 40, contains=[waits])
    assert repository.row(waits).state is State.SUPERSEDED
    end(repository, newest, State.SUCCEEDED)
    assert told(reporter, program) == ["failed", "recovered"]


def test_a_plan_is_no_news(reporter: Reporter, repository: Repository, program: Program) -> None:
    """A pull request's plan fails: the conversation says so, and nobody is called."""
    (made,) = repository.route(plan("e" * 40))
    end(repository, made, State.FAILED)
    assert told(reporter, program) == []


def test_a_try_that_is_repeated_is_told_when_it_ends(
    reporter: Reporter, repository: Repository, program: Program
) -> None:
    """The cluster is away for a moment and the worker tries again: that it failed is told once, at the end."""
    made = repository.push("a" * 40)
    ending.give_back(reporter.store, repository.claim(made), "the cluster is away", 0.0)
    assert told(reporter, program) == []
    end(repository, made, State.ERRORED, "the cluster is away")
    assert told(reporter, program) == ["failed"]


def test_a_worker_that_dies_for_good_is_told(reporter: Reporter, repository: Repository, program: Program) -> None:
    """A commit kills its worker each time: that nobody will try it again is told, once."""
    made = repository.push("a" * 40)
    for _ in range(ending.MAX_ATTEMPTS):
        assert lanes.claim(reporter.store, made.id, "worker", 15.0)
        time_passes(reporter.store, 60)
        ending.sweep(reporter.store)
    assert repository.row(made).state is State.ERRORED
    ending.sweep(reporter.store)
    assert told(reporter, program) == ["failed"]


def test_a_rollback_says_that_it_is_one(reporter: Reporter, repository: Repository, program: Program) -> None:
    """What failed is rolled back: it recovered, and the message says by what, so that nobody thinks the fix runs."""
    reporter.deploy(State.FAILED)
    (back,) = repository.route(deploy("b" * 40, trigger=Trigger.ROLLBACK))
    end(repository, back, State.SUCCEEDED)
    assert told(reporter, program) == ["failed", "recovered"]
    assert program.told[-1].json["data"]["rolled_back"] is True


def test_drift_that_is_put_back_ends_no_failure(
    reporter: Reporter, repository: Repository, store: Store, program: Program
) -> None:
    """A commit fails, the release before it is put back where it drifted: my commit does not run, nothing recovered."""
    release(repository, repository.push("a" * 40))
    reporter.deploy(State.FAILED)
    time_passes(store, 60)
    made = looked(store, drift("5"), heals=True)
    assert made
    assert made.healing
    end(repository, repository.row(made.healing), State.SUCCEEDED)
    assert told(reporter, program) == ["deployed", "failed"]
    reporter.deploy(State.SUCCEEDED)
    assert told(reporter, program) == ["deployed", "failed", "recovered"]


def test_a_removal_is_told_as_one(reporter: Reporter, repository: Repository, program: Program) -> None:
    """An environment is destroyed: that is no deployment."""
    reporter.deploy(State.SUCCEEDED)
    (gone,) = repository.route(deploy("b" * 40, kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
    end(repository, gone, State.SUCCEEDED)
    assert told(reporter, program) == ["deployed", "removed"]


def test_a_commit_that_waits_for_approval_calls_once(
    reporter: Reporter, repository: Repository, program: Program
) -> None:
    """A commit waits; it is approved, that is taken back, it is asked for anew: I was called once."""
    pushed(repository)
    assert told(reporter, program) == ["waiting"]
    assert program.told[0].json["data"]["reason"] == "waits for 1 approval: /deploy approve staging"
    approve(repository, "bob")
    take_back(repository, "bob")
    pushed(repository, trigger=Trigger.COMMENT)
    assert told(reporter, program) == ["waiting"]
    pushed(repository, NEWER)
    assert told(reporter, program) == ["waiting", "waiting"]


def test_nobody_is_called_for_what_was_approved_meanwhile(
    reporter: Reporter, repository: Repository, program: Program
) -> None:
    """It was approved, and gone, before anybody could be called."""
    made = pushed(repository)
    approve(repository, "bob")
    end(repository, made, State.SUCCEEDED)
    assert told(reporter, program) == ["deployed"]


def test_the_forges_own_reviewers_are_called_once(reporter: Reporter, repository: Repository, program: Program) -> None:
    """The forge's environment wants a review: each look at its rules finds that it waits, and I was called once."""
    made = repository.push("a" * 40)
    rule = Hold(kind=REVIEWERS, scope=Scope(), by="a reviewer", reason="waits for a review", sha="a" * 40)
    for _ in range(3):
        assert ending.hold_back(reporter.store, repository.claim(made), (rule,))
        with reporter.store.writing() as tx:
            lift_in(tx, REVIEWERS, Scope(repository=NAME, environment="staging", deployment=made.id), "")
        assert told(reporter, program) == ["waiting"]


def test_an_environment_of_a_pattern_says_who_hears(
    reporter: Reporter, repository: Repository, program: Program
) -> None:
    """What a pattern says of its environments holds for each of them."""
    reporter.allow_pattern("env-{name}", notify={"hook": ("failed",)})
    for state in (State.SUCCEEDED, State.FAILED):
        (made,) = repository.route(deploy(f"{state}"[:1] * 40, "env-7"))
        end(repository, made, state)
    assert told(reporter, program) == ["failed"]
    assert program.told[0].json["data"]["environment"] == "env-7"


def test_drift_calls_once_and_again_when_it_is_another(
    reporter: Reporter, repository: Repository, store: Store, program: Program
) -> None:
    """Somebody scales, scales again, mends it, scales once more, and edits another object: that is four times news."""
    release(repository, repository.push("a" * 40))
    found = [(drift("5"),), (drift("5"),), (drift("7"),), (), (drift("5"),), (drift("5"), drift("1", "worker")), ()]
    for each in found:
        assert looked(store, *each)
        time_passes(store, 3600)
    assert told(reporter, program) == ["deployed", *["drifted"] * 4]
    reasons = [each.json["data"]["reason"] for each in program.told]
    assert reasons[1] == SAID
    assert reasons[4].startswith("drift in 2 objects: Deployment web")


def test_much_drift_calls_once(reporter: Reporter, repository: Repository, store: Store, program: Program) -> None:
    """A hundred objects drift, more than are kept of it: that is one call, however often they are found."""
    release(repository, repository.push("a" * 40))
    for _ in range(3):
        assert looked(store, *(drift("5", f"web-{number}") for number in range(100)))
    assert told(reporter, program) == ["deployed", "drifted"]


def test_what_comes_and_goes_buries_nobody(
    reporter: Reporter, repository: Repository, store: Store, program: Program
) -> None:
    """Two controllers fight over a field for three hours: I am told a few times, and not nine times."""
    release(repository, repository.push("a" * 40))
    for _ in range(9):
        assert looked(store, drift("5"))
        time_passes(store, 600)
        assert looked(store)
        time_passes(store, 600)
    assert 2 <= told(reporter, program).count("drifted") <= 6


def test_what_is_put_back_is_no_news(
    reporter: Reporter, repository: Repository, store: Store, program: Program
) -> None:
    """An environment puts drift back by itself: it drifted, nobody must do anything, nobody is called."""
    release(repository, repository.push("a" * 40))
    made = looked(store, drift("5"), heals=True)
    assert made
    assert made.healing
    end(repository, repository.row(made.healing), State.SUCCEEDED)
    assert told(reporter, program) == ["deployed"]


def test_nothing_is_written_down_where_nobody_listens(store: Store, reporter: Reporter) -> None:
    """An operator without receivers pays nothing for notices."""
    quiet = Repository(replace(store, notices=False))
    end(quiet, quiet.push("a" * 40), State.FAILED)
    assert reporter.waiting() == 0
