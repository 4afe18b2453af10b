"""Green never stands over a hook that did not run to its end, and nothing is left that cannot go."""

import threading

import pytest

from pushboat.model.state import State
from pushboat.store import cancelling, hook_runs
from tests.sweeping import sweep
from tests.until import PATIENCE, until
from tests.waves.conftest import Yard, config_map, job

HOOK = "argocd.argoproj.io/hook"


def test_a_hook_that_somebody_suspends_has_not_ended(yard: Yard) -> None:
    """A Job that does not run has migrated nothing: what comes after it waits, and I read why."""
    yard.wait = "2s"
    ended = yard.push(job("migrate", {HOOK: "PreSync"}, suspend=True), config_map("a"))
    assert ended.state is State.FAILED
    assert "is suspended, and has not ended" in ended.reason
    assert yard.find("configmaps", "a") is None


def test_a_hook_of_two_phases_runs_in_each(yard: Yard) -> None:
    """One Job that is to run before and after runs twice, as with Argo CD: what ran before is not what runs after."""
    ended = yard.push(job("check", {HOOK: "PreSync,PostSync"}), config_map("a"))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.runs("check", 2) == 2
    assert yard.order("a", "check") == ["a", "check"]


def test_a_cancelled_hook_may_go(yard: Yard) -> None:
    """Who cancels leaves no Job behind that cannot be deleted, and the next push runs its own."""
    hook = job("migrate", {HOOK: "PreSync"}, ttlSecondsAfterFinished=0, does={"completes-after": "10m"})
    made = yard.routed(hook, config_map("a"))
    worker = threading.Thread(target=yard.carry_out, args=(made,))
    worker.start()
    until(lambda: yard.runs("migrate") or None, within=120, what="the hook to run")
    with yard.tools.store.writing() as tx:
        cancelling.cancel(tx, made.lane, "ann")
    worker.join(60)
    assert yard.repository.row(made).state is State.CANCELLED
    live = yard.job("migrate")
    assert live is None or "finalizers" not in live["metadata"]
    assert yard.push(job("migrate", {HOOK: "PreSync"}), config_map("a")).state is State.SUCCEEDED
    assert yard.runs("migrate", 2) == 2


def test_a_newer_commit_tears_no_hook_in_half(yard: Yard) -> None:
    """It waits until what runs has run, and then it is what runs here."""
    slow = job("migrate", {HOOK: "PreSync"}, does={"completes-after": "10m"})
    older = yard.routed(slow, config_map("a", v="1"))
    worker = threading.Thread(target=yard.carry_out, args=(older,))
    worker.start()
    until(lambda: yard.runs("migrate") or None, within=120, what="the hook to run")
    first = yard.job("migrate")
    newer = yard.routed(job("migrate", {HOOK: "PreSync"}), config_map("a", v="2"))
    yard.finish("migrate")
    worker.join(PATIENCE)
    assert first
    left = yard.job("migrate")
    assert left
    assert left["metadata"]["uid"] == first["metadata"]["uid"]
    assert left["status"]["succeeded"] == 1
    assert yard.repository.row(older).state in (State.SUCCEEDED, State.SUPERSEDED)
    assert yard.carry_out(newer).state is State.SUCCEEDED
    assert yard.runs("migrate", 2) == 2
    live = yard.find("configmaps", "a")
    assert live
    assert live["data"] == {"v": "2"}


def test_twins_without_a_name_are_two_hooks_or_refused(yard: Yard) -> None:
    """Two hooks that begin alike run both, or I am told which one to rename; one is never taken for the other."""
    ended = yard.push(job("migrate-", {HOOK: "PreSync"}), job("migrate-", {HOOK: "PreSync"}), config_map("a"))
    items = yard.cluster.get(f"/apis/batch/v1/namespaces/{yard.namespace}/jobs")["items"]
    assert ended.state is State.FAILED or len(items) == 2


