"""Fields that an environment leaves alone once their object exists."""

from typing import Any

import pytest

from pushboat.config.ignoring import Ignored
from tests.cluster.comparing import read
from tests.cluster.desk import Desk, actions, config_map, deployment, notes
from tests.cluster.makers import bodies, kubectl
from tests.lines import audited

IMAGE = "spec.template.spec.containers[app].image"


def ignoring(desk: Desk, kind: str, *fields: str, name: str = "") -> Desk:
    return desk.allowing(ignore=(Ignored(kind=kind, name=name, fields=fields),))


@pytest.mark.proves("ignore-rules")
@pytest.mark.parametrize(
    ("text", "later", "rule", "theirs"),
    [
        (
            deployment(replicas=2),
            deployment(replicas=5),
            ("Deployment.apps", "spec.replicas"),
            {"spec": {"replicas": 7}},
        ),
        (
            deployment(image="nginx:1"),
            deployment(image="nginx:2"),
            ("Deployment", IMAGE),
            {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "nginx:9"}]}}}},
        ),
        (config_map("web", a="1"), config_map("web", a="2"), ("ConfigMap", "data.a"), {"data": {"a": "9"}}),
        (config_map("web", a="1"), config_map("web", a="2"), ("ConfigMap", "data"), {"data": {"a": "9", "b": "9"}}),
    ],
    ids=["replicas", "an image", "a key", "a mapping"],
)
@pytest.mark.parametrize("manager", ["kubectl-edit", "mesh-operator", "argocd-controller"])
def test_an_ignored_field_is_written_once_and_never_again(
    desk: Desk, text: str, later: str, rule: tuple[str, str], theirs: dict[str, Any], manager: str
) -> None:
    """The object comes with the field as git has it; from then on it is whatever anybody makes of it."""
    desk = ignoring(desk, *rule)
    body = bodies(text)[0]
    desk.deploy(text)
    assert actions(desk.deploy(later)) == {"web": "unchanged"}
    path = {"Deployment": "/apis/apps/v1", "ConfigMap": "/api/v1"}[body["kind"]]
    plural = body["kind"].lower() + "s"
    before = read(desk, body)
    desk.write(
        manager, f"{path}/namespaces/{desk.namespace}/{plural}/web", theirs, "application/strategic-merge-patch+json"
    )
    there = read(desk, body)
    assert there["metadata"]["resourceVersion"] != before["metadata"]["resourceVersion"]
    again = desk.deploy(later)
    assert actions(again) == {"web": "unchanged"}
    assert f"{rule[1]} is left alone" in notes(again.changes, "web")
    changed = later.replace("metadata:\n", "metadata:\n  labels: {more: 'yes'}\n", 1)
    assert actions(desk.deploy(changed)) == {"web": "configured"}
    after = read(desk, body)
    assert {key: after.get(key) for key in ("spec", "data")} == {key: there.get(key) for key in ("spec", "data")}


def test_a_rule_that_comes_later_lets_go_of_the_field(desk: Desk) -> None:
    """A field that was ours keeps its value when a rule lets go of it."""
    text = config_map("web", a="1", b="1")
    desk.deploy(text)
    desk = ignoring(desk, "ConfigMap", "data.a")
    desk.deploy(config_map("web", a="2", b="2"))
    assert read(desk, bodies(text)[0])["data"] == {"a": "1", "b": "2"}
    desk.deploy(config_map("web", b="3"))
    assert read(desk, bodies(text)[0])["data"] == {"a": "1", "b": "3"}


def test_an_ignored_field_that_somebody_removed_stays_away(desk: Desk) -> None:
    """What is left alone is not brought back either."""
    desk = ignoring(desk, "ConfigMap", "data.a")
    desk.deploy(config_map("web", a="1", b="1"))
    desk.write("kubectl-edit", f"/api/v1/namespaces/{desk.namespace}/configmaps/web", {"data": {"a": None}})
    assert actions(desk.deploy(config_map("web", a="1", b="1"))) == {"web": "unchanged"}
    desk.deploy(config_map("web", a="2", b="2"))
    assert read(desk, bodies(config_map("web"))[0])["data"] == {"b": "2"}


def test_a_new_item_comes_with_its_ignored_field(desk: Desk) -> None:
    """A container that is new has its image from git, though images are left alone from then on."""
    desk = ignoring(desk, "Deployment", "spec.template.spec.containers[*].image")
    desk.deploy(deployment())
    side = deployment(image="nginx:2").replace(
        "      containers:\n", "      containers:\n      - {name: side, image: s:1}\n"
    )
    assert side != deployment(image="nginx:2")
    desk.deploy(side)
    containers = read(desk, bodies(side)[0])["spec"]["template"]["spec"]["containers"]
    assert {each["name"]: each["image"] for each in containers} == {"side": "s:1", "app": "nginx:1"}


@pytest.mark.proves("ignore-rules")
def test_a_rule_is_about_its_objects_only(desk: Desk) -> None:
    """A rule with a name leaves other objects of the kind alone, and so does one about another kind."""
    desk = ignoring(desk, "ConfigMap", "data.a", name="other")
    desk.deploy(config_map("web", a="1") + config_map("other", a="1"))
    changes = desk.deploy(config_map("web", a="2") + config_map("other", a="2"))
    assert actions(changes) == {"web": "configured", "other": "unchanged"}


def test_what_is_taken_over_keeps_its_ignored_fields(desk: Desk) -> None:
    """An object that kubectl made keeps the ignored field when it becomes ours, and costs nothing afterwards."""
    kubectl(desk, bodies(config_map("web", a="9", dropped="1"))[0])
    desk = ignoring(desk, "ConfigMap", "data.a")
    desk.deploy(config_map("web", b="1"))
    assert read(desk, bodies(config_map("web"))[0])["data"] == {"a": "9", "b": "1"}
    cluster, audit = audited(desk.cluster)
    desk.cluster = cluster
    assert actions(desk.deploy(config_map("web", b="1"))) == {"web": "unchanged"}
    assert audit.writes == []
