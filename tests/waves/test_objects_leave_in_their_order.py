"""What leaves git leaves the cluster as its tool would have it: in its order, with what it owns, or not at all."""

import pytest

from pushboat.model.changeset import Action
from pushboat.model.state import State
from pushboat.store import deployments
from tests.waves.conftest import Body, Yard, config_map, job

WAVE, OPTIONS = "argocd.argoproj.io/sync-wave", "argocd.argoproj.io/sync-options"
KAPP, WERF, DEPENDS = "kapp.k14s.io", "werf.io", "config.kubernetes.io/depends-on"
FINALIZER = "example.com/held"


def test_what_came_last_leaves_first(yard: Yard) -> None:
    """Waves are gone one after the other, from the last to the first, whatever the kinds are."""
    yard.push(held("late", {WAVE: "5"}), config_map("early", {WAVE: "-1"}), config_map("stays"))
    ended = yard.push(config_map("stays"))
    assert ended.state is State.SUCCEEDED
    assert "leaves after ConfigMap" in ended.reason or "late" in ended.reason
    assert yard.find("configmaps", "early") is not None, "what is below it is not taken away"
    let_go(yard, "late")
    yard.push(config_map("stays", a="2"))
    assert yard.find("configmaps", "early") is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({DEPENDS: "/namespaces/{space}/ConfigMap/second"}, {}),
        ({f"{KAPP}/change-rule": "delete before deleting db"}, {f"{KAPP}/change-group": "db"}),
        ({}, {f"{WERF}/delete-dependency-x": "state=absent,kind=ConfigMap,name=first"}),
    ],
    ids=["depends-on", "kapp", "werf"],
)
def test_nobody_leaves_before_those_that_need_it(yard: Yard, first: dict[str, str], second: dict[str, str]) -> None:
    """Who waits for an object when it comes is gone before that object goes."""
    marks = {key: value.replace("{space}", yard.namespace) for key, value in first.items()}
    yard.push(held("first", marks), config_map("second", second), config_map("stays"))
    ended = yard.push(config_map("stays"))
    assert yard.find("configmaps", "second") is not None, ended.reason
    let_go(yard, "first")
    yard.push(config_map("stays", a="2"))
    assert yard.find("configmaps", "second") is None


def test_objects_leave_after_everything_new_is_healthy(yard: Yard) -> None:
    """Argo CD's PruneLast is so always: what is broken takes nothing away."""
    yard.wait = "3s"
    yard.push(config_map("old", {OPTIONS: "PruneLast=true"}), config_map("stays"))
    ended = yard.push(config_map("stays"), job("broken", {}, does={"behaviour": "fail"}))
    assert ended.state is State.FAILED
    assert yard.find("configmaps", "old") is not None


@pytest.mark.parametrize(
    "marks", [{OPTIONS: "PrunePropagationPolicy=orphan"}, {f"{WERF}/delete-propagation": "Orphan"}]
)
def test_what_an_object_owns_may_stay(yard: Yard, marks: dict[str, str]) -> None:
    """Pods of a Job outlive it where it says so."""
    yard.push(config_map("stays"), job("one", marks))
    assert yard.push(config_map("stays")).counts.deleted == 1
    pods = yard.cluster.get(f"/api/v1/namespaces/{yard.namespace}/pods")["items"]
    assert len(pods) == 1
    assert "deletionTimestamp" not in pods[0]["metadata"]
    assert not pods[0]["metadata"].get("ownerReferences")


@pytest.mark.parametrize(
    "marks",
    [
        {OPTIONS: "Prune=false"},
        {OPTIONS: "Delete=confirm"},
        {"helm.sh/resource-policy": "keep"},
        {"kustomize.toolkit.fluxcd.io/prune": "disabled"},
        {f"{KAPP}/delete-strategy": "orphan"},
        {"client.lifecycle.config.k8s.io/deletion": "detach"},
        {"cli-utils.sigs.k8s.io/on-remove": "keep"},
        {f"{WERF}/ownership": "anyone"},
    ],
    ids=lambda marks: next(iter(marks)),
)
def test_what_is_to_stay_stays_and_is_named(yard: Yard, marks: dict[str, str]) -> None:
    """It left git, and the status says which object is still there and by which annotation."""
    yard.push(config_map("stays"), config_map("kept", marks))
    ended = yard.push(config_map("stays"))
    assert ended.state is State.SUCCEEDED
    assert yard.find("configmaps", "kept") is not None
    assert f"kept stays: it is annotated {next(iter(marks))}" in ended.reason


@pytest.mark.parametrize(
    "marks",
    [{OPTIONS: "Force=true,Replace=true"}, {f"{KAPP}/update-strategy": "always-replace"},
     {f"{WERF}/delete-policy": "before-creation"}],
    ids=["argo", "kapp", "werf"],
)  # fmt: skip
def test_what_is_replaced_is_deleted_and_made_anew(yard: Yard, marks: dict[str, str]) -> None:
    """Whenever it changes and the operator lets it; where nothing changes it stays."""
    refused = yard.push(config_map("one", marks))
    assert refused.state is State.FAILED
    assert "recreate: [ConfigMap]" in refused.reason
    yard.allowing(recreate=("ConfigMap",))
    yard.push(config_map("one", marks, a="1"), config_map("other"))
    before = uid(yard, "one")
    yard.push(config_map("one", marks, a="1"), config_map("other", a="2"))
    assert uid(yard, "one") == before
    ended = yard.push(config_map("one", marks, a="2"), config_map("other", a="2"))
    assert ended.counts.recreated == 1, ended.reason
    assert uid(yard, "one") != before
    note = next(each for each in deployments.changes(yard.tools.store, ended.id) if each.action is Action.RECREATED)
    assert next(iter(marks)) in note.notes[0]


@pytest.mark.parametrize(
    "marks",
    [
        {OPTIONS: "Replace=true"},
        {OPTIONS: "Force=true"},
        {"kustomize.toolkit.fluxcd.io/force": "enabled"},
        {f"{KAPP}/update-strategy": "fallback-on-replace"},
        {f"{WERF}/delete-policy": "before-creation-if-immutable"},
    ],
    ids=lambda marks: " ".join(*marks.items()),
)
def test_what_cannot_change_is_made_anew_where_that_is_asked_for(yard: Yard, marks: dict[str, str]) -> None:
    """Only then: what can change in place does."""
    yard.allowing(recreate=("ConfigMap",))
    yard.push(fixed("1", marks), config_map("b", marks))
    before = uid(yard, "b")
    ended = yard.push(fixed("2", marks), config_map("b", marks, a="2"))
    assert (ended.counts.recreated, ended.counts.configured) == (1, 1), ended.reason
    assert uid(yard, "b") == before


def fixed(value: str, marks: dict[str, str]) -> Body:
    """Write a ConfigMap that the API server never changes."""
    return {**config_map("fixed", marks, a=value), "immutable": True}


def held(name: str, marks: dict[str, str]) -> Body:
    """Write one whose deletion takes until somebody lets it go."""
    body = config_map(name, marks)
    return {**body, "metadata": {**body["metadata"], "finalizers": [FINALIZER]}}


def let_go(yard: Yard, name: str) -> None:
    path = f"/api/v1/namespaces/{yard.namespace}/configmaps/{name}"
    yard.cluster.request("PATCH", path, {"metadata": {"finalizers": None}}, "application/merge-patch+json")


def uid(yard: Yard, name: str) -> str:
    live = yard.find("configmaps", name)
    assert live is not None
    return str(live["metadata"]["uid"])
