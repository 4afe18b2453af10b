"""Who is behind a field manager, and whose a field is that we declared and do not hold any more."""

import json
from typing import Any

import pytest

from workers.cluster.fieldsets import matches
from workers.cluster.objects import Object
from workers.cluster.paths import find, locate, named, without
from workers.cluster.planning.conflicts import Before, Decision, decide, lost
from workers.cluster.planning.managers import Sort, writer
from workers.cluster.planning.owners import Owner, owners_of
from workers.cluster.planning.rules import Rules

PORT = 'k:{"containerPort":80,"protocol":"TCP"}'
BODY: Object = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {}},
    "spec": {"replicas": 2, "containers": [{"name": "app", "args": ["a"], "ports": [{"containerPort": 80}]}]},
}
CONTAINER = {".": {}, "f:name": {}, "f:args": {}, "f:ports": {PORT: {".": {}, "f:containerPort": {}}}}
OURS = {"f:spec": {"f:replicas": {}, "f:containers": {'k:{"name":"app"}': CONTAINER}}}


def entry(manager: str, subresource: str, fields: dict[str, Any], operation: str = "Update") -> dict[str, Any]:
    """Write one entry of managedFields."""
    return {
        "manager": manager,
        "operation": operation,
        "subresource": subresource,
        "apiVersion": "apps/v1",
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }


def owner(manager: str, subresource: str = "", fields: dict[str, Any] | None = None) -> Owner:
    """Let a manager hold the replicas of an object that is ours."""
    held = entry(manager, subresource, fields or {"f:spec": {"f:replicas": {}}})
    live = {"metadata": {"name": "web", "managedFields": [entry("pushboat", "", OURS, "Apply"), held]}}
    return owners_of(live, BODY, Rules(), ours=True)[1]


@pytest.mark.proves("pain-11")
def test_nothing_is_lost_while_everything_is_ours() -> None:
    """An object that nobody touched has not drifted, empty fields and defaulted keys included."""
    assert list(lost(BODY, [OURS])) == []


def test_a_field_taken_by_another_is_found() -> None:
    """A field that another manager wrote is found."""
    ours = {"f:spec": {"f:containers": OURS["f:spec"]["f:containers"]}}
    assert list(lost(BODY, [ours])) == [("spec", "replicas")]


def test_what_is_lost_is_named_as_finely_as_it_was_taken() -> None:
    """When the last field below a mapping is taken I am told of that field, not of the mapping."""
    assert list(lost({"data": {"a": "1", "b": "2"}}, [{"f:metadata": {}}], [{"f:data": {"f:a": {}}}])) == [
        ("data", "a"),
        ("data", "b"),
    ]


def test_a_field_owned_as_a_whole_is_lost_as_a_whole() -> None:
    """A mapping that the API server replaces as one is never taken apart."""
    atomic = {"spec": {"selector": {"matchLabels": {"a": "b"}}, "replicas": 1}}
    ours = [{"f:spec": {"f:replicas": {}}}]
    assert list(lost(atomic, ours, [{"f:spec": {"f:selector": {}}}])) == [("spec", "selector")]


def test_a_removed_item_is_lost_to_nobody() -> None:
    """An item that somebody deleted from a list is missed."""
    ours = {"f:spec": {"f:replicas": {}, "f:containers": {'k:{"name":"other"}': {".": {}}}}}
    assert list(lost(BODY, [ours])) == [("spec", "containers", 0)]


@pytest.mark.parametrize(
    ("manager", "sort", "word"),
    [
        ("pushboat", Sort.OURS, ""),
        ("kubectl-client-side-apply", Sort.PERSON, "kubectl"),
        ("before-first-apply", Sort.PERSON, "kubectl"),
        ("Mozilla", Sort.PERSON, "kubectl"),
        ("acme-console", Sort.PERSON, "kubectl"),
        ("helm", Sort.TOOL, "helm"),
        ("helm-controller", Sort.TOOL, "flux"),
        ("kustomize-controller", Sort.TOOL, "flux"),
        ("argocd-controller", Sort.TOOL, "argocd"),
        ("argocd-application-controller", Sort.TOOL, "argocd"),
        ("terraform-provider-kubernetes", Sort.TOOL, "any"),
        ("argo-rollouts", Sort.CONTROLLER, ""),
        ("helmet-operator", Sort.CONTROLLER, ""),
        ("kube-controller-manager", Sort.CONTROLLER, ""),
        ("pilot-discovery", Sort.CONTROLLER, ""),
    ],
)
def test_a_manager_is_recognised_by_its_name(manager: str, sort: Sort, word: str) -> None:
    """People's tools, deployers and controllers are told apart, those that the operator counts among people too."""
    assert writer(manager, ["acme-*"]).sort is sort
    assert writer(manager, ["acme-*"]).word == word


