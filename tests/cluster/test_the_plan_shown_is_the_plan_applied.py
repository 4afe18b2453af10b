"""What a plan shows is what its deployment does; where the cluster moved in between, just what moved is named."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from pushboat.errors import PruneFailed
from pushboat.model.changeset import Action, Change
from pushboat.model.manifest import Ref
from tests.cluster.desk import Desk, config_map, deployment, document
from workers.cluster.planning.intending import differing
from workers.cluster.writing.dry_running import dry_run

REF = Ref("", "ConfigMap", "shop", "a")
FIRST = deployment() + config_map("settings", colour="red") + config_map("old", a="1")
SECOND = deployment(image="nginx:2") + config_map("settings", colour="blue") + config_map("new", a="1")


def moved(desk: Desk, text: str, meanwhile: Callable[[], Any]) -> list[str]:
    """Plan, let something happen, and name what a deployment finds otherwise."""
    shown = dry_run(desk.cluster, desk.plan(text))
    meanwhile()
    return [ref.name for ref in differing(shown.changes, desk.plan(text).changeset.changes)]


def path(desk: Desk, what: str, name: str, api: str = "/api/v1") -> str:
    return f"{api}/namespaces/{desk.namespace}/{what}/{name}"


def test_nothing_is_said_where_nothing_moved(desk: Desk) -> None:
    """Created, configured, unchanged and deleted: the deployment does what was shown, and no word more is lost."""
    desk.deploy(FIRST)
    assert moved(desk, SECOND, lambda: None) == []


def test_an_edit_to_what_would_change_is_named(desk: Desk) -> None:
    """Somebody writes the same field by hand between plan and merge: old value and new are not those that I saw."""
    desk.deploy(FIRST)
    body = {"data": {"colour": "green"}}
    assert moved(desk, SECOND, lambda: desk.write("kubectl-edit", path(desk, "configmaps", "settings"), body)) == [
        "settings"
    ]


def test_drift_of_what_would_stay_is_named(desk: Desk) -> None:
    """The plan said unchanged, and the deployment will put something back."""
    desk.deploy(FIRST)
    body = {"data": {"colour": "green"}}
    same = FIRST.replace("nginx:1", "nginx:2")
    assert moved(desk, same, lambda: desk.write("kubectl-edit", path(desk, "configmaps", "settings"), body)) == [
        "settings"
    ]


def test_what_came_and_went_is_named(desk: Desk) -> None:
    """Somebody deletes what would change, and makes what would be created."""
    desk.deploy(FIRST)
    made = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "new"}, "data": {"a": "0"}}

    def meanwhile() -> None:
        desk.cluster.request("DELETE", path(desk, "configmaps", "settings"))
        desk.cluster.request(
            "POST", f"/api/v1/namespaces/{desk.namespace}/configmaps", {"fieldManager": "kubectl-create"}, made
        )

    assert sorted(moved(desk, SECOND, meanwhile)) == ["new", "settings"]


def test_what_others_write_beside_ours_is_no_movement(desk: Desk) -> None:
    """Status, a controller's annotation and a foreign label: none of these changes what the deployment does."""
    desk.deploy(FIRST)

    def meanwhile() -> None:
        desk.write(
            "some-controller",
            path(desk, "configmaps", "settings"),
            {"metadata": {"annotations": {"a.example.com/b": "c"}}},
        )
        desk.write(
            "some-controller", path(desk, "deployments", "web", "/apis/apps/v1"), {"metadata": {"labels": {"x": "y"}}}
        )

    assert moved(desk, SECOND, meanwhile) == []


def test_an_earlier_plan_without_intents_is_compared_by_its_actions() -> None:
    """A plan of the version before says what it would do to each object, and nothing finer."""
    from_before = Change(ref=REF, action=Action.CONFIGURED)
    assert differing([from_before], [Change(ref=REF, action=Action.CONFIGURED, intent="abc")]) == ()
    assert differing([from_before], [Change(ref=REF, action=Action.CREATED, intent="abc")]) == (REF,)
    assert differing([Change(ref=REF, action=Action.UNCHANGED)], []) == ()


def test_another_machines_key_makes_no_movement() -> None:
    """Two workers with keys of their own cannot compare secrets, and do not cry wolf."""
    one, other, third = (
        Change(ref=REF, action=Action.CONFIGURED, intent=each) for each in ("aaaa.1", "bbbb.2", "aaaa.3")
    )
    assert differing([one], [other]) == ()
    assert differing([one], [third]) == (REF,)


KINDS = ("ConfigMap", "Service", "Deployment", "CronJob")


def some(dice: random.Random) -> str:
    """Write a few objects of few names, so that two sets have some in common."""
    return "".join(one(dice, dice.choice(KINDS), name) for name in ("a", "b", "c", "d") if dice.random() < 0.7)


def one(dice: random.Random, kind: str, name: str) -> str:
    pods = {"containers": [{"name": "app", "image": f"nginx:{dice.randint(1, 2)}"}]}
    template = {"metadata": {"labels": {"app": name}}, "spec": pods}
    bodies: dict[str, dict[str, Any]] = {
        "ConfigMap": {"apiVersion": "v1", "data": {key: str(dice.randint(1, 2)) for key in dice.sample("xyz", 2)}},
        "Service": {
            "apiVersion": "v1",
            "spec": {"selector": {"app": name}, "ports": [{"port": dice.choice([80, 81]), "name": "http"}]},
        },
        "Deployment": {
            "apiVersion": "apps/v1",
            "spec": {
                "replicas": dice.randint(0, 2), "selector": {"matchLabels": {"app": name}}, "template": template,
                "strategy": {"type": dice.choice(["Recreate", "RollingUpdate"])},
            },
        },
        "CronJob": {
            "apiVersion": "batch/v1",
            "spec": {
                "schedule": f"0 {dice.randint(1, 3)} * * *",
                "jobTemplate": {"spec": {"template": {"spec": {**pods, "restartPolicy": "Never"}}}},
            },
        },
    }  # fmt: skip
    return document({**bodies[kind], "kind": kind, "metadata": {"name": name}})


@pytest.mark.parametrize("seed", range(4))
def test_whatever_changes_the_deployment_does_what_its_plan_said(desk: Desk, seed: int) -> None:
    """Action, fields and diff of each object are in the deployment as the plan had them, and then nothing is left."""
    dice = random.Random(seed)
    for _ in range(3):
        text = some(dice) or config_map("a")
        try:
            plan = desk.plan(text)
        except PruneFailed:  # more than half would go
            plan = desk.plan(text, prune_many=True)
        shown = {each.ref: each for each in dry_run(desk.cluster, plan).changes}
        done = desk.apply_plan(plan)
        deleted, stayed = desk.prune(plan)
        assert stayed == ()
        for change in (*done.changes, *deleted):
            said = shown.pop(change.ref)
            assert (said.action, said.fields, said.left) == (change.action, change.fields, change.left), change.ref
            assert said.diff == change.diff
        assert shown == {}
        again = desk.plan(text)
        assert {str(each.action) for each in dry_run(desk.cluster, again).changes} <= {"unchanged"}
