"""A plan that the cluster would refuse in part shows all of it: what would be refused and why, and everything else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable, DeploymentFailed, PushboatError
from pushboat.model.changeset import Action, ChangeSet
from tests.cluster.desk import Desk, actions, config_map, deployment, document, notes
from tests.lines import audited
from tests.until import until
from workers.cluster.client.connection import APPLY, Cluster
from workers.cluster.planning.making import make_plan
from workers.cluster.planning.needing import excused
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan
from workers.cluster.reading.live import read_live
from workers.cluster.writing.dry_running import dry_run

RBAC = "rbac.authorization.k8s.io"
HOOK = "ValidatingWebhookConfiguration"
POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"


def shown(desk: Desk, plan: Plan) -> tuple[ChangeSet, PushboatError | None]:
    """Give what a plan shows, and the error that it ends with."""
    seen: list[ChangeSet] = []
    try:
        dry_run(desk.cluster, plan, seen.append)
    except PushboatError as error:
        return seen[0], error
    return seen[0], None


def error_of(desk: Desk, text: str) -> PushboatError | None:
    """Give the error of a plan, whether it shows anything or not."""
    try:
        dry_run(desk.cluster, desk.plan(text))
    except PushboatError as error:
        return error
    return None


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


def written(api_version: str, kind: str, name: str, **rest: Any) -> str:
    return document({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **rest})


@pytest.mark.proves("plan")
def test_two_of_four_objects_are_refused_and_all_four_are_shown(desk: Desk) -> None:
    """I read which two would be refused and why, with the fields, beside the two that are fine."""
    desk.deploy(deployment() + config_map("settings", a="1"))
    wrong = deployment().replace("replicas: 1", "replicas: -1")
    bad = written("v1", "Service", "web", spec={"ports": [{"port": 99999}]})
    changes, error = shown(desk, desk.plan(wrong + config_map("settings", a="2") + config_map("new") + bad))
    assert isinstance(error, ApplyRejected)
    assert "(and 1 more)" in error.summary
    by_kind = {f"{each.ref.kind}/{each.ref.name}": each for each in changes.changes}
    assert {name: str(each.action) for name, each in by_kind.items()} == {
        "Deployment/web": "refused", "Service/web": "refused",
        "ConfigMap/settings": "configured", "ConfigMap/new": "created",
    }  # fmt: skip
    refused = by_kind["Deployment/web"]
    assert "greater than or equal to 0" in refused.why
    assert [str(each) for each in refused.fields] == ["spec.replicas: 1 → -1"]
    assert "99999" in by_kind["Service/web"].why
    assert changes.counts.refused == 2


def test_the_plan_begins_with_the_advice(desk: Desk) -> None:
    """A field that cannot change: the first words say what to do, for the object and for the whole plan."""
    desk.deploy(deployment())
    changes, error = shown(
        desk,
        desk.plan(
            deployment()
            .replace("matchLabels:\n      app: web", "matchLabels:\n      app: shop")
            .replace("labels:\n        app: web", "labels:\n        app: shop")
        ),
    )
    assert error is not None
    assert error.summary.startswith("give the Deployment a new name or ")
    assert changes.changes[0].why == error.summary


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


def test_a_refused_workload_leaves_its_service_unjudged(desk: Desk) -> None:
    """One mistake is one mistake: the Service of a refused Deployment is not said to lead nowhere besides."""
    service = written("v1", "Service", "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80}]})
    changes, _ = shown(desk, desk.plan(deployment().replace("replicas: 1", "replicas: -1") + service))
    assert [each.warnings for each in changes.changes] == [(), ()]
    assert {str(each.action) for each in changes.changes} == {Action.REFUSED, Action.CREATED}


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


def test_a_plan_that_changes_nothing_asks_nothing(desk: Desk) -> None:
    """Everything is as it is: neither trying nor warning costs a request, whatever Services and budgets there are."""
    service = written("v1", "Service", "web", spec={"selector": {"app": "nobody"}, "ports": [{"port": 80}]})
    budget = written("policy/v1", "PodDisruptionBudget", "b", spec={
        "maxUnavailable": 0, "selector": {"matchLabels": {"app": "web"}}})  # fmt: skip
    text = deployment() + service + budget + config_map("settings", a="1")
    desk.deploy(text)
    cluster, audit = audited(desk.cluster)
    changes = dry_run(cluster, desk.plan(text))
    assert set(actions(changes).values()) == {"unchanged"}
    assert audit.asked == []
    assert changes.alarming == ()


def test_what_the_cluster_has_decides_about_services_and_budgets(desk: Desk) -> None:
    """Pods and budgets that are no part of my push count: what leads to them is no mistake, what keeps them is said."""
    pods = f"/api/v1/namespaces/{desk.namespace}/pods"
    kept, theirs = {"containers": [{"name": "a", "image": "a"}]}, {"name": "theirs", "labels": {"made-by": "operator"}}
    desk.cluster.request("POST", pods, {}, {
        "apiVersion": "v1", "kind": "Pod", "metadata": theirs, "spec": kept,
    })  # fmt: skip
    budgets = f"/apis/policy/v1/namespaces/{desk.namespace}/poddisruptionbudgets"
    spec = {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}
    desk.cluster.request("POST", budgets, {}, {
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "theirs"}, "spec": spec,
    })  # fmt: skip
    found = written("v1", "Service", "found", spec={"selector": {"made-by": "operator"}, "ports": [{"port": 80}]})
    lost = written("v1", "Service", "lost", spec={"selector": {"made-by": "nobody"}, "ports": [{"port": 80}]})
    changes = dry_run(desk.cluster, desk.plan(deployment() + found + lost))
    said = {each.ref.name: [str(warning.topic) for warning in each.warnings] for each in changes.changes}
    assert said == {"web": ["disruption"], "found": [], "lost": ["selects-nothing"]}


def test_who_may_not_see_pods_hears_no_guess(desk: Desk) -> None:
    """Under an account that may not list pods nothing is said of Services, and the plan goes on."""
    rules = [{"apiGroups": [""], "resources": ["services"], "verbs": ["*"]}]
    desk.deploy(
        written("v1", "ServiceAccount", "narrow")
        + written(f"{RBAC}/v1", "Role", "narrow", rules=rules)
        + written(
            f"{RBAC}/v1", "RoleBinding", "narrow",
            roleRef={"apiGroup": RBAC, "kind": "Role", "name": "narrow"},
            subjects=[{"kind": "ServiceAccount", "name": "narrow", "namespace": desk.namespace}],
        )
    )  # fmt: skip
    able = desk.allowing(prune=False)
    plan = able.plan(
        written("v1", "Service", "lost", spec={"selector": {"made-by": "nobody"}, "ports": [{"port": 80}]})
    )
    narrow = desk.cluster.speaking_as(f"{desk.namespace}/narrow")
    may = until(lambda: tried_as(narrow, plan), what="the account's rights")
    assert may.changes[0].warnings == ()
    assert dry_run(desk.cluster, plan).changes[0].warnings != ()


def tried_as(cluster: Cluster, plan: Plan) -> ChangeSet | None:
    """Try a plan under an account; nothing as long as the API server does not know its rights."""
    try:
        return dry_run(cluster, plan)
    except ClusterRefused:
        return None


def test_what_is_refused_while_the_plan_is_made_is_shown_beside_the_rest(desk: Desk) -> None:
    """Somebody else's object, another inventory's, and a prune that is too large: I see all objects, and why not."""
    desk.deploy("".join(config_map(name, a="1") for name in ("one", "two", "three", "four")))
    shown: list[ChangeSet] = []

    def made(text: str) -> dict[str, str]:
        manifests = desk.manifests(text)
        live = read_live(desk.cluster, desk.inventory(), manifests, desk.environment)
        with pytest.raises(DeploymentFailed) as refused:
            make_plan(manifests, live, rules_of(desk.environment), show=shown.append)
        whys = [each.why for each in shown[-1].changes if each.action is Action.REFUSED]
        assert whys
        assert all(refused.value.summary in why or why in refused.value.summary for why in whys[:1])
        return actions(shown[-1])

    helms = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "theirs"}, "data": {"a": "helm"}}
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/theirs"
    desk.write("helm", path, helms, APPLY)
    same = "".join(config_map(name, a="1") for name in ("one", "two", "three", "four"))
    assert made(same + config_map("theirs", a="2") + config_map("new"))  == {
        "one": "unchanged", "two": "unchanged", "three": "unchanged", "four": "unchanged", "new": "created",
        "theirs": "refused",
    }  # fmt: skip
    assert made(config_map("one", a="1")) == {
        "one": "unchanged", "two": "refused", "three": "refused", "four": "refused",
    }  # fmt: skip
    other = replace(desk, repository="local/other")
    other.deploy(config_map("shared", a="1"))
    assert made(same + config_map("shared", a="2"))["shared"] == "refused"
