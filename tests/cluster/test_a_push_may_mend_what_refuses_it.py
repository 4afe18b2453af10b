"""What a push itself changes is not held against it as it is today: webhooks, policies, quotas, classes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from pushboat.errors import ClusterUnavailable, PushboatError
from tests.cluster.desk import Desk, actions, config_map, document, notes
from tests.cluster.tried import error_of, shown, written
from tests.until import until
from workers.cluster.planning.needing import excused

HOOK = "ValidatingWebhookConfiguration"

POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"


def here(desk: Desk) -> dict[str, Any]:
    return {"matchLabels": {"kubernetes.io/metadata.name": desk.namespace}}


@contextmanager
def hooked(desk: Desk, name: str, **rest: Any) -> Iterator[None]:
    """Let a webhook stand in the way of this namespace's ConfigMaps, as soon as the API server goes by it."""
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"], "operations": ["CREATE"]}
    hook = {
        "name": name, "rules": [rule], "namespaceSelector": here(desk), "admissionReviewVersions": ["v1"],
        "failurePolicy": "Fail", "clientConfig": {"url": "https://127.0.0.1:1/"}, **rest,
    }  # fmt: skip
    kind = "validatingwebhookconfigurations"
    path = f"/apis/admissionregistration.k8s.io/v1/{kind}"
    body = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": HOOK,
        "metadata": {"name": name},
        "webhooks": [hook],
    }
    desk.cluster.request("POST", path, {}, body)
    probe = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "probe"}}
    maps = f"/api/v1/namespaces/{desk.namespace}/configmaps"

    def stands() -> bool:
        try:
            desk.cluster.request("POST", maps, {"dryRun": "All"}, probe)
        except PushboatError:
            return True
        return False

    try:
        until(stands)
        yield
    finally:
        desk.cluster.request("DELETE", f"{path}/{name}")


def policy(desk: Desk, name: str, expression: str) -> str:
    """Write a policy about this namespace's ConfigMaps."""
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"], "operations": ["CREATE", "UPDATE"]}
    api = "admissionregistration.k8s.io/v1"
    spec = {"matchConstraints": {"resourceRules": [rule]}, "validations": [{"expression": expression}]}
    binding = {
        "policyName": name, "validationActions": ["Deny"], "matchResources": {"namespaceSelector": here(desk)},
    }  # fmt: skip
    return written(api, POLICY, name, spec=spec) + written(api, BINDING, name, spec=binding)


def bind(desk: Desk) -> None:
    """Say of the claim that it has its volume, as a provisioner would."""
    path = f"/api/v1/namespaces/{desk.namespace}/persistentvolumeclaims/data/status"
    desk.write("provisioner", path, {"status": {"phase": "Bound", "capacity": {"storage": "1Gi"}}})


def test_a_webhook_that_cannot_be_asked_beforehand_is_no_obstacle(desk: Desk) -> None:
    """A webhook of before 1.22 may have side effects, and refuses dry runs, not the deployment."""
    plan = desk.plan(config_map("settings", a="1"))
    words = 'admission webhook "w.example.com" does not support dry run'
    assert (
        excused(plan, plan.steps[0], words) == "webhook w.example.com has side effects and cannot be asked beforehand"
    )
    assert excused(plan, plan.steps[0], 'admission webhook "w.example.com" denied the request: no') == ""


@pytest.mark.proves("pain-9")
def test_a_webhook_whose_server_comes_with_the_push_is_no_obstacle(desk: Desk) -> None:
    """My push mends what a webhook calls: today's failure says nothing. Without that it is the world's."""
    name = f"w{uuid4().hex[:8]}.example.com"
    server = {"service": {"name": "hook", "namespace": desk.namespace, "port": 443}, "caBundle": None}
    port = written("v1", "Service", "hook", spec={"ports": [{"port": 443}], "clusterIP": "None"})
    with hooked(desk, name, sideEffects="None", clientConfig=server):
        changes, error = shown(desk, desk.plan(port + config_map("settings", a="1")))
        alone = error_of(desk, config_map("settings", a="1"))
    assert error is None
    assert f"not tried: Service/{desk.namespace}/hook changes in the same revision" in notes(
        changes.changes, "settings"
    )
    assert isinstance(alone, ClusterUnavailable)


