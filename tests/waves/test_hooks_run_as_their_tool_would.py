"""Hooks of Argo CD and Helm run where and as often as their tool would run them, and are named where they fail."""

import pytest

from pushboat.model.deployment import Lane
from pushboat.model.release import compared, lasting
from pushboat.model.state import State, Trigger
from pushboat.store import progress_lines, releases
from tests.store.repository import NAME, deploy
from tests.until import PATIENCE
from tests.waves.conftest import Yard, config_map, job

HOOK, WAVE = "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave"
POLICY = "argocd.argoproj.io/hook-delete-policy"
HELM, WEIGHT, HELM_POLICY = "helm.sh/hook", "helm.sh/hook-weight", "helm.sh/hook-delete-policy"


@pytest.mark.proves("waves", "hooks")
def test_hooks_and_waves_come_in_their_order(yard: Yard) -> None:
    """What Argo CD's documentation shows: before, wave by wave, beside the last one, and after."""
    ended = yard.push(
        job("after", {HOOK: "PostSync"}),
        config_map("last", {WAVE: "2"}),
        job("beside", {HOOK: "Sync", WAVE: "2"}),
        config_map("middle"),
        config_map("first", {WAVE: "-5"}),
        job("before", {HOOK: "PreSync"}),
        job("earliest", {HOOK: "PreSync", WAVE: "-1"}),
    )
    assert ended.state is State.SUCCEEDED, ended.reason
    names = ("earliest", "before", "first", "middle", "last", "beside", "after")
    assert yard.order(*names) == list(names)
    assert ended.counts.created == 3, "hooks are no objects of the environment"


@pytest.mark.proves("hooks", "pain-20")
def test_helm_tells_an_installation_from_an_upgrade(yard: Yard) -> None:
    """A chart's pre-install runs once in an environment's life, its pre-upgrade from then on, by weight."""
    hooks = (
        job("install", {HELM: "pre-install"}),
        job("heavy", {HELM: "pre-install,pre-upgrade", WEIGHT: "5"}),
        job("light", {HELM: "pre-upgrade,pre-install", WEIGHT: "-5"}),
        job("upgrade", {HELM: "post-upgrade"}),
        job("test", {HELM: "test"}),
        job("never", {HELM: "post-delete"}),
    )
    assert yard.push(*hooks, config_map("a")).state is State.SUCCEEDED
    assert yard.order("light", "install", "heavy", "a") == ["light", "install", "heavy", "a"]
    assert [yard.job(name) for name in ("upgrade", "test", "never")] == [None] * 3
    assert yard.push(*hooks, config_map("a", version="2")).state is State.SUCCEEDED
    ran = {"install": 1, "light": 2, "heavy": 2, "upgrade": 1}
    assert yard.ran(ran) == ran
    assert yard.order("light", "heavy", "a", "upgrade") == ["light", "heavy", "a", "upgrade"]


@pytest.mark.proves("hooks", "pain-20")
def test_helm_tells_a_rollback_from_an_upgrade(yard: Yard) -> None:
    """Each of a chart's eight words has its own occasion; what is for a removal runs in none of these."""
    words = [f"{when}-{what}" for what in ("install", "upgrade", "rollback", "delete") for when in ("pre", "post")]
    hooks = [job(word, {HELM: word}) for word in words]
    first = yard.push(*hooks, config_map("a"))
    assert first.state is State.SUCCEEDED, first.reason
    assert yard.order("pre-install", "a", "post-install") == ["pre-install", "a", "post-install"]
    assert yard.push(*hooks, config_map("a", v="2")).state is State.SUCCEEDED
    ran = {**dict.fromkeys(words, 0), **dict.fromkeys(words[:4], 1)}
    assert yard.ran(ran) == ran
    back = yard.carry_out(yard.repository.route(deploy(first.sha, release=1, trigger=Trigger.ROLLBACK))[0])
    assert back.state is State.SUCCEEDED, back.reason
    assert "back to release 1" in back.reason
    ran |= dict.fromkeys(words[4:6], 1)
    assert yard.ran(ran) == ran
    assert yard.order("pre-rollback", "a", "post-rollback") == ["pre-rollback", "a", "post-rollback"]


