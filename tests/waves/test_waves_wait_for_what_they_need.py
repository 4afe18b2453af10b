"""A wave begins when all that it needs is there and healthy; until then it is said what it waits for, then named."""

import threading

import pytest

from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import progress_lines
from tests.until import until
from tests.waves.conftest import Body, Yard, config_map, job

HOOK, WAVE = "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave"
OPTIONS = "argocd.argoproj.io/sync-options"
OUTSIDE = "db.external-dependency.werf.io"
HELM, WEIGHT = "helm.sh/hook", "helm.sh/hook-weight"


def test_what_is_needed_from_elsewhere_is_waited_for(yard: Yard) -> None:
    """werf's external dependency: nothing of the wave is written before it is there and ready, and all of it after."""
    yard.push(config_map("a"))
    marks = {
        WAVE: "1",
        OUTSIDE: f"batch/v1:Job:{yard.namespace}:theirs",
        "key.external-dependency.werf.io/resource": "cm/key",
        "j.external-dependency.werf.io/resource": "jobs.v1.batch/theirs",
        "j.external-dependency.werf.io/namespace": yard.namespace,
    }
    waiting = yard.routed(config_map("a"), config_map("first"), config_map("b", marks))
    working = threading.Thread(target=yard.carry_out, args=(waiting,))
    working.start()
    until(lambda: "waiting for Job/" in said(yard, waiting))
    assert yard.find("configmaps", "first") is not None
    assert yard.find("configmaps", "b") is None
    space = f"namespaces/{yard.namespace}"
    yard.cluster.request("POST", f"/api/v1/{space}/configmaps", config_map("key"))
    yard.cluster.request("POST", f"/apis/batch/v1/{space}/jobs", job("theirs", {}, does={"completes-after": "2s"}))
    until(lambda: "it is not ready" in said(yard, waiting) or not working.is_alive())
    working.join()
    ended = yard.repository.row(waiting)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.find("configmaps", "b") is not None


def test_what_never_comes_is_named(yard: Yard) -> None:
    """The status says what was not there and who waits for it; other namespaces are not looked into."""
    yard.wait = "1s"
    ended = yard.push(config_map("a", {OUTSIDE: f"v1:Secret:{yard.namespace}:key"}))
    assert ended.state is State.FAILED
    assert f"not there after 1 s: Secret/{yard.namespace}/key, which ConfigMap/{yard.namespace}/a" in ended.reason
    assert "it is not there" in ended.reason
    elsewhere = yard.push(config_map("a", {OUTSIDE: "v1:Secret:kube-system:key"}))
    assert elsewhere.state is State.FAILED
    assert "outside of this environment's namespaces" in elsewhere.reason


@pytest.mark.proves("waves")
def test_a_wave_that_is_not_healthy_ends_there(yard: Yard) -> None:
    """What comes after it is not written, and the status names the object that it waited for and what waited."""
    yard.wait = "3s"
    ended = yard.push(
        job("first", {}, does={"completes-after": "10m"}),
        config_map("second", {WAVE: "1"}),
        config_map("b", {WAVE: "1"}),
    )
    assert ended.state is State.FAILED
    assert "Job/" in ended.reason
    assert f"so wave 2 of 2 (ConfigMap/{yard.namespace}/b and 1 more) was not begun" in ended.reason
    assert f"then comes wave 2 of 2 (ConfigMap/{yard.namespace}/b and 1 more)" in said(yard, ended)
    assert yard.find("configmaps", "second") is None


def test_an_environment_that_does_not_wait_runs_its_hooks_to_their_end(yard: Yard) -> None:
    """`wait: 0` leaves rollouts alone, but a migration is over before what needs it comes."""
    yard.wait = "0"
    ended = yard.push(job("migrate", {HOOK: "PreSync"}, does={"completes-after": "1s"}), config_map("a"))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert "health was not waited for" in ended.reason
    assert yard.order("migrate", "a") == ["migrate", "a"]
    failing = job("migrate", {HOOK: "PreSync"}, does={"behaviour": "fail"})
    assert yard.push(failing, config_map("a", a="2")).state is State.FAILED


