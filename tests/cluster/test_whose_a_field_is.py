"""Somebody else wrote into our objects: what a controller keeps, what we take over, what is put back and refused."""

from dataclasses import dataclass
from typing import Any

import pytest

from pushboat.errors import ApplyRejected
from tests.cluster.comparing import read
from tests.cluster.desk import Desk, actions, config_map, deployment, document, notes
from tests.cluster.makers import apply, bodies
from workers.cluster.client.connection import APPLY
from workers.cluster.objects import APPLIED
from workers.cluster.paths import find, value_at
from workers.cluster.records import RECORD

Body = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One field of one object: where it is, what git says first and then, and what somebody else writes."""

    object: Body
    where: str
    git: Any
    theirs: Any
    later: Any

    def text(self, value: Any) -> str:
        body = bodies(document(self.object))[0]
        node: Any = body
        *above, last = next(find(body, self.where))
        for step in above:
            node = node[step]
        node[last] = value
        return document(body)


def webhooks(kind: str, name: str, **more: Any) -> Body:
    hook = {
        "name": "check.mesh.example.com",
        "clientConfig": {"service": {"name": "mesh", "namespace": "default", "path": "/v"}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "rules": [{"apiGroups": ["m.example"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["m"]}],
        **more,
    }
    group = "admissionregistration.k8s.io/v1"
    return {"apiVersion": group, "kind": f"{kind}WebhookConfiguration", "metadata": {"name": name}, "webhooks": [hook]}


SERVICE: Body = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "annotations": {"lb.example.com/pool": "a"}},
    "spec": {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}]},
}
FIELDS = {
    "a webhook's failure policy": Field(
        webhooks("Validating", "pushboat-whose-a-field-is", failurePolicy="Ignore"),
        "webhooks[check.mesh.example.com].failurePolicy", "Ignore", "Fail", "Ignore",
    ),
    "a webhook's timeout": Field(
        webhooks("Mutating", "pushboat-whose-a-field-is", timeoutSeconds=5),
        "webhooks[check.mesh.example.com].timeoutSeconds", 5, 20, 7,
    ),
    "an annotation": Field(SERVICE, "metadata.annotations[lb.example.com/pool]", "a", "b", "c"),
    "a port": Field(SERVICE, "spec.ports[http].targetPort", 8080, 9090, 7070),
    "a container's image": Field(
        bodies(deployment())[0], "spec.template.spec.containers[app].image", "nginx:1", "nginx:2", "nginx:3"
    ),
    "a secret's value": Field(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"}, "data": {"token": "b25lb25l"}},
        "data.token", "b25lb25l", "dHdvdHdv", "dGhyZWU=",
    ),
    "a selector that takes everything": Field(
        {
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "web"},
            "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
        },
        "spec.podSelector", {}, {"matchLabels": {"app": "web"}}, {"matchLabels": {"app": "db"}},
    ),
    "a label": Field(
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web", "labels": {"tier": "a"}}},
        "metadata.labels.tier", "a", "b", "c",
    ),
}  # fmt: skip


def write(desk: Desk, field: Field, manager: str) -> None:
    """Let somebody replace the field's value."""
    live = read(desk, field.object)
    path = next(find(live, field.where))
    group, _, version = field.object["apiVersion"].rpartition("/")
    kind = desk.cluster.kinds.find(group, version, field.object["kind"])
    assert kind is not None
    merged: Any = field.theirs
    for depth in range(len(path) - 1, -1, -1):
        if isinstance(path[depth], int):
            items = list(value_at(live, path[:depth]))
            items[path[depth]] = _over(items[path[depth]], merged)
            merged = items
        else:
            merged = {path[depth]: merged}
    space = desk.namespace if kind.namespaced else ""
    desk.write(manager, kind.path(space, live["metadata"]["name"]), merged)


def _over(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _over(old.get(key), value) for key, value in new.items()}}
    return new


def value(desk: Desk, field: Field) -> Any:
    live = read(desk, field.object)
    return value_at(live, next(find(live, field.where)))


@pytest.fixture
def able(desk: Desk) -> Any:
    """An environment that may write webhooks, which leave with the test."""
    kinds = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
    yield desk.allowing(cluster_scoped=kinds)
    for plural in ("validatingwebhookconfigurations", "mutatingwebhookconfigurations"):
        path = f"/apis/admissionregistration.k8s.io/v1/{plural}/pushboat-whose-a-field-is"
        if desk.cluster.find(path):
            desk.cluster.request("DELETE", path)