def test_what_no_deployment_runs_is_said_and_not_run(yard: Yard) -> None:
    """`Skip` alone is never run, beside another word it is nothing; a chart's tests are for `helm test`."""
    hooks = (
        job("skipped", {HOOK: "Skip"}),
        job("runs", {HOOK: "Skip,PreSync", POLICY: "BeforeHookCreation"}),
        job("try", {HELM: "test-success"}),
        job("twice", {HOOK: "PreSync,PreSync", POLICY: "HookSucceeded, HookFailed"}),
    )
    ended = yard.push(*hooks, config_map("a"))
    assert ended.state is State.SUCCEEDED, ended.reason
    ran = {"skipped": 0, "runs": 1, "try": 0, "twice": 1}
    assert yard.ran(ran) == ran
    assert [yard.job(name) is not None for name in ("skipped", "runs", "try", "twice")] == [False, True, False, False]
    assert f"2 hooks not run by deployments: Job/{yard.namespace}/skipped (argocd.argoproj.io/hook: Skip)" in yard.said(
        ended
    )
    assert "2 hooks ran" in ended.reason
    assert yard.push(*hooks, config_map("a", v="2")).state is State.SUCCEEDED
    ran |= {"runs": 2, "twice": 2}
    assert yard.ran(ran) == ran, "deleted, and made anew"


@pytest.mark.proves("hooks-when", "pain-20")
def test_hooks_run_where_something_changes(yard: Yard) -> None:
    """A push that changes nothing runs no migration again; one that changes only the migration does."""
    one = (config_map("a"), job("migrate", {HOOK: "PreSync"}))
    assert yard.push(*one).state is State.SUCCEEDED
    assert yard.push(*one).state is State.SUCCEEDED
    assert yard.runs("migrate", 1) == 1
    assert (
        yard.push(config_map("a"), job("migrate", {HOOK: "PreSync"}, image="registry.example/m:2")).counts.created == 0
    )
    assert yard.runs("migrate", 2) == 2
    live = yard.job("migrate")
    assert live is not None
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == "registry.example/m:2"


@pytest.mark.proves("hooks")
def test_a_failing_hook_stops_what_comes_after_it(yard: Yard) -> None:
    """A migration that fails is named with its container's word, nothing is written after it, and what is for a
    failure runs."""
    failing = job("migrate", {HOOK: "PreSync"}, does={"behaviour": "fail", "message": "no such table"})
    ended = yard.push(failing, config_map("a"), job("alarm", {HOOK: "SyncFail"}))
    assert ended.state is State.FAILED
    assert "hook PreSync failed" in ended.reason
    assert "Job/" in ended.reason
    assert "migrate" in ended.reason
    assert yard.find("configmaps", "a") is None
    assert yard.runs("alarm", 1) == 1
    good = yard.push(job("migrate", {HOOK: "PreSync"}), config_map("a"), job("alarm", {HOOK: "SyncFail"}))
    assert good.state is State.SUCCEEDED
    assert yard.runs("alarm", 1) == 1


@pytest.mark.proves("pain-1")
def test_a_hook_that_hangs_ends_with_the_deadline(yard: Yard) -> None:
    """It is named, and the environment is free for the next push."""
    yard.wait = "2s"
    ended = yard.push(job("migrate", {HOOK: "PreSync"}, does={"completes-after": "10m"}), config_map("a"))
    assert ended.state is State.FAILED
    assert "hook PreSync failed: not healthy after 2s" in ended.reason
    assert "migrate" in ended.reason
    yard.wait = f"{PATIENCE:g}s"
    assert yard.push(job("migrate", {HOOK: "PreSync"}), config_map("a")).state is State.SUCCEEDED


@pytest.mark.proves("pain-1")
def test_a_hook_that_removed_itself_counts_as_done(yard: Yard) -> None:
    """A Job that goes with its end has ended all the same, and nothing of ours keeps it from going."""
    made = (job("migrate", {HOOK: "PreSync"}, ttlSecondsAfterFinished=0), config_map("a"))
    ended = yard.push(*made)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert "unverified" not in ended.reason
    assert yard.runs("migrate", 1) == 1
    failing = job("migrate", {HOOK: "PreSync"}, ttlSecondsAfterFinished=0, does={"behaviour": "fail"})
    assert yard.push(failing, config_map("a", v="2")).state is State.FAILED


