"""What hooks made stands in nobody's way afterwards: it may be deleted, and counts as nothing that left git."""

import threading

import pytest

from pushboat.model.state import State
from pushboat.store import cancelling, hook_runs
from tests.until import until
from tests.waves.conftest import Yard, config_map, job
from workers.cluster.hooks.words import FINALIZER
from workers.deploying import letting_go

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


@pytest.mark.proves("hooks-let-go")
def test_what_a_worker_could_not_let_go_is_let_go_after_it(yard: Yard) -> None:
    """Pushboat was stopped while a hook ran that removes itself, and then I cancelled: nothing keeps it from going."""
    hook = job("migrate-", {HOOK: "PreSync"}, ttlSecondsAfterFinished=0, does={"completes-after": "10m"})
    made = yard.routed(hook, config_map("a"))
    worker = threading.Thread(target=yard.carry_out, args=(made,))
    worker.start()
    jobs = f"/apis/batch/v1/namespaces/{yard.namespace}/jobs"
    until(lambda: "running Job/" in yard.said(made) and yard.cluster.get(jobs)["items"], within=120, what="the hook")
    yard.tools.stopping.set()
    worker.join(60)
    letting_go.let_go(yard.tools, made.id)
    assert [each["metadata"]["finalizers"] for each in yard.cluster.get(jobs)["items"]] == [[FINALIZER]], "it goes on"
    with yard.tools.store.writing() as tx:
        cancelling.cancel(tx, made.lane, "ann")
    assert hook_runs.left_behind(yard.tools.store) == [made.id]
    letting_go.let_go(yard.tools, made.id)
    assert ["finalizers" in each["metadata"] for each in yard.cluster.get(jobs)["items"]] == [False]
    assert hook_runs.left_behind(yard.tools.store) == []
    assert [str(each.state) for each in hook_runs.listed(yard.tools.store, made.id)] == ["left"]