def test_a_hook_that_becomes_an_object_stays_what_it_is(yard: Yard) -> None:
    """What ran as a hook and is an ordinary object now belongs to the environment, and goes with its file."""
    hook = {**config_map("settings", {HOOK: "PreSync"})}
    assert yard.push(config_map("a"), hook).state is State.SUCCEEDED
    ended = yard.push(config_map("a"), config_map("settings"))
    assert ended.state is State.SUCCEEDED, ended.reason
    live = yard.find("configmaps", "settings")
    assert live
    assert "pushboat.dev/hook-run" not in live["metadata"]["labels"]
    assert yard.push(config_map("a")).state is State.SUCCEEDED
    assert yard.find("configmaps", "settings") is None


def test_a_hook_may_be_all_that_is_in_a_namespace(yard: Yard) -> None:
    """The namespace is made for it as for any object."""
    other = f"{yard.namespace}-jobs"
    yard.allowing(namespaces=(yard.namespace, other))
    hook = job("migrate", {HOOK: "PreSync"})
    hook["metadata"]["namespace"] = other
    try:
        ended = yard.push(hook, config_map("a"))
        assert ended.state is State.SUCCEEDED, ended.reason
        assert yard.cluster.get(f"/apis/batch/v1/namespaces/{other}/jobs/migrate")
    finally:
        sweep(yard.cluster.request, other)


def test_a_hook_waits_for_its_account_by_name(yard: Yard) -> None:
    """A hook before everything whose account comes with everything does not run, and I read that."""
    yard.wait = "3s"
    hook = job("migrate", {HOOK: "PreSync"})
    hook["spec"]["template"]["spec"]["serviceAccountName"] = "migrator"
    ended = yard.push(hook, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "migrator"}})
    assert ended.state is State.FAILED
    assert "migrator" in ended.reason


def test_a_hook_that_leaves_git_leaves_what_it_ran_alone(yard: Yard) -> None:
    """What ran is a record: the push without the hook deletes it no more than its tool would."""
    assert yard.push(config_map("a"), job("migrate", {HOOK: "PreSync"})).state is State.SUCCEEDED
    ended = yard.push(config_map("a", v="2"))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert ended.counts.deleted == 0
    assert yard.job("migrate")


def test_who_cancels_while_the_alarm_runs_leaves_nothing_that_cannot_go(yard: Yard) -> None:
    """The hook for a failure is let go like any other."""
    alarm = job("alarm", {HOOK: "SyncFail"}, ttlSecondsAfterFinished=0, does={"completes-after": "10m"})
    made = yard.routed(job("migrate", {HOOK: "PreSync"}, does={"behaviour": "fail"}), alarm, config_map("a"))
    worker = threading.Thread(target=yard.carry_out, args=(made,))
    worker.start()
    until(lambda: yard.runs("alarm") or None, within=120, what="the alarm to run")
    with yard.tools.store.writing() as tx:
        cancelling.cancel(tx, made.lane, "ann")
    worker.join(60)
    assert yard.repository.row(made).state.ended
    live = yard.job("alarm")
    assert live is None or "finalizers" not in live["metadata"]


@pytest.mark.proves("hooks-shown")
def test_who_waits_for_a_hook_is_told_which(yard: Yard) -> None:
    """While my migration runs everybody reads its name and for how long; once it fails, what was not begun."""
    yard.wait = "3s"
    hook = job("migrate", {HOOK: "PreSync"}, does={"completes-after": "10m"})
    ended = yard.push(hook, config_map("a"))
    lines = yard.said(ended)
    assert f"wave 1 of 2: hook PreSync Job/{yard.namespace}/migrate" in lines
    assert f"waiting for hook PreSync Job/{yard.namespace}/migrate: " in lines
    assert " s of 3s; then comes wave 2 of 2" in lines
    assert f"so wave 2 of 2 (ConfigMap/{yard.namespace}/a) was not begun" in ended.reason
    (told,) = hook_runs.listed(yard.tools.store, ended.id)
    assert (told.said, told.state.value, told.ref) == ("PreSync", "failed", f"Job/{yard.namespace}/migrate")
    assert "not healthy after 3s" in told.reason