def test_what_a_helm_hook_needs_comes_before_it(yard: Yard) -> None:
    """A chart's own account, Secret and settings by weight, then the Job that uses them, then the rest."""
    hook = {HELM: "pre-install,pre-upgrade", "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded"}
    migrate = job("migrate", {**hook, WEIGHT: "5"})
    migrate["spec"]["template"]["spec"]["serviceAccountName"] = "migrator"
    bodies = [
        migrate,
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta("migrator", {**hook, WEIGHT: "-5"})},
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": meta("key", {**hook, WEIGHT: "-5"}),
            "stringData": {"a": "b"},
        },
        config_map("settings", {**hook, WEIGHT: "0"}),
        config_map("a"),
    ]
    ended = yard.push(*bodies)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.runs("migrate", 1) == 1
    assert [yard.find(kind, name) for kind, name in (("secrets", "key"), ("configmaps", "settings"))] == [None, None]
    again = yard.push(*bodies[:-1], config_map("a", a="2"))
    assert again.state is State.SUCCEEDED, again.reason
    assert yard.runs("migrate", 2) == 2


def test_a_pod_may_be_a_hook(yard: Yard) -> None:
    """It has run to its end before the rest comes."""
    does = {"devcluster.pushboat.dev/completes-after": "1s"}
    spec = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "registry.example/m:1"}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": meta("check", {HOOK: "PreSync", **does}), "spec": spec}
    ended = yard.push(pod, config_map("a"))
    assert ended.state is State.SUCCEEDED, ended.reason
    live = yard.find("pods", "check")
    assert live is not None
    assert live["status"]["phase"] == "Succeeded"


def test_a_definition_comes_before_its_objects_whatever_its_wave(yard: Yard) -> None:
    """A CRD or a Namespace in a later wave than what needs it is moved to where it is needed."""
    group = f"{yard.namespace}.example.com"
    names = {"plural": "things", "singular": "thing", "kind": "Thing", "listKind": "ThingList"}
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": f"things.{group}", "annotations": {WAVE: "5"}},
        "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [version]},
    }  # fmt: skip
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": yard.namespace, "annotations": {WAVE: "9"}}}
    thing = {"apiVersion": f"{group}/v1", "kind": "Thing", "metadata": meta("one", {WAVE: "1"})}
    hook = {"apiVersion": f"{group}/v1", "kind": "Thing", "metadata": meta("hook", {HOOK: "PostSync"})}
    ended = yard.push(thing, definition, space, hook)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.find("things", "one", f"/apis/{group}/v1") is not None
    assert yard.find("things", "hook", f"/apis/{group}/v1") is not None


def test_a_kind_may_come_into_being_on_the_way(yard: Yard) -> None:
    """`SkipDryRunOnMissingResource` waits for a kind that somebody else defines, and names it where nobody does."""
    yard.wait = "2s"
    body = {"apiVersion": "nobody.example.com/v1", "kind": "Thing", "metadata": meta("one", {})}
    assert "does not know Thing" in yard.push(config_map("a"), body).reason
    body["metadata"] = meta("one", {OPTIONS: "SkipDryRunOnMissingResource=true"})
    ended = yard.push(config_map("a"), body)
    assert ended.state is State.FAILED
    assert "nothing in this push defined kind Thing" in ended.reason
    assert yard.find("configmaps", "a") is not None
    ended = yard.push(body, config_map("operator", {WAVE: "1"}))
    assert ended.reason.startswith("give what defines the kind an earlier wave, or correct the kind: kind Thing of ")
    assert f"wave 2 of 2 (ConfigMap/{yard.namespace}/operator) was not begun" in ended.reason


def meta(name: str, marks: dict[str, str]) -> Body:
    return {"name": name, "annotations": marks}


def said(yard: Yard, ended: Deployment) -> str:
    return "\n".join(event.text for event in progress_lines.listed(yard.tools.store, ended.id))
