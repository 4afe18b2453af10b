"""What leaves git leaves the cluster as its tool would have it: in its order, with what it owns, or not at all."""

import pytest

from pushboat.model.state import State
from pushboat.store import change_sets
from tests.store.repository import deploy
from tests.waves.conftest import Body, Yard, config_map, job

WAVE, OPTIONS = "argocd.argoproj.io/sync-wave", "argocd.argoproj.io/sync-options"
KAPP, WERF, DEPENDS = "kapp.k14s.io", "werf.io", "config.kubernetes.io/depends-on"
FINALIZER = "example.com/held"


def test_what_came_last_leaves_first(yard: Yard) -> None:
    """Waves are gone one after the other, from the last to the first, whatever the kinds are."""
    yard.push(held("late", {WAVE: "5"}), config_map("early", {WAVE: "-1"}), config_map("stays"))
    ended = yard.push(config_map("stays"))
    assert ended.state is State.SUCCEEDED
    notes = {each.ref.name: each.notes for each in change_sets.listed(yard.tools.store, ended.id)}
    assert f"stays: it leaves after ConfigMap/{yard.namespace}/late, which is still being deleted" in notes["early"][0]
    assert yard.find("configmaps", "early") is not None, "what is below it is not taken away"
    let_go(yard, "late")
    yard.push(config_map("stays", a="2"))
    assert yard.find("configmaps", "early") is None


def test_nobody_leaves_before_those_that_need_it(yard: Yard) -> None:
    """Who waits for an object when it comes, or says so for its end, is gone before that object goes."""
    marks = {
        "cli-first": {DEPENDS: f"/namespaces/{yard.namespace}/ConfigMap/cli-second"},
        "kapp-first": {f"{KAPP}/change-rule": "delete before deleting db"},
        "werf-first": {},
    }
    others = {
        "cli-second": {},
        "kapp-second": {f"{KAPP}/change-group": "db"},
        "werf-second": {f"{WERF}/delete-dependency-x": "state=absent,kind=ConfigMap,name=werf-first"},
    }
    firsts = [held(name, said) for name, said in marks.items()]
    stays = [config_map(f"stays-{number}") for number in range(7)]
    yard.push(*firsts, *(config_map(name, said) for name, said in others.items()), *stays)
    ended = yard.push(*stays)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert all(yard.find("configmaps", name) for name in others)
    for name in marks:
        let_go(yard, name)
    yard.push(*stays)
    assert not any(yard.find("configmaps", name) for name in others)


def test_objects_leave_after_everything_new_is_healthy(yard: Yard) -> None:
    """Argo CD's PruneLast is so always: what is broken takes nothing away."""
    yard.wait = "3s"
    yard.push(config_map("old", {OPTIONS: "PruneLast=true"}), config_map("stays"))
    ended = yard.push(config_map("stays"), job("broken", {}, does={"behaviour": "fail"}))
    assert ended.state is State.FAILED
    assert yard.find("configmaps", "old") is not None


def test_what_an_object_owns_may_stay(yard: Yard) -> None:
    """Pods of a Job outlive it where it says so."""
    marks = [{OPTIONS: "PrunePropagationPolicy=orphan"}, {f"{WERF}/delete-propagation": "Orphan"}]
    yard.push(config_map("stays"), *(job(f"job-{number}", each) for number, each in enumerate(marks)))
    assert yard.push(config_map("stays")).counts.deleted == 2
    pods = yard.cluster.get(f"/api/v1/namespaces/{yard.namespace}/pods")["items"]
    assert len(pods) == 2
    assert all("deletionTimestamp" not in pod["metadata"] for pod in pods)
    assert not any(pod["metadata"].get("ownerReferences") for pod in pods)


