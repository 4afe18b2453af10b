"""A kind that comes with the push is there for what needs it: a hook does not block it, and a wave is not before it."""

import threading

import pytest

from pushboat.config.operator import ClusterAccess
from pushboat.model.state import State
from tests.until import until
from tests.waves.conftest import Body, Yard, config_map, job
from workers.cluster.client.connection import connect

HOOK, WAVE = "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave"
LATE = {"argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true"}


@pytest.mark.proves("hooks-late")
def test_a_hook_may_need_what_has_to_wait_itself(yard: Yard) -> None:
    """My hook ends once an object is there whose kind an operator defines meanwhile: neither waits for the other."""
    late = thing(yard, "late", LATE)
    made = yard.routed(late, config_map("a"), job("needs-it", {HOOK: "Sync"}, suspend=True))
    worker = threading.Thread(target=yard.carry_out, args=(made,))
    worker.start()
    until(lambda: yard.job("needs-it"), within=120, what="the hook to be there")
    define(yard)
    until(lambda: yard.find("things", "late", api(yard)) or not worker.is_alive(), within=120, what="what comes late")
    path = f"/apis/batch/v1/namespaces/{yard.namespace}/jobs/needs-it"
    yard.cluster.request("PATCH", path, {"spec": {"suspend": False}}, "application/merge-patch+json")
    worker.join(60)
    ended = yard.repository.row(made)
    assert ended.state is State.SUCCEEDED, ended.reason


@pytest.mark.proves("hooks-late")
def test_a_hook_may_be_of_a_kind_that_comes_late(yard: Yard) -> None:
    """It runs once somebody defines its kind, and is named with its kind where nobody does."""
    hook = thing(yard, "hook", {HOOK: "PostSync", **LATE})
    made = yard.routed(config_map("a"), hook)
    worker = threading.Thread(target=yard.carry_out, args=(made,))
    worker.start()
    until(lambda: yard.find("configmaps", "a") or not worker.is_alive(), within=120, what="the wave before it")
    define(yard)
    worker.join(60)
    ended = yard.repository.row(made)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.find("things", "hook", api(yard))
    yard.wait = "2s"
    never = {**hook, "apiVersion": "nobody.example.com/v1"}
    ended = yard.push(config_map("a"), never)
    assert ended.state is State.FAILED
    assert "add its CRD: nobody served kind Thing of nobody.example.com/v1 within 2 s" in ended.reason


@pytest.mark.proves("hooks-late")
def test_a_wave_before_its_operator_is_refused_at_once(yard: Yard) -> None:
    """I read which object waits for which, and where to move it, before anything is written; moved, it goes on."""
    yard.allowing(cluster_scoped=("CustomResourceDefinition", "Namespace", "ClusterRole"))
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
        "metadata": {"name": f"{yard.namespace}-operator"},
        "rules": [{"apiGroups": ["*"], "resources": ["customresourcedefinitions"], "verbs": ["create"]}],
    }  # fmt: skip
    operator = job("operator", {WAVE: "2"})
    ended = yard.push(role, operator, thing(yard, "one", {}), config_map("first", {HOOK: "PreSync"}))
    assert ended.state is State.FAILED
    assert ended.reason.startswith("deploy/all.yaml")
    assert f"Thing/{yard.namespace}/one: wave 2 of 3 waits for kind Thing of {group(yard)}/v1" in ended.reason
    assert f"wave 3 of 3 (Job/{yard.namespace}/operator) may define" in ended.reason
    assert "move one of them" in ended.reason
    assert yard.find("configmaps", "first") is None
    hook = thing(yard, "one", {HOOK: "PreSync"})
    ended = yard.push(role, operator, hook)
    assert ended.state is State.FAILED
    assert f"Thing/{yard.namespace}/one: wave 1 of 3 waits for kind Thing" in ended.reason
    plan = yard.planned(role, operator, hook)
    assert plan.state is State.FAILED
    never = yard.push(role, job("operator", {"helm.sh/hook": "test"}), thing(yard, "one", {}))
    assert "does not know Thing" in never.reason, "what never runs defines nothing"
    define(yard)
    await_its_kind(yard)
    ended = yard.push(role, operator, thing(yard, "one", {}))
    assert ended.state is State.SUCCEEDED, ended.reason


def group(yard: Yard) -> str:
    return f"{yard.namespace}.example.com"


def api(yard: Yard) -> str:
    return f"/apis/{group(yard)}/v1"


def thing(yard: Yard, name: str, marks: dict[str, str]) -> Body:
    """Write an object of a kind that nobody serves yet."""
    return {"apiVersion": f"{group(yard)}/v1", "kind": "Thing", "metadata": {"name": name, "annotations": marks}}


def define(yard: Yard) -> None:
    """Define the kind as an operator would."""
    names = {"plural": "things", "singular": "thing", "kind": "Thing", "listKind": "ThingList"}
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": f"things.{group(yard)}"},
        "spec": {"group": group(yard), "scope": "Namespaced", "names": names, "versions": [version]},
    }  # fmt: skip
    yard.cluster.request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)


def await_its_kind(yard: Yard) -> None:
    """Wait until the kind stands in the API server's list, which is a moment later than its definition."""
    cluster = connect(ClusterAccess(name="dev", kubeconfig=yard.kubeconfig))

    def is_listed() -> bool:
        cluster.kinds.refresh()
        return cluster.kinds.find(group(yard), "v1", "Thing") is not None

    try:
        until(is_listed, what="the kind in the API server's list")
    finally:
        cluster.close()