@pytest.mark.proves("plan-with-a-new-field", among=("an admission policy",))
def test_a_policy_that_changes_with_the_push_is_not_held_against_it(desk: Desk) -> None:
    """I relax a policy and use that in one pull request. A policy that stays as it is counts."""
    name = f"p{uuid4().hex[:8]}"
    able = desk.allowing(cluster_scoped=(POLICY, BINDING))
    strict = policy(desk, name, "!has(object.data) || !has(object.data.forbidden)")
    able.deploy(strict)
    forbidden = config_map("settings", forbidden="x")
    until(lambda: "denied request" in str(error_of(able, strict + forbidden)))
    changes, error = shown(able, able.plan(policy(desk, name, "true") + forbidden))
    able.deploy(config_map("other"), prune_many=True)
    assert error is None
    assert f"not tried: {POLICY}/{name} changes in the same revision" in notes(changes.changes, "settings")


@pytest.mark.proves("plan-with-a-new-field", among=("a Namespace's pod security",))
def test_pod_security_of_a_namespace_in_the_push_is_not_held_against_it(desk: Desk) -> None:
    """I allow a namespace more and use it in one pull request."""
    able = desk.allowing(cluster_scoped=("Namespace",))
    root = written("v1", "Pod", "root", spec={"hostNetwork": True, "containers": [{"name": "a", "image": "a"}]})
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": desk.namespace, "labels": {}}}
    level = "pod-security.kubernetes.io/enforce"
    space["metadata"]["labels"] = {level: "restricted"}
    able.deploy(document(space))
    changes, error = shown(able, able.plan(document(space) + root))
    assert error is not None
    assert actions(changes)["root"] == "refused"
    space["metadata"]["labels"] = {level: "privileged"}
    changes, error = shown(able, able.plan(document(space) + root))
    assert error is None
    assert "not tried: Namespace/" in notes(changes.changes, "root")


@pytest.mark.proves("plan-with-a-new-field", among=("StorageClass",))
def test_a_class_that_allows_growth_may_come_with_the_claim_that_grows(desk: Desk) -> None:
    """StorageClass and PersistentVolumeClaim change in one pull request."""
    able = desk.allowing(cluster_scoped=("StorageClass",))
    name = f"s{uuid4().hex[:8]}"

    def both(size: str, *, grows: bool) -> str:
        made = written(
            "storage.k8s.io/v1", "StorageClass", name, provisioner="a.example.com", allowVolumeExpansion=grows
        )
        spec = {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": name,
            "resources": {"requests": {"storage": size}},
        }
        return made + written("v1", "PersistentVolumeClaim", "data", spec=spec)

    able.deploy(both("1Gi", grows=False))
    bind(desk)
    changes, error = shown(able, able.plan(both("2Gi", grows=False)))
    assert error is not None
    assert actions(changes)["data"] == "refused"
    changes, error = shown(able, able.plan(both("2Gi", grows=True)))
    assert error is None
    assert f"not tried: StorageClass/{name} changes in the same revision" in notes(changes.changes, "data")


def test_what_a_push_changes_excuses_the_refusals_of_today(desk: Desk) -> None:
    """Webhook, quota and limits that this push changes or removes: what they say today does not count. Others' does."""
    api = "admissionregistration.k8s.io/v1"
    hook = {"name": "w.example.com", "sideEffects": "None", "clientConfig": {"url": "https://127.0.0.1:1/"},
            "admissionReviewVersions": ["v1"]}  # fmt: skip
    able = desk.allowing(cluster_scoped=(HOOK,))
    quota, limits = "ResourceQuota", "LimitRange"
    plan = able.plan(
        document({"apiVersion": api, "kind": HOOK, "metadata": {"name": f"h-{desk.namespace}"}, "webhooks": [hook]})
        + written("v1", quota, "small", spec={"hard": {"count/configmaps": "1"}})
        + written("v1", limits, "bounds", spec={"limits": []})
        + config_map("settings")
    )
    step = next(each for each in plan.steps if each.manifest.ref.name == "settings")
    excuses = {
        'admission webhook "w.example.com" denied the request: no': HOOK,
        'failed calling webhook "w.example.com": failed to call webhook: Post "https://x": EOF': HOOK,
        "exceeded quota: small, requested: count/configmaps=1, used: 1, limited: 1": quota,
        "maximum cpu usage per Container is 1, but limit is 2": limits,
    }
    for words, kind in excuses.items():
        assert excused(plan, step, words).startswith(f"{kind}/"), words
    alone = able.plan(config_map("settings"))
    for words in (
        *excuses,
        'admission webhook "other.example.com" denied the request: no',
        "exceeded quota: big, used: 1",
    ):
        assert excused(alone, alone.steps[0], words) == "", words
    assert excused(plan, step, 'admission webhook "other.example.com" denied the request: no') == ""
    assert excused(plan, step, "exceeded quota: big, requested: count/configmaps=1") == ""
