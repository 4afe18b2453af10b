"""Who holds a field, read from server-side apply's own bookkeeping."""

import json
from typing import Any

import pytest

from workers.cluster.planning.managers import Decision, Holder, decide, dotted, locate, lost_fields, matches, without

PORT = 'k:{"containerPort":80,"protocol":"TCP"}'


def live(*entries: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    """Write an object's managedFields."""
    fields = [
        {
            "manager": manager,
            "operation": "Apply",
            "subresource": subresource,
            "fieldsType": "FieldsV1",
            "fieldsV1": owned,
        }
        for manager, subresource, owned in entries
    ]
    return {"metadata": {"name": "web", "managedFields": fields}}


BODY = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {}},
    "spec": {"replicas": 2, "containers": [{"name": "app", "args": ["a"], "ports": [{"containerPort": 80}]}]},
}
CONTAINER = {".": {}, "f:name": {}, "f:args": {}, "f:ports": {PORT: {".": {}, "f:containerPort": {}}}}
OURS = {"f:spec": {"f:replicas": {}, "f:containers": {'k:{"name":"app"}': CONTAINER}}}


def test_nothing_is_lost_while_everything_is_ours() -> None:
    """An object that nobody touched has not drifted, empty fields and defaulted keys included."""
    assert list(lost_fields(BODY, live(("pushboat", "", OURS)))) == []


def test_a_field_taken_by_another_is_found_with_its_holder() -> None:
    """A field that another manager wrote is named together with that manager."""
    ours = {"f:spec": {"f:containers": OURS["f:spec"]["f:containers"]}}
    scaled = ("kube-controller-manager", "scale", {"f:spec": {"f:replicas": {}}})
    found = list(lost_fields(BODY, live(("pushboat", "", ours), scaled)))
    assert found == [(("spec", "replicas"), (Holder("kube-controller-manager", "scale"),))]
    assert dotted(found[0][0]) == ".spec.replicas"


def test_a_removed_item_is_lost_to_nobody() -> None:
    """An item that somebody deleted from a list is missed, and nobody holds it."""
    ours = {"f:spec": {"f:replicas": {}, "f:containers": {'k:{"name":"other"}': {".": {}}}}}
    assert list(lost_fields(BODY, live(("pushboat", "", ours)))) == [(("spec", "containers", 0), ())]


@pytest.mark.parametrize(
    ("holder", "field", "decision"),
    [
        (Holder("kubectl-client-side-apply"), ".spec.replicas", Decision.TAKE),
        (Holder("kubectl", "scale"), ".spec.replicas", Decision.TAKE),
        (Holder("Mozilla"), ".data.x", Decision.TAKE),
        (Holder("kube-controller-manager", "scale"), ".spec.replicas", Decision.LEAVE),
        (Holder("keda"), ".spec.replicas", Decision.LEAVE),
        (Holder("cert-manager-cainjector"), '.webhooks[name="a"].clientConfig.caBundle', Decision.LEAVE),
        (Holder("kube-controller-manager"), ".spec.template", Decision.REFUSE),
        (Holder("helm"), ".spec.replicas", Decision.REFUSE),
        (Holder("kustomize-controller"), ".data.x", Decision.REFUSE),
    ],
)
def test_people_give_way_controllers_keep_theirs_tools_are_refused(
    holder: Holder, field: str, decision: Decision
) -> None:
    """Who keeps a field depends on who wrote it and which field it is."""
    assert decide(holder, field) is decision


def test_a_field_is_found_as_the_server_names_it() -> None:
    """The API server's spelling of a field leads to its place in the manifest."""
    body = {"webhooks": [{"name": "x"}, {"name": "a", "clientConfig": {"caBundle": "Y2E="}}]}
    path = locate(body, '.webhooks[name="a"].clientConfig.caBundle')
    assert path == ("webhooks", 1, "clientConfig", "caBundle")
    assert without(body, path) == {"webhooks": [{"name": "x"}, {"name": "a", "clientConfig": {}}]}
    assert body["webhooks"][1] == {"name": "a", "clientConfig": {"caBundle": "Y2E="}}
    assert locate(body, ".spec.replicas") is None


def test_set_members_and_keys_are_told_apart() -> None:
    """A list's key matches the item that has it, a set's member the value itself."""
    assert matches("v:" + json.dumps("finalizer"), "finalizer")
    assert matches(PORT, {"containerPort": 80})
    assert not matches(PORT, {"containerPort": 80, "protocol": "UDP"})
    assert not matches(".", {"containerPort": 80})
