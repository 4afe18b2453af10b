"""What is not as it was brought is named with field, value, who and when; what is left alone is no drift."""

import json

import pytest

from pushboat.model.drift import Drift, Sort
from tests.cluster.desk import Desk, config_map, deployment, document
from tests.until import until
from workers.cluster.drifting import drift, unwell

SECRET = document(
    {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"}, "stringData": {"password": "swordfish"}}
)
ALL = deployment() + config_map("settings", colour="red") + SECRET


@pytest.fixture
def deployed(desk: Desk) -> Desk:
    """Something runs as git has it."""
    desk.deploy_and_wait(ALL)
    desk.prune(desk.plan(ALL))
    return desk


def found(desk: Desk, text: str = ALL) -> dict[str, Drift]:
    """Look for drift, by the object's name."""
    return {each.ref.name: each for each in drift(desk.cluster, desk.plan(text, prune_many=True))}


def edit(desk: Desk, path: str, body: dict[str, object], manager: str = "kubectl-edit") -> None:
    """Change something by hand."""
    desk.write(manager, path.replace("$NS", desk.namespace), body)


def test_nothing_has_drifted_right_after_a_deployment(deployed: Desk) -> None:
    """What the API server filled in and controllers wrote is no drift."""
    assert found(deployed) == {}


def test_what_is_not_healthy_is_named_though_nothing_has_drifted(deployed: Desk) -> None:
    """All is as it was brought, and an image that nobody can pull is no reason to call it well."""
    assert unwell(deployed.cluster, deployed.plan(ALL)) == ""
    both = ALL + deployment("sick", image="nginx:bad")
    deployed.apply(both)
    assert found(deployed, both) == {}
    said = f"Deployment/{deployed.namespace}/sick is Progressing: "
    assert unwell(deployed.cluster, deployed.plan(both)).startswith(said)


def test_an_edit_is_named_with_who_and_when(deployed: Desk) -> None:
    """Field, both values, the tool and the time."""
    edit(deployed, "/api/v1/namespaces/$NS/configmaps/settings", {"data": {"colour": "blue"}})
    (field,) = found(deployed)["settings"].fields
    assert (field.path, field.release, field.cluster, field.by) == ("data.colour", '"red"', '"blue"', "kubectl-edit")
    assert field.at.endswith("Z")
    said = f'data.colour is "blue" instead of "red", by kubectl-edit at {field.at}'
    assert str(found(deployed)["settings"]) == f"ConfigMap/{deployed.namespace}/settings: {said}"


def test_what_was_added_and_what_was_taken_away_are_drift(deployed: Desk) -> None:
    """A field that somebody added stands there with nothing in the release; what was removed has nobody's name."""
    edit(deployed, "/api/v1/namespaces/$NS/configmaps/settings", {"data": {"more": "1", "colour": None}})
    fields = {each.path: each for each in found(deployed)["settings"].fields}
    assert (fields["data.more"].release, fields["data.more"].by) == (None, "kubectl-edit")
    assert (fields["data.colour"].cluster, fields["data.colour"].by) == (None, "")


def test_a_deleted_object_and_one_too_many_are_drift(deployed: Desk) -> None:
    """Both are named; nothing is made or deleted by looking."""
    deployed.cluster.request("DELETE", f"/api/v1/namespaces/{deployed.namespace}/configmaps/settings")
    looked = found(deployed, deployment() + config_map("settings", colour="red"))
    assert {name: each.sort for name, each in looked.items()} == {"settings": Sort.DELETED, "key": Sort.ADDED}
    assert deployed.get("configmaps", "settings") is None
    assert deployed.get("secrets", "key") is not None


def test_secret_values_stay_inside(deployed: Desk) -> None:
    """That a Secret was changed shows, and neither value does."""
    edit(deployed, "/api/v1/namespaces/$NS/secrets/key", {"stringData": {"password": "herring"}})
    looked = found(deployed)["key"]
    assert looked.fields[0].path == "data.password"
    text = json.dumps([str(looked), *(str(each) for each in looked.fields), repr(looked)])
    for value in ("swordfish", "herring", "c3dvcmRmaXNo", "aGVycmluZw"):
        assert value not in text


def test_what_a_controller_sets_is_no_drift(deployed: Desk) -> None:
    """Replicas that an autoscaler counts are left to it by a deployment, so they have not drifted."""
    path = "/apis/apps/v1/namespaces/$NS/deployments/web"
    edit(deployed, path, {"spec": {"replicas": 2}}, manager="horizontal-pod-autoscaler")
    until(lambda: (deployed.get("deployments", "web", "/apis/apps/v1") or {})["spec"]["replicas"] == 2, what="two")
    assert found(deployed) == {}
    edit(deployed, path, {"spec": {"replicas": 5}}, manager="kubectl-scale")
    (field,) = found(deployed)["web"].fields
    assert (field.path, field.cluster, field.release) == ("spec.replicas", "5", "1")
