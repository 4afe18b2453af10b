"""Hooks run anew where something changes, seen from what ran last; a deployment that changes nothing runs none."""

import pytest

from pushboat.model.state import State
from tests.waves.conftest import Yard, config_map, job

HOOK = "argocd.argoproj.io/hook"


@pytest.mark.proves("hooks-when")
def test_going_back_after_a_failure_runs_the_hooks_of_what_is_gone_back_to(yard: Yard) -> None:
    """A failed migration has run: the push that takes it back runs its own, though the objects never changed."""
    good = (config_map("a"), job("migrate", {HOOK: "PreSync"}))
    assert yard.push(*good).state is State.SUCCEEDED
    bad = job("migrate", {HOOK: "PreSync"}, does={"behaviour": "fail"})
    assert yard.push(config_map("a", v="2"), bad).state is State.FAILED
    assert yard.runs("migrate", 2) == 2
    ended = yard.push(*good)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.runs("migrate", 3) == 3
    assert "1 hook ran" in ended.reason
    assert yard.push(*good).state is State.SUCCEEDED
    assert yard.runs("migrate", 3) == 3, "nothing ran and nothing changed since"


def test_a_push_of_hooks_alone_says_what_ran(yard: Yard) -> None:
    """There is no object whose health anybody could wait for, and the status says what was done."""
    ended = yard.push(job("migrate", {HOOK: "PreSync"}))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert "1 hook ran" in ended.reason
    assert "not waited for" not in ended.reason


def test_what_is_done_and_gone_is_healthy(yard: Yard) -> None:
    """A Job that removed itself is all there is: my next push has nothing to wait for, and says nothing else."""
    once = job("once", {}, ttlSecondsAfterFinished=0)
    assert yard.push(once).state is State.SUCCEEDED
    ended = yard.push(once)
    assert ended.state is State.SUCCEEDED
    assert "not waited for" not in ended.reason
    assert yard.runs("once", 1) == 1
