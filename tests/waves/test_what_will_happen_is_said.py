"""A plan says what would run and in which order, what is left alone, and why something has to wait."""

from pushboat.model.changeset import Action
from pushboat.model.state import State
from pushboat.store import change_sets, hook_runs, progress_lines
from tests.waves.conftest import Yard, config_map, job

HOOK, WAVE = "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave"
SSA, EXISTS = "kustomize.toolkit.fluxcd.io/ssa", "kapp.k14s.io/exists"


def test_a_plan_tells_the_order_and_writes_nothing(yard: Yard) -> None:
    """Every wave, every hook with its tool's word, and what is left alone with its reason."""
    yard.push(config_map("a"), config_map("once", {SSA: "IfNotPresent"}))
    plan = yard.planned(
        config_map("a", a="2"),
        config_map("once", {SSA: "IfNotPresent"}, a="2"),
        config_map("theirs", {EXISTS: "", WAVE: "1"}),
        config_map("late", {WAVE: "1"}),
        job("migrate", {HOOK: "PreSync"}),
        job("alarm", {HOOK: "SyncFail"}),
        job("notify", {"helm.sh/hook": "post-install,post-upgrade"}),
        job("try", {"helm.sh/hook": "test"}),
    )
    assert plan.state is State.SUCCEEDED, plan.reason
    space, expected = yard.namespace, f"ConfigMap/{yard.namespace}/theirs, which this push expects"
    order = [line for line in plan.details.splitlines() if not line.startswith("- warning: ")]
    assert order == [
        f"- wave 1 of 4, before the deployment: hook PreSync Job/{space}/migrate",
        f"- wave 2 of 4: 1 object (ConfigMap/{space}/a)",
        f"- wave 3 of 4: once there is {expected}; 1 object (ConfigMap/{space}/late)",
        f"- wave 4 of 4, after the deployment: hook post-upgrade Job/{space}/notify",
        f"- if it fails: hook SyncFail Job/{space}/alarm",
        f"- 1 hook not run by deployments: Job/{space}/try (helm.sh/hook: test)",
    ]
    assert plan.reason.startswith("1 to create, 1 to change, 0 to delete, 2 hooks to run")
    hooks = hook_runs.listed(yard.tools.store, plan.id)
    assert [(each.said, each.state.value) for each in hooks] == [
        ("PreSync", "due"),
        ("post-upgrade", "due"),
        ("SyncFail", "due"),
    ]
    said = [each.text for each in progress_lines.listed(yard.tools.store, plan.id)]
    assert order[0].removeprefix("- ") in said
    changes = {each.ref.name: each for each in change_sets.listed(yard.tools.store, plan.id)}
    assert changes["once"].action is Action.UNCHANGED
    assert changes["once"].notes == (
        f"left alone: it is there, and made only where it is missing ({SSA}: IfNotPresent)",
    )
    assert "is not there yet" in changes["theirs"].notes[0]
    assert [yard.job(name) for name in ("migrate", "alarm", "notify")] == [None] * 3
    assert yard.find("configmaps", "late") is None


def test_a_plan_without_any_order_says_nothing_of_it(yard: Yard) -> None:
    """Most pushes have neither waves nor hooks."""
    assert yard.planned(config_map("a"), config_map("b")).details == ""
