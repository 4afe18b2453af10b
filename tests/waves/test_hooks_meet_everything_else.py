"""Hooks beside what else may happen in a deployment: ending namespaces, a newer commit, what comes late."""

import threading

import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.store import cancelling, hook_runs
from tests.store.repository import deploy
from tests.until import PATIENCE, until
from tests.waves.conftest import Yard, config_map, job

HOOK, WAVE = "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave"
LATE = {"argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true"}
NEVER = {"apiVersion": "nobody.example.com/v1", "kind": "Thing", "metadata": {"name": "one", "annotations": LATE}}
FORGIVE = sa.text("UPDATE deployment SET not_before = 0 WHERE state = 'queued'")


def test_an_alarm_runs_where_what_comes_late_never_came(yard: Yard) -> None:
    """The wave that waited for a kind in vain has failed: my SyncFail hook runs, and nothing of the next wave does."""
    yard.wait = "2s"
    ended = yard.push(NEVER, config_map("a", {WAVE: "1"}), config_map("alarm", {HOOK: "SyncFail"}))
    assert ended.state is State.FAILED, ended.reason
    assert "kind Thing of nobody.example.com/v1" in ended.reason
    assert yard.find("configmaps", "alarm")
    assert yard.find("configmaps", "a") is None
    (alarm,) = hook_runs.listed(yard.tools.store, ended.id)
    assert alarm.state.value == "succeeded"


def test_hooks_of_a_namespace_that_is_being_deleted(yard: Yard) -> None:
    """Somebody deletes the namespace while a deployment's last hook stands in it: the next push waits, and runs all."""
    pushed = (config_map("a"), job("migrate", {HOOK: "PreSync"}, ttlSecondsAfterFinished=600))
    assert yard.push(*pushed).state is State.SUCCEEDED
    yard.cluster.request("DELETE", f"/api/v1/namespaces/{yard.namespace}")
    made = yard.routed(*pushed, config_map("b"))

    def tried_again() -> Deployment | None:
        with yard.tools.store.writing() as tx:  # as the clock does in a moment
            tx.change(FORGIVE)
        tried = yard.carry_out(made)
        return tried if tried.state.ended else None

    ended = until(tried_again, within=120, what="the end of the deployment")
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.job("migrate")


def test_a_newer_commit_waits_for_the_hook_and_not_for_the_health(yard: Yard) -> None:
    """While a Sync hook runs, and what comes late is tried beside it, the newer commit waits; then it goes first."""
    slow = job("migrate", {HOOK: "Sync"}, does={"completes-after": "10m"})
    older = yard.routed(NEVER, slow, config_map("a"))
    worker = threading.Thread(target=yard.carry_out, args=(older,))
    worker.start()
    until(lambda: yard.runs("migrate") or None, within=120, what="the hook to run")
    newer = yard.routed(config_map("a", v="2"))
    yard.finish("migrate")
    worker.join(PATIENCE)
    (told,) = hook_runs.listed(yard.tools.store, older.id)
    assert told.state.value == "succeeded"
    assert yard.repository.row(older).state is State.SUPERSEDED
    assert yard.carry_out(newer).state is State.SUCCEEDED


def test_a_cancelled_rollback_leaves_its_hooks(yard: Yard) -> None:
    """Who cancels a rollback while its hook runs gets the environment back, and the hook is left to itself."""
    hook = job("back", {"helm.sh/hook": "pre-rollback"}, does={"completes-after": "10m"}, ttlSecondsAfterFinished=0)
    first = yard.push(hook, config_map("a"))
    yard.push(hook, config_map("a", v="2"))
    back = yard.repository.route(deploy(first.sha, release=1, trigger=Trigger.ROLLBACK))[0]
    worker = threading.Thread(target=yard.carry_out, args=(back,))
    worker.start()
    until(lambda: yard.runs("back") or None, within=120, what="the hook to run")
    with yard.tools.store.writing() as tx:
        cancelling.cancel(tx, back.lane, "ann")
    worker.join(60)
    assert yard.repository.row(back).state is State.CANCELLED
    live = yard.job("back")
    assert live
    assert "finalizers" not in live["metadata"]
    assert [each.state.value for each in hook_runs.listed(yard.tools.store, back.id)] == ["left"]
    found = yard.find("configmaps", "a")
    assert found
    assert found["data"] == {"v": "2"}


def test_a_hook_that_has_not_begun_gives_way(yard: Yard) -> None:
    """It waits for its kind, and nothing would be torn in half: the commit that mends it goes first."""
    hook = {**NEVER, "metadata": {"name": "one", "annotations": {**LATE, HOOK: "PreSync"}}}
    older = yard.routed(hook, config_map("a"))
    worker = threading.Thread(target=yard.carry_out, args=(older,))
    worker.start()
    until(lambda: "waiting for kind Thing of nobody.example.com/v1, which hook PreSync" in yard.said(older), within=120)
    newer = yard.routed(config_map("a", v="2"))
    worker.join(60)
    assert yard.repository.row(older).state is State.SUPERSEDED
    assert yard.carry_out(newer).state is State.SUCCEEDED