@pytest.mark.parametrize("name", FIELDS)
def test_a_controller_keeps_what_no_commit_changed_and_gives_way_to_one_that_does(able: Desk, name: str) -> None:
    """What a controller sets stays as long as git says what it said; a commit that changes it takes it over."""
    field = FIELDS[name]
    able.deploy(field.text(field.git))
    write(able, field, "mesh-operator")
    left = able.deploy(field.text(field.git))
    assert set(actions(left).values()) == {"unchanged"}
    assert f"{field.where} is left to mesh-operator" in notes(left.changes, field.object["metadata"]["name"])
    elsewhere = field.text(field.git).replace("metadata:\n", "metadata:\n  finalizers: []\n", 1)
    assert set(actions(able.deploy(elsewhere)).values()) == {"configured"}
    assert value(able, field) == field.theirs, "another change of the same object takes nothing"
    changed = able.deploy(field.text(field.later))
    assert set(actions(changed).values()) == {"configured"}
    if field.later != field.git:
        name = field.object["metadata"]["name"]
        assert f"{field.where} taken over from mesh-operator" in notes(changed.changes, name)
        assert value(able, field) == field.later
    assert set(actions(able.deploy(field.text(field.later))).values()) == {"unchanged"}


@pytest.mark.parametrize("manager", ["kubectl-edit", "k9s", "acme-console"])
@pytest.mark.parametrize("name", FIELDS)
def test_what_people_change_is_put_back(able: Desk, name: str, manager: str) -> None:
    """A change by hand is undone by the next deployment, which names field and tool."""
    field = FIELDS[name]
    able = able.allowing(people=("acme-*",))
    able.deploy(field.text(field.git))
    write(able, field, manager)
    back = able.deploy(field.text(field.git))
    assert set(actions(back).values()) == {"configured"}
    assert f"{field.where} taken over from {manager}" in notes(back.changes, field.object["metadata"]["name"])
    assert value(able, field) == field.git
    assert set(actions(able.deploy(field.text(field.git))).values()) == {"unchanged"}


@pytest.mark.parametrize("name", FIELDS)
def test_another_deployers_field_is_refused_with_both_values(able: Desk, name: str) -> None:
    """I am told whose the field is, both values and both ways out; a secret's value is not said."""
    field = FIELDS[name]
    able.deploy(field.text(field.git))
    write(able, field, "argocd-controller")
    with pytest.raises(ApplyRejected) as refused:
        able.deploy(field.text(field.git))
    said = refused.value.summary
    assert said.startswith("remove the field from git, or add `adopt: [kubectl, argocd]` to environment staging")
    secret = field.object["kind"] == "Secret"
    theirs, git = ("***", "***") if secret else (field.theirs, field.git)
    assert f"{field.where} belongs to argocd-controller ({theirs} there, {git} in git)" in said
    taken = able.allowing(adopt=("argocd",))
    assert set(actions(taken.deploy(field.text(field.git))).values()) == {"configured"}
    assert value(able, field) == field.git


def pod(**spec: Any) -> Body:
    return {"spec": {"template": {"spec": spec}}}


ADDITIONS: dict[str, Body] = {
    "kubectl set env": pod(containers=[{"name": "app", "env": [{"name": "A", "value": "1"}]}]),
    "a sidecar": pod(containers=[{"name": "side", "image": "side:1"}]),
    "a pause": {"spec": {"paused": True}},
    "a label": {"metadata": {"labels": {"added": "yes"}}},
    "an annotation": {"metadata": {"annotations": {"kubernetes.io/change-cause": "me"}}},
    "a volume": pod(volumes=[{"name": "v", "emptyDir": {}}]),
}
STRATEGIC = "application/strategic-merge-patch+json"


@pytest.mark.parametrize("addition", ADDITIONS)
def test_what_people_add_goes_again(desk: Desk, addition: str) -> None:
    """What somebody added to my Deployment by hand is gone after the next deployment, which says what it was."""
    desk.deploy(deployment())
    path = f"/apis/apps/v1/namespaces/{desk.namespace}/deployments/web"
    before = read(desk, bodies(deployment())[0])
    desk.write("kubectl-set", path, ADDITIONS[addition], STRATEGIC)
    back = desk.deploy(deployment())
    assert actions(back) == {"web": "configured"}
    assert "removed: kubectl-set added it" in notes(back.changes, "web")
    after = read(desk, bodies(deployment())[0])
    assert after["spec"] == before["spec"]
    assert after["metadata"]["labels"] == before["metadata"]["labels"]
    assert actions(desk.deploy(deployment())) == {"web": "unchanged"}


def test_a_restart_by_hand_is_left_and_named(desk: Desk) -> None:
    """`kubectl rollout restart` is no change of what runs: taking it back would restart the pods once more."""
    one, two = (deployment(image=image).replace("      annotations: {}\n", "") for image in ("nginx:1", "nginx:2"))
    assert "annotations" not in one
    desk.deploy(one)
    path = f"/apis/apps/v1/namespaces/{desk.namespace}/deployments/web"
    mark = {"kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z"}
    desk.write("kubectl-rollout", path, {"spec": {"template": {"metadata": {"annotations": mark}}}})
    where = "spec.template.metadata.annotations[kubectl.kubernetes.io/restartedAt] is left to kubectl-rollout"
    for text, action in ((one, "unchanged"), (two, "configured"), (two, "unchanged")):
        changes = desk.deploy(text)
        assert actions(changes) == {"web": action}
        assert where in notes(changes.changes, "web")
        template = read(desk, bodies(text)[0])["spec"]["template"]
        assert template["metadata"]["annotations"] == mark