def test_what_is_to_stay_stays_and_is_named(yard: Yard) -> None:
    """It left git, and the page says which object is still there and by which annotation."""
    marks = [
        {OPTIONS: "Prune=false"}, {OPTIONS: "Delete=confirm"}, {"helm.sh/resource-policy": "keep"},
        {"kustomize.toolkit.fluxcd.io/prune": "disabled"}, {f"{KAPP}/delete-strategy": "orphan"},
        {"client.lifecycle.config.k8s.io/deletion": "detach"}, {"cli-utils.sigs.k8s.io/on-remove": "keep"},
        {f"{WERF}/ownership": "anyone"}, {"kustomize.toolkit.fluxcd.io/reconcile": "disabled"},
        {"kustomize.toolkit.fluxcd.io/prune": "Disabled"}, {OPTIONS: "Delete=false"}, {OPTIONS: "Prune=confirm"},
        {OPTIONS: "Prune=false , ServerSideApply=true, SkipDryRunOnMissingResource=true"},
    ]  # fmt: skip
    names = [f"kept-{number}" for number in range(len(marks))]
    kept = [config_map(name, each) for name, each in zip(names, marks, strict=True)]
    yard.push(config_map("stays"), *(config_map(name) for name in names))
    annotate(yard, dict(zip(names, marks, strict=True)))
    yard.push(config_map("stays"), *kept)
    ended = yard.push(config_map("stays"))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert all(yard.find("configmaps", name) for name in names)
    notes = {each.ref.name: each.notes[0] for each in change_sets.listed(yard.tools.store, ended.id) if each.notes}
    for name, said in zip(names, marks, strict=True):
        assert f"stays: it is annotated {next(iter(said))}" in notes[name]


def test_what_asks_for_a_word_leaves_with_it(yard: Yard) -> None:
    """`Prune=confirm` waits for somebody's consent, which is the one to a large prune, and goes then."""
    yard.push(config_map("stays"), config_map("asks", {OPTIONS: "Prune=confirm"}))
    assert yard.push(config_map("stays")).counts.deleted == 0
    ended = yard.carry_out(yard.routed(config_map("stays"), leads_to=lambda sha: deploy(sha, prune_many=True)))
    assert ended.counts.deleted == 1, ended.reason
    assert yard.find("configmaps", "asks") is None


@pytest.mark.proves("opt-outs")
def test_what_is_replaced_is_deleted_and_made_anew(yard: Yard) -> None:
    """Whenever it changes and the operator lets it; where nothing changes it stays."""
    marks = {
        "argo": {OPTIONS: "Force=true,Replace=true"},
        "kapp": {f"{KAPP}/update-strategy": "always-replace"},
        "werf": {f"{WERF}/delete-policy": "before-creation"},
    }

    def all_with(value: str) -> list[Body]:
        return [config_map(name, said, a=value) for name, said in marks.items()]

    refused = yard.push(*all_with("1"))
    assert refused.state is State.FAILED
    assert "recreate: [ConfigMap]" in refused.reason
    yard.allowing(recreate=("ConfigMap",))
    yard.push(*all_with("1"), config_map("other"))
    before = {name: uid(yard, name) for name in marks}
    yard.push(*all_with("1"), config_map("other", a="2"))
    assert {name: uid(yard, name) for name in marks} == before
    ended = yard.push(*all_with("2"), config_map("other", a="2"))
    assert ended.counts.recreated == 3, ended.reason
    assert not {uid(yard, name) for name in marks} & set(before.values())
    why = {each.ref.name: each.why for each in change_sets.listed(yard.tools.store, ended.id)}
    assert all(next(iter(said)) in why[name] for name, said in marks.items())


def test_what_cannot_change_is_made_anew_where_that_is_asked_for(yard: Yard) -> None:
    """Only then: what can change in place does."""
    yard.allowing(recreate=("ConfigMap",))
    marks = [
        {OPTIONS: "Replace=true"}, {OPTIONS: "Force=true"}, {"kustomize.toolkit.fluxcd.io/force": "enabled"},
        {f"{KAPP}/update-strategy": "fallback-on-replace"}, {f"{WERF}/delete-policy": "before-creation-if-immutable"},
    ]  # fmt: skip

    def all_with(value: str) -> list[Body]:
        fixed = [{**config_map(f"fixed-{n}", each, a=value), "immutable": True} for n, each in enumerate(marks)]
        return [*fixed, *(config_map(f"free-{n}", each, a=value) for n, each in enumerate(marks))]

    yard.push(*all_with("1"))
    before = uid(yard, "free-0")
    ended = yard.push(*all_with("2"))
    assert (ended.counts.recreated, ended.counts.configured) == (5, 5), ended.reason
    assert uid(yard, "free-0") == before


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


def annotate(yard: Yard, marks: dict[str, dict[str, str]]) -> None:
    for name, said in marks.items():
        path = f"/api/v1/namespaces/{yard.namespace}/configmaps/{name}"
        yard.cluster.request("PATCH", path, {"metadata": {"annotations": said}}, "application/merge-patch+json")