@pytest.mark.proves("hook-deletion")
@pytest.mark.parametrize(
    ("marks", "fails", "stays"),
    [
        ({HOOK: "PreSync"}, False, True),
        ({HOOK: "PreSync", POLICY: "HookSucceeded"}, False, False),
        ({HOOK: "PreSync", POLICY: "HookSucceeded"}, True, True),
        ({HOOK: "PreSync", POLICY: "HookFailed"}, True, False),
        ({HELM: "pre-install,pre-upgrade", HELM_POLICY: "hook-succeeded,hook-failed"}, True, False),
        ({HELM: "pre-install,pre-upgrade", HELM_POLICY: "before-hook-creation"}, False, True),
    ],
)
def test_what_ran_is_deleted_when_its_tool_would(yard: Yard, marks: dict[str, str], fails: bool, stays: bool) -> None:
    """The delete policy says what stays to look at."""
    does = {"behaviour": "fail"} if fails else {}
    ended = yard.push(job("migrate", marks, does=does), config_map("a"))
    assert ended.state is (State.FAILED if fails else State.SUCCEEDED)
    live = yard.job("migrate")
    assert (live is not None and "deletionTimestamp" not in live["metadata"]) == stays
    assert yard.push(job("migrate", marks), config_map("a", v="2")).state is State.SUCCEEDED
    assert yard.runs("migrate", 2) == 2


def test_a_hook_may_leave_its_name_to_us(yard: Yard) -> None:
    """`generateName` gives every run an object of its own."""
    hook = job("migrate-", {HOOK: "PreSync"})
    assert yard.push(hook, config_map("a")).state is State.SUCCEEDED
    assert yard.push(hook, config_map("a", v="2")).state is State.SUCCEEDED
    items = yard.cluster.get(f"/apis/batch/v1/namespaces/{yard.namespace}/jobs")["items"]
    assert len({each["metadata"]["name"] for each in items}) == 2


def test_what_another_tool_left_of_a_hook_is_its_tools(yard: Yard) -> None:
    """Argo CD's Job of that name is deleted only where its objects may be taken over; else I read the line to add."""
    hook = job("migrate", {HOOK: "PreSync"})
    yard.push(config_map("a"))
    path = f"/apis/batch/v1/namespaces/{yard.namespace}/jobs?fieldManager=argocd-controller"
    yard.cluster.request("POST", path, hook)
    refused = yard.push(config_map("a"), hook)
    assert refused.state is State.FAILED
    assert "adopt: [kubectl, argocd]" in refused.reason
    yard.allowing(adopt=("kubectl", "argocd"))
    assert yard.push(config_map("a"), hook).state is State.SUCCEEDED


@pytest.mark.proves("hooks-foreign")
def test_an_annotation_that_is_not_supported_stops_everything(yard: Yard) -> None:
    """It is named with its place before anything is written."""
    ended = yard.push(config_map("a"), config_map("b", {HOOK: "PreSyncc"}))
    assert ended.state is State.FAILED
    assert "deploy/all.yaml" in ended.reason
    assert "PreSync" in ended.reason
    assert yard.find("configmaps", "a") is None


def test_an_object_that_becomes_a_hook_is_none_of_the_leftovers(yard: Yard) -> None:
    """A Job that was applied and is a hook now runs as one, and is not deleted as if it had left git."""
    assert yard.push(config_map("a"), job("migrate", {})).state is State.SUCCEEDED
    ended = yard.push(config_map("a"), job("migrate", {HOOK: "PostSync"}))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert "stays" not in ended.reason
    assert ended.counts.deleted == 0
    assert yard.runs("migrate", 2) == 2
    assert yard.job("migrate") is not None


def test_hooks_neither_come_nor_go_with_a_release(yard: Yard) -> None:
    """What a rollback says beforehand counts what it would create and delete, which hooks are not."""
    hook = job("migrate", {HOOK: "PreSync"})
    assert yard.push(config_map("a"), hook).state is State.SUCCEEDED
    assert yard.push(config_map("a")).state is State.SUCCEEDED
    lane = Lane(repository=NAME, environment="staging")
    first, second = (releases.contents(yard.tools.store, lane, number) or {} for number in (1, 2))
    assert first != second
    assert compared(lasting(second), lasting(first)).changes_something is False


def test_a_refused_annotation_leaves_its_event_too(yard: Yard) -> None:
    """Who looks with kubectl reads why the newest commit is not there; a plan is no event of the cluster."""
    yard.push(config_map("a"))
    yard.planned(config_map("a", v="2"))
    yard.planned(config_map("a", {HOOK: "PreSyncc"}))
    refused = yard.push(config_map("a", {HOOK: "PreSyncc"}))
    assert refused.state is State.FAILED
    items = yard.cluster.get(f"/api/v1/namespaces/{yard.namespace}/events")["items"]
    told = [each for each in items if each["involvedObject"]["kind"] == "Secret"]
    assert [each["reason"] for each in told] == ["Deployed", "DeploymentFailed"]
    assert "does not know 'PreSyncc'" in told[1]["message"]
    assert "check" in {line.phase for line in progress_lines.listed(yard.tools.store, refused.id)}