def test_finalizers_are_never_taken_away(desk: Desk) -> None:
    """A finalizer that somebody added holds something: it stays, and is named."""
    desk.deploy(config_map("settings", a="1"))
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings"
    desk.write("kubectl-edit", path, {"metadata": {"finalizers": ["example.com/hold"]}, "data": {"added": "1"}})
    changes = desk.deploy(config_map("settings", a="1"))
    assert "metadata.finalizers is left to kubectl-edit" in notes(changes.changes, "settings")
    live = read(desk, bodies(config_map("settings"))[0])
    assert live["metadata"]["finalizers"] == ["example.com/hold"]
    assert live["data"] == {"a": "1"}
    desk.write("kubectl-edit", path, {"metadata": {"finalizers": None}})


def test_what_an_earlier_version_applied_stays_untouched(desk: Desk) -> None:
    """After an upgrade, an object without a record is unchanged as long as its manifest is."""
    desk.deploy(deployment())
    path = f"/apis/apps/v1/namespaces/{desk.namespace}/deployments/web"
    desk.write("pushboat-fence", path, {"metadata": {"annotations": {RECORD: None}}})
    assert actions(desk.deploy(deployment())) == {"web": "unchanged"}
    scale = f"{path}/scale"
    desk.write("kube-controller-manager", scale, {"spec": {"replicas": 5}})
    changes = desk.deploy(deployment(image="nginx:2"))
    assert "spec.replicas is left to kube-controller-manager (scale)" in notes(changes.changes, "web")
    live = read(desk, bodies(deployment())[0])
    assert live["spec"]["replicas"] == 5
    assert live["metadata"]["annotations"].keys() >= {RECORD, APPLIED}


def test_without_a_record_gits_value_wins_once(desk: Desk) -> None:
    """A controller's field of an object that an earlier version applied is taken once, and left from then on."""
    body = bodies(config_map("settings", a="1"))[0]
    desk.deploy(config_map("settings", a="1"))
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings"
    desk.write("mesh-operator", path, {"data": {"a": "2"}, "metadata": {"annotations": {RECORD: None}}})
    taken = desk.deploy(config_map("settings", a="1"))
    assert "data.a taken over from mesh-operator" in notes(taken.changes, "settings")
    assert read(desk, body)["data"] == {"a": "1"}
    desk.write("mesh-operator", path, {"data": {"a": "2"}})
    assert "data.a is left to mesh-operator" in notes(desk.deploy(config_map("settings", a="1")).changes, "settings")


def test_a_deployer_beside_us_is_not_fought(desk: Desk) -> None:
    """A tool that applies the same as we do is no reason for red, until one of us wants something else."""
    desk.deploy(config_map("settings", a="1"))
    apply("argocd-controller")(desk, bodies(config_map("settings", a="1"))[0])
    assert actions(desk.deploy(config_map("settings", a="1"))) == {"settings": "unchanged"}
    with pytest.raises(ApplyRejected, match=r"data\.a belongs to argocd-controller \(1 there, 2 in git\)"):
        desk.deploy(config_map("settings", a="2"))


def test_what_leaves_git_and_somebody_else_holds_is_named(desk: Desk) -> None:
    """A field that a controller applies as well stays when it leaves git; I am told whose it is."""
    body = bodies(config_map("settings", a="1", b="1"))[0]
    desk.deploy(config_map("settings", a="1", b="1"))
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings"
    shared = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"b": "1"}}
    desk.write("mesh-operator", path, shared, APPLY)
    changes = desk.deploy(config_map("settings", a="1"))
    assert "data.b stays: mesh-operator holds it too" in notes(changes.changes, "settings")
    assert [each.field for each in changes.changes[0].left] == ["data.b"]
    assert read(desk, body)["data"] == {"a": "1", "b": "1"}


def test_every_object_is_judged_before_the_first_is_written(desk: Desk) -> None:
    """A field that another deployer applies too stops the push before anything of it is written."""
    desk.deploy(config_map("settings", a="1"))
    apply("argocd-controller")(desk, bodies(config_map("settings", a="1"))[0])
    with pytest.raises(ApplyRejected, match=r"data\.a belongs to argocd-controller \(1 there, 2 in git\)"):
        desk.apply(config_map("first", a="1") + config_map("settings", a="2"))
    assert desk.get("configmaps", "first") is None
