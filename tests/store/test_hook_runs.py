"""Where hooks stand is written by the attempt that holds the deployment, and read by the next one and by people."""

from dataclasses import replace

from pushboat.model.deployment import Deployment
from pushboat.model.hook import Hook
from pushboat.model.state import Kind, State
from pushboat.store import cancelling, ending, hook_runs
from tests.store.repository import Repository, deploy, time_passes


def test_the_first_word_stands(repository: Repository) -> None:
    """What was written down before a crash is not written anew after it."""
    made = repository.push("a")
    claim = repository.claim(made)
    hook_runs.ended(repository.store, claim, "before Job/shop/migrate", "failed")
    hook_runs.ended(repository.store, claim, "before Job/shop/migrate", "succeeded")
    assert hook_runs.outcomes(repository.store, made.id) == {"before Job/shop/migrate": "failed"}


def test_an_attempt_that_lost_its_lane_writes_nothing(repository: Repository) -> None:
    """Only the worker that holds the deployment says how its hooks ended."""
    made = repository.push("a")
    old = repository.claim(made, 1.0)
    time_passes(repository.store, 10)
    ending.sweep(repository.store)
    time_passes(repository.store, 60)
    repository.claim(made)
    hook_runs.ended(repository.store, old, "before Job/shop/migrate", "failed")
    assert hook_runs.outcomes(repository.store, made.id) == {}


def test_a_hook_is_due_then_runs_then_has_ended(repository: Repository) -> None:
    """Everybody who looks sees where each stands, in their order; what is known stays known to the next attempt."""
    made = repository.push("a")
    claim = repository.claim(made)
    hooks = [hook("before Job/shop/second", "PreSync"), hook("before Job/shop/first", "PreSync"), hook("after Job/s/x")]
    hook_runs.due(repository.store, claim, hooks)
    hook_runs.began(repository.store, claim, "before Job/shop/second")
    assert states(repository, made) == ["running", "due", "due"]
    hook_runs.ended(repository.store, claim, "before Job/shop/second", "failed", "no such table")
    hook_runs.began(repository.store, claim, "before Job/shop/second")
    hook_runs.due(repository.store, claim, hooks)
    assert states(repository, made) == ["failed", "due", "due"]
    first = hook_runs.listed(repository.store, made.id)[0]
    assert (first.phase, first.ref, first.said, first.reason) == (
        "before",
        "Job/shop/second",
        "PreSync",
        "no such table",
    )
    assert first.lasted is not None
    ending.finish(repository.store, claim, State.FAILED, "failed")
    assert states(repository, made) == ["failed", "not_run", "not_run"]


def test_of_a_removal_that_failed_no_hook_is_due_any_more(repository: Repository) -> None:
    """Its first hook failed and its worker left the second: its page does not say for ever that they will run."""
    (made,) = repository.route(deploy("a", kind=Kind.REMOVAL))
    claim = repository.claim(made)
    hook_runs.due(repository.store, claim, [hook("before Job/shop/a"), hook("after Job/shop/b")])
    hook_runs.began(repository.store, claim, "before Job/shop/a")
    ending.finish(repository.store, claim, State.FAILED, "failed")
    assert states(repository, made) == ["left", "not_run"]


def test_what_a_worker_left_behind_is_found_once_its_deployment_has_ended(repository: Repository) -> None:
    """A hook that nobody waits for any more is let go once, and not before somebody else may still go on with it."""
    made = repository.push("a")
    claim = repository.claim(made)
    hook_runs.due(repository.store, claim, [hook("before Job/shop/a"), hook("before Job/shop/b")])
    hook_runs.began(repository.store, claim, "before Job/shop/a")
    ending.give_back(repository.store, claim, "the cluster is away", 0.0)
    assert hook_runs.left_behind(repository.store) == []
    with repository.store.writing() as tx:
        cancelling.cancel(tx, made.lane, "ann")
    assert hook_runs.left_behind(repository.store) == [made.id]
    assert [each.key for each in hook_runs.running(repository.store, made.id)] == ["before Job/shop/a"]
    assert states(repository, made) == ["left", "not_run"]
    hook_runs.left(repository.store, made.id, "before Job/shop/a")
    assert hook_runs.left_behind(repository.store) == []


def test_what_ran_since_a_deployment_is_known(repository: Repository) -> None:
    """Hooks that ran in a later one count, whatever came of it; those that never had their turn do not."""
    first = repository.push("a")
    claim = repository.claim(first)
    hook_runs.ended(repository.store, claim, "before Job/shop/a", "succeeded")
    ending.finish(repository.store, claim, State.SUCCEEDED, "done")
    second = repository.push("b")
    claim = repository.claim(second)
    hook_runs.due(repository.store, claim, [hook("before Job/shop/a")])
    assert not hook_runs.ran_since(repository.store, first.lane, first.id)
    hook_runs.began(repository.store, claim, "before Job/shop/a")
    assert hook_runs.ran_since(repository.store, first.lane, first.id)
    assert not hook_runs.ran_since(repository.store, first.lane, second.id)
    assert not hook_runs.ran_since(repository.store, replace(first.lane, environment="prod"), first.id)


def hook(key: str, said: str = "Sync") -> Hook:
    return Hook(key=key, said=said, group="batch", run="1-a-0-before")


def states(repository: Repository, made: Deployment) -> list[str]:
    return [str(each.state) for each in hook_runs.listed(repository.store, made.id)]
