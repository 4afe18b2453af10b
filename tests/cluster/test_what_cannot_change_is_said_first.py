"""A field that cannot change is found before the first write, for every kind of the table, and no other is."""

from typing import Any

import pytest

from pushboat.errors import ApplyRejected
from tests.cluster.audit import audited
from tests.cluster.desk import Desk, config_map, deployment, document
from tests.planning.prospecting import warnings
from workers.cluster.writing.proving import refuse_fixed

SCOPED = ("StorageClass", "PriorityClass", "RuntimeClass", "IngressClass", "ClusterRole", "ClusterRoleBinding")
RBAC = "rbac.authorization.k8s.io"
POD = {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a:1"}]}
LABELLED = {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}
SELECTOR = {"matchLabels": {"app": "a"}}


def written(api: str, kind: str, **rest: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "fixed"}, **rest}


def changed(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Copy a body with one field changed."""
    key, _, rest = path.partition(".")
    return {**body, key: changed(body.get(key) or {}, rest, value) if rest else value}


CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": "a"}
STATEFUL = {"selector": SELECTOR, "serviceName": "a", "template": LABELLED, "podManagementPolicy": "Parallel"}
JOB = written("batch/v1", "Job", spec={"template": {"spec": POD}, "completionMode": "NonIndexed"})
BINDING = written(f"{RBAC}/v1", "RoleBinding", roleRef={"apiGroup": RBAC, "kind": "ClusterRole", "name": "view"})
INGRESS_CLASS = written("networking.k8s.io/v1", "IngressClass", spec={"controller": "a.example.com/a"})
CASES: tuple[tuple[dict[str, Any], str, Any], ...] = (
    (JOB, "spec.template.spec.containers", [{"name": "a", "image": "a:2"}]),
    (JOB, "spec.completionMode", "Indexed"),
    (written("apps/v1", "StatefulSet", spec=STATEFUL), "spec.serviceName", "b"),
    (written("apps/v1", "StatefulSet", spec=STATEFUL), "spec.podManagementPolicy", "OrderedReady"),
    (written("v1", "PersistentVolumeClaim", spec=CLAIM), "spec.storageClassName", "b"),
    (written("v1", "Secret", type="Opaque"), "type", "example.com/other"),
    (written("v1", "ConfigMap", data={"a": "1"}, immutable=True), "data.a", "2"),
    (written("v1", "Secret", stringData={"a": "1"}, immutable=True), "stringData.a", "2"),
    (BINDING, "roleRef.name", "edit"),
    (written("storage.k8s.io/v1", "StorageClass", provisioner="a.example.com"), "provisioner", "b.example.com"),
    (written("scheduling.k8s.io/v1", "PriorityClass", value=5), "value", 6),
    (written("node.k8s.io/v1", "RuntimeClass", handler="a"), "handler", "b"),
    (INGRESS_CLASS, "spec.controller", "a.example.com/b"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]['kind']}-{case[1]}")
def test_nothing_is_written_where_a_field_cannot_change(desk: Desk, case: tuple[dict[str, Any], str, Any]) -> None:
    """The refusal comes before the first write, begins with what to do, and names just that object."""
    body, path, value = case
    able = desk.allowing(cluster_scoped=SCOPED)
    body = {**body, "metadata": {"name": f"fixed-{desk.namespace}"}}
    able.deploy(document(body) + config_map("beside", a="1"))
    plan = able.plan(document(changed(body, path, value)) + config_map("beside", a="2"))
    with pytest.raises(ApplyRejected) as refused:
        refuse_fixed(able.cluster, plan)
    assert refused.value.summary.startswith(f"give the {body['kind']} a new name or ")
    assert f"fixed-{desk.namespace}" in refused.value.summary
    assert "ConfigMap/" not in refused.value.details.replace(f"ConfigMap/{desk.namespace}/fixed", "")
    able.deploy(config_map("beside", a="1"), prune_many=True)


def test_what_can_change_is_not_asked_about(desk: Desk) -> None:
    """Image, replicas, data, the size of a claim: nothing of it costs a request before the first write."""
    claim = written("v1", "PersistentVolumeClaim", spec=CLAIM)
    job = written("batch/v1", "Job", spec={"template": {"spec": POD}})
    service = written("v1", "Service", spec={"ports": [{"port": 80}], "selector": {"app": "web"}})
    first = deployment() + config_map("a", b="1") + document(claim) + document(job) + document(service)
    desk.deploy(first)
    text = first.replace("nginx:1", "nginx:2").replace("b: '1'", "b: '2'").replace("port: 80", "port: 81")
    cluster, audit = audited(desk.cluster)
    refuse_fixed(cluster, desk.plan(text))
    assert audit.asked == []


def test_what_may_be_recreated_is_no_mistake(desk: Desk) -> None:
    """Where the operator allows it, the plan goes on, and the object is deleted in its turn."""
    able = desk.allowing(recreate=("Job",))
    job = written("batch/v1", "Job", spec={"template": {"spec": POD}})
    able.deploy(document(job))
    refuse_fixed(able.cluster, able.plan(document(changed(job, "spec.template.spec.activeDeadlineSeconds", 99))))


BEFORE = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: p}\nvalue: 5\n"


def test_an_object_that_cannot_be_tried_is_warned_of_by_the_table() -> None:
    """What waits for something else of the push is held against the table, with the advice first."""
    ((topic, sentence),) = warnings(BEFORE, BEFORE.replace("5", "6"), tried=False)
    assert topic == "immutable"
    assert sentence.startswith("give the PriorityClass a new name, or let this environment recreate it (`recreate: [")
    assert warnings(BEFORE, BEFORE.replace("5", "6")) == [], "the API server has said that it would take it"
    assert warnings(BEFORE, BEFORE + "globalDefault: true\n", tried=False) == []