@pytest.mark.proves("conflict-policy")
@pytest.mark.parametrize(
    ("manager", "subresource", "before", "decision"),
    [
        ("pilot-discovery", "", Before.SAME, Decision.LEAVE),
        ("pilot-discovery", "", Before.CHANGED, Decision.TAKE),
        ("pilot-discovery", "", Before.UNKNOWN, Decision.TAKE),
        ("kube-controller-manager", "scale", Before.SAME, Decision.LEAVE),
        ("kube-controller-manager", "scale", Before.UNKNOWN, Decision.LEAVE),
        ("kube-controller-manager", "scale", Before.CHANGED, Decision.TAKE),
        ("kubectl-edit", "", Before.SAME, Decision.TAKE),
        ("kubectl", "scale", Before.SAME, Decision.TAKE),
        ("helm", "", Before.SAME, Decision.REFUSE),
        ("argocd-controller", "", Before.CHANGED, Decision.REFUSE),
    ],
)
def test_one_principle_decides_whose_a_field_is(
    manager: str, subresource: str, before: Before, decision: Decision
) -> None:
    """A controller keeps what this commit did not change, people's changes give way, other deployers are refused."""
    assert decide(("spec", "replicas"), [owner(manager, subresource)], before, Rules()).decision is decision


def test_a_tool_that_the_operator_names_gives_way() -> None:
    """What a tool holds that may be taken over from is taken."""
    taken = decide(("spec", "replicas"), [owner("helm")], Before.SAME, Rules(adopt=("helm",)))
    assert taken.decision is Decision.TAKE


def test_an_unknown_name_that_holds_most_of_an_object_deployed_it() -> None:
    """Whoever applied most of what git declares deploys it, whatever it is called; a field or two are not most."""
    applied = entry("ci-bot", "", OURS, "Apply")
    live = {"metadata": {"name": "web", "managedFields": [applied]}}
    found = owners_of(live, BODY, Rules(), ours=False)[0]
    assert (found.sort, found.word) == (Sort.TOOL, "any")
    assert owner("ci-bot").sort is Sort.CONTROLLER


def test_a_field_is_found_as_the_server_names_it() -> None:
    """The API server's spelling of a field leads to its place in the manifest."""
    body: Object = {"webhooks": [{"name": "x"}, {"name": "a", "clientConfig": {"caBundle": "Y2E="}}]}
    path = locate(body, '.webhooks[name="a"].clientConfig.caBundle')
    assert path == ("webhooks", 1, "clientConfig", "caBundle")
    assert without(body, path) == {"webhooks": [{"name": "x"}, {"name": "a", "clientConfig": {}}]}
    assert body["webhooks"][1] == {"name": "a", "clientConfig": {"caBundle": "Y2E="}}
    assert locate(body, ".spec.replicas") is None
    assert named(body, path) == "webhooks[a].clientConfig.caBundle"


def test_a_field_is_found_as_people_write_it() -> None:
    """Names in brackets are items of lists or keys with dots in them."""
    body: Object = {
        "metadata": {"annotations": {"a.b/c": "x"}},
        "spec": {"containers": [{"name": "app", "image": "i"}]},
    }
    assert list(find(body, "metadata.annotations[a.b/c]")) == [("metadata", "annotations", "a.b/c")]
    assert list(find(body, "spec.containers[app].image")) == [("spec", "containers", 0, "image")]
    assert list(find(body, "spec.containers[*].image")) == [("spec", "containers", 0, "image")]
    assert list(find(body, "spec.containers[other].image")) == []


def test_set_members_and_keys_are_told_apart() -> None:
    """A list's key matches the item that has it, a set's member the value itself."""
    assert matches("v:" + json.dumps("finalizer"), "finalizer")
    assert matches(PORT, {"containerPort": 80})
    assert not matches(PORT, {"containerPort": 80, "protocol": "UDP"})
    assert not matches(".", {"containerPort": 80})
