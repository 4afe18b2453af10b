"""A plan does not try an object against yesterday's cluster: what the same push brings is taken for there."""

from typing import Any
from uuid import uuid4

import pytest

from pushboat.errors import PushboatError
from tests.cluster.desk import Desk, document, notes
from workers.cluster.planning.words import Plan
from workers.cluster.writing.dry_running import dry_run

RBAC = "rbac.authorization.k8s.io"
KINDS = ("PriorityClass", "RuntimeClass", "ClusterRole", "ClusterRoleBinding")


def written(api_version: str, kind: str, name: str, **rest: Any) -> str:
    return document({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **rest})


def pod(**spec: Any) -> str:
    containers = [{"name": "app", "image": "x", "resources": {"limits": {"cpu": "1"}}}]
    return written("v1", "Pod", "one", spec={"containers": containers, **spec})


@pytest.fixture
def unique() -> str:
    return f"x{uuid4().hex[:8]}"


def pushed(desk: Desk, text: str) -> Plan:
    return desk.allowing(cluster_scoped=KINDS).plan(text)


def account(name: str) -> tuple[str, str]:
    return written("v1", "ServiceAccount", name), pod(serviceAccountName=name)


def deprecated_account(name: str) -> tuple[str, str]:
    return written("v1", "ServiceAccount", name), pod(serviceAccount=name)


def priority(name: str) -> tuple[str, str]:
    return written("scheduling.k8s.io/v1", "PriorityClass", name, value=5), pod(priorityClassName=name)


def runtime(name: str) -> tuple[str, str]:
    return written("node.k8s.io/v1", "RuntimeClass", name, handler="kata"), pod(runtimeClassName=name)


@pytest.mark.proves("plan", "pain-9")
@pytest.mark.proves("plan-with-a-new-field", among=("ServiceAccount", "PriorityClass", "RuntimeClass"))
@pytest.mark.parametrize("brings", [account, deprecated_account, priority, runtime])
def test_what_a_pod_needs_may_come_with_it(desk: Desk, unique: str, brings: Any) -> None:
    """My pull request adds a pod and what it refers to: the plan is green, and says what it could not try."""
    needed, needing = brings(unique)
    changes = dry_run(desk.cluster, pushed(desk, needed + needing)).changes
    assert "not tried" in notes(changes, "one")
    assert unique in notes(changes, "one")


@pytest.mark.parametrize("brings", [priority, runtime])
def test_what_nobody_brings_is_red(desk: Desk, unique: str, brings: Any) -> None:
    """What a pod refers to and nobody brings is missed by the plan."""
    with pytest.raises(PushboatError, match=unique):
        dry_run(desk.cluster, pushed(desk, brings(unique)[1]))


@pytest.mark.proves("plan-with-a-new-field", among=("Role",))
def test_a_role_may_come_with_its_binding(desk: Desk, unique: str) -> None:
    """So may a role and its binding, which who is no administrator cannot try alone."""
    role = written(f"{RBAC}/v1", "Role", unique, rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}])
    subjects = [{"kind": "User", "name": "a", "apiGroup": RBAC}]
    binding = written(
        f"{RBAC}/v1",
        "RoleBinding",
        "one",
        roleRef={"apiGroup": RBAC, "kind": "Role", "name": unique},
        subjects=subjects,
    )
    changes = dry_run(desk.cluster, pushed(desk, role + binding)).changes
    assert "not tried" in notes(changes, "one")


@pytest.mark.proves("plan-with-a-new-field", among=("ResourceQuota",))
def test_a_quota_that_grows_in_the_same_push_is_not_held_against_it(desk: Desk, unique: str) -> None:
    """I raise a quota and use what it gives in one pull request: the plan does not count by the old one."""
    small = written("v1", "ResourceQuota", unique, spec={"hard": {"pods": "0"}})
    desk.deploy(small)
    with pytest.raises(PushboatError, match="exceeded quota"):
        dry_run(desk.cluster, pushed(desk, small + pod()))
    changes = dry_run(desk.cluster, pushed(desk, small.replace("pods: '0'", "pods: '5'") + pod())).changes
    assert "not tried" in notes(changes, "one")


def test_what_needs_nothing_of_the_push_is_tried(desk: Desk, unique: str) -> None:
    """What refers to something that is there already is tried as ever."""
    desk.deploy(written("v1", "ServiceAccount", unique))
    changes = dry_run(desk.cluster, pushed(desk, "".join(account(unique)))).changes
    assert "not tried" not in notes(changes, "one")
