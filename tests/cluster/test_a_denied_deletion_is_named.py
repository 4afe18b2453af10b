"""Whoever denies a deletion is named, whatever the object and the way; once it is allowed, the next one deletes it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pushboat.errors import PushboatError
from tests.cluster.desk import Desk, actions, config_map
from tests.cluster.test_what_stays_is_named import HELD, KEPT
from tests.until import until
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import ApiRefused

POLICIES = "/apis/admissionregistration.k8s.io/v1"
RBAC = "/apis/rbac.authorization.k8s.io/v1"


@pytest.fixture
def policy(desk: Desk, door: Cluster) -> Iterator[None]:
    """A policy of the cluster under which nothing that is called `gone` may be deleted in this namespace."""
    name = f"keep-{desk.namespace}"
    selector = {"matchLabels": {"kubernetes.io/metadata.name": desk.namespace}}
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["DELETE"], "resources": list(HELD)}]
    spec = {
        "matchConstraints": {"namespaceSelector": selector, "resourceRules": rules},
        "validations": [{"expression": "oldObject.metadata.name != 'gone'", "message": "the security team keeps it"}],
    }
    made = {
        "validatingadmissionpolicies": {"kind": "ValidatingAdmissionPolicy", "spec": spec},
        "validatingadmissionpolicybindings": {
            "kind": "ValidatingAdmissionPolicyBinding",
            "spec": {"policyName": name, "validationActions": ["Deny"]},
        },
    }
    for plural, body in made.items():
        whole = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": name}, **body}
        door.request("POST", f"{POLICIES}/{plural}", body=whole)
    yield
    for plural in made:
        if door.find(f"{POLICIES}/{plural}/{name}"):
            door.request("DELETE", f"{POLICIES}/{plural}/{name}")


def denied(desk: Desk, plural: str) -> bool:
    """Try the deletion without doing it."""
    path = f"/api/v1/namespaces/{desk.namespace}/{plural}/gone"
    try:
        desk.cluster.request("DELETE", path, {"dryRun": "All"})
    except ApiRefused:
        return True
    return False


@pytest.mark.proves("survivors")
@pytest.mark.proves("prune-denied", among=("Secret", "Service", "ServiceAccount"))
@pytest.mark.usefixtures("policy")
def test_a_policy_that_denies_is_named(desk: Desk, door: Cluster) -> None:
    """A ConfigMap, a Secret, a Service and a ServiceAccount: all four stay, with the policy's own words."""
    desk.deploy(KEPT + "".join(HELD.values()))
    for plural in HELD:
        until(lambda plural=plural: denied(desk, plural), what="the policy to be in force")
    deleted, stay = desk.prune(desk.plan(KEPT, prune_many=True))
    assert deleted == ()
    assert {each.ref.kind for each in stay} == {"ConfigMap", "Secret", "Service", "ServiceAccount"}
    assert all("the security team keeps it" in each.notes[0] for each in stay)
    assert desk.inventory().kinds == {"ConfigMap", "Secret", "Service", "ServiceAccount"}
    door.request("DELETE", f"{POLICIES}/validatingadmissionpolicybindings/keep-{desk.namespace}")
    until(lambda: not denied(desk, "configmaps"), what="the policy to be gone")
    again = desk.prune(desk.plan(KEPT, prune_many=True))
    assert {each.ref.kind for each in again[0]} | {each.ref.kind for each in again[1]} == {
        each.ref.kind for each in stay
    }
    assert again[0], "what is allowed again is deleted"


@pytest.mark.proves("survivors")
@pytest.mark.proves("prune-denied", among=("RBAC instead of a policy",))
def test_an_account_that_may_not_delete_is_named(desk: Desk, door: Cluster) -> None:
    """RBAC lets the environment's account write and not delete: what to grant is said, and the push stays green."""
    account = f"{desk.namespace}/deployer"
    namespace = f"/namespaces/{desk.namespace}"
    verbs = ["get", "list", "create", "patch"]
    role: dict[str, Any] = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "deployer"},
        "rules": [{"apiGroups": [""], "resources": ["configmaps", "secrets"], "verbs": verbs}],
    }
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "deployer"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer"},
        "subjects": [{"kind": "ServiceAccount", "name": "deployer", "namespace": desk.namespace}],
    }
    door.request("POST", f"{RBAC}{namespace}/roles", body=role)
    door.request("POST", f"{RBAC}{namespace}/rolebindings", body=binding)
    limited = replace(desk, cluster=door.speaking_as(account))
    until(lambda: can_write(limited), what="the role to be in force")
    limited.deploy(KEPT + config_map("gone"))
    deleted, (stays,) = limited.prune(limited.plan(KEPT))
    assert deleted == ()
    assert "may not delete configmaps" in stays.notes[0]
    assert actions(desk.deploy(KEPT))["gone"] == "deleted"


def can_write(desk: Desk) -> bool:
    """Say whether the account may do what it was granted by now."""
    try:
        desk.deploy(KEPT)
    except PushboatError:  # not yet
        return False
    return True
