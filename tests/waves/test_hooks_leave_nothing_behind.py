"""What hooks made stands in nobody's way afterwards: it may be deleted, and counts as nothing that left git."""

from pushboat.model.state import State
from tests.waves.conftest import Yard, config_map, job

HOOK = "argocd.argoproj.io/hook"


def test_a_hook_that_is_an_object_now_leaves_git_like_one(yard: Yard) -> None:
    """It was a hook, becomes an ordinary object, and is deleted once git has it no more."""
    hook = job("migrate", {HOOK: "PreSync"})
    assert yard.push(config_map("a"), hook).state is State.SUCCEEDED
    ended = yard.push(config_map("a"), job("migrate", {}))
    assert ended.state is State.SUCCEEDED, ended.reason
    ended = yard.push(config_map("a"))
    assert ended.counts.deleted == 1, ended.reason


def test_what_hooks_left_is_not_pruned(yard: Yard) -> None:
    """Jobs that hooks left to be looked at count as nothing that left git."""
    one = job("plain", {})
    assert yard.push(one, config_map("a"), job("migrate-", {HOOK: "PreSync"})).state is State.SUCCEEDED
    ended = yard.push(one, config_map("a", v="2"), job("migrate-", {HOOK: "PreSync"}))
    assert (ended.state, ended.counts.deleted) == (State.SUCCEEDED, 0), ended.reason
    ended = yard.push(one, config_map("a", v="3"))
    assert (ended.state, ended.counts.deleted) == (State.SUCCEEDED, 0), ended.reason
