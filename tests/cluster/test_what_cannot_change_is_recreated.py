"""A field that cannot change: by the operator's leave the object is deleted and created again, never by guess."""

import re
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from random import randrange
from typing import Any

import pytest
import yaml

from pushboat.errors import ApplyRejected, LeaseLost
from pushboat.model.changeset import Action, Change, ChangeSet
from pushboat.model.manifest import Ref
from tests.cluster.desk import Desk, actions, config_map, document, lost
from tests.cluster.test_what_stays_is_named import HOLD, RELEASE
from tests.lines import audited
from tests.until import until
from workers.cluster.client.lines import Reply
from workers.cluster.writing.dry_running import dry_run
from workers.cluster.writing.shutting_out import take_over
from workers.deploying.tallying import Tally

Body = dict[str, Any]
_FIRST = 4 * randrange(10, 60)
ADDRESSES = [f"10.96.0.{_FIRST + number}" for number in range(4)]
"""Addresses that no other run has, of the 256 that the API server gives to nobody by itself as long as there are others
(KEP-3070)."""
RBAC = "rbac.authorization.k8s.io"


def job(image: str = "job:1", **spec: Any) -> Body:
    pod = {"restartPolicy": "Never", "containers": [{"name": "app", "image": f"registry.example/{image}"}]}
    return named("batch/v1", "Job", spec={"suspend": True, "template": {"spec": pod}, **spec})


def named(api: str, kind: str, **rest: Any) -> Body:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "one"}, **rest}


def workload(kind: str, labels: Body, **spec: Any) -> Body:
    pods = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "registry.example/a:1"}]}}
    return named("apps/v1", kind, spec={"replicas": 0, "selector": {"matchLabels": labels}, "template": pods, **spec})


def stateful(size: str) -> Body:
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    templates = [{"metadata": {"name": "data"}, "spec": claim}]
    return workload("StatefulSet", {"app": "one"}, serviceName="one", volumeClaimTemplates=templates)


def claim(mode: str) -> Body:
    return named(
        "v1",
        "PersistentVolumeClaim",
        spec={"accessModes": [mode], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": "none"},
    )


def binding(role: str) -> Body:
    return named(f"{RBAC}/v1", "RoleBinding", roleRef={"apiGroup": RBAC, "kind": "ClusterRole", "name": role})


def service(port: int, address: str, **spec: Any) -> Body:
    return named("v1", "Service", spec={"clusterIP": address, "ports": [{"port": port}], **spec})


CHANGES: dict[str, tuple[str, Body, Body]] = {
    "Job": ("/apis/batch/v1 jobs", job(), job("job:2")),
    "StatefulSet": ("/apis/apps/v1 statefulsets", stateful("1Gi"), stateful("2Gi")),
    "Deployment": (
        "/apis/apps/v1 deployments", workload("Deployment", {"app": "a"}), workload("Deployment", {"app": "b"})
    ),
    "Service": ("/api/v1 services", service(80, ADDRESSES[0]), service(80, ADDRESSES[1])),
    "PersistentVolumeClaim": (
        "/api/v1 persistentvolumeclaims", claim("ReadWriteOnce"), claim("ReadWriteMany")
    ),
    "RoleBinding": (f"/apis/{RBAC}/v1 rolebindings", binding("view"), binding("edit")),
    "ConfigMap": (
        "/api/v1 configmaps",
        named("v1", "ConfigMap", immutable=True, data={"a": "1"}),
        named("v1", "ConfigMap", immutable=True, data={"a": "2"}),
    ),
    "Secret": ("/api/v1 secrets", named("v1", "Secret", type="a/b"), named("v1", "Secret", type="c/d")),
}  # fmt: skip


def uid(desk: Desk, where: str) -> str:
    """Say which one is there."""
    api, plural = where.split()
    live = desk.get(plural, "one", api)
    return str(live["metadata"]["uid"]) if live else ""


def path(desk: Desk, where: str) -> str:
    api, plural = where.split()
    return f"{api}/namespaces/{desk.namespace}/{plural}/one"


@pytest.mark.proves("immutable-field", "pain-8")
@pytest.mark.parametrize("kind", CHANGES)
def test_it_is_recreated_where_its_operator_allows_that(desk: Desk, kind: str) -> None:
    """My change of a field that cannot change is live after the push, in a new object, and the push says so."""
    where, before, after = CHANGES[kind]
    able = desk.allowing(recreate=(kind,))
    able.deploy(document(before))
    old = uid(desk, where)
    (planned,) = dry_run(desk.cluster, able.plan(document(after))).changes
    assert planned.action is Action.RECREATED
    assert "cannot change" in planned.why
    assert uid(desk, where) == old, "a plan deletes nothing"
    changes = able.deploy(document(after))
    assert actions(changes) == {"one": "recreated"}
    assert changes.counts.recreated == 1
    why = changes.changes[0].why
    assert re.fullmatch(r"its \S+ cannot change.*", why)
    assert ("reclaim policy" in why) is (kind == "PersistentVolumeClaim")
    assert uid(desk, where) not in ("", old)
    assert actions(able.deploy(document(after))) == {"one": "unchanged"}


@pytest.mark.proves("immutable-field")
@pytest.mark.parametrize("kind", CHANGES)
def test_nothing_is_deleted_without_the_operators_leave(desk: Desk, kind: str) -> None:
    """Where nobody allowed it, the object stays as it is, and I read both ways on: a new name, or the line to add."""
    where, before, after = CHANGES[kind]
    others = tuple(other for other in ("Job", "Service") if other != kind)
    able = desk.allowing(recreate=others)
    able.deploy(document(before))
    old = uid(desk, where)
    line = f"`recreate: [{', '.join((*others, kind))}]`"
    with pytest.raises(ApplyRejected) as refused:
        able.apply(document(after))
    assert refused.value.summary.startswith(
        f"give the {kind} a new name or add {line} to staging in pushboat.yaml, its "
    )
    assert uid(desk, where) == old


@pytest.mark.proves("pain-5")
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: job("job:2", parallelism=-1), "spec.parallelism"),
        (lambda: {**job("job:2"), "spec": {**job("job:2")["spec"], "backoffLimit": -3}}, "spec.backoffLimit"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_other_ways_deletes_nothing(desk: Desk, wrong: Callable[[], Body], says: str) -> None:
    """A new object that the cluster would not take does not cost me the old one."""
    able = desk.allowing(recreate=("Job",))
    able.deploy(document(job()))
    old = uid(desk, "/apis/batch/v1 jobs")
    cluster, audit = audited(able.cluster)
    with pytest.raises(ApplyRejected, match=rf"deploy/all\.yaml:2: Job/.*{says}"):
        replace(able, cluster=cluster).apply(document(wrong()))
    assert not any(each.startswith("DELETE") for each in audit.asked)
    assert uid(desk, "/apis/batch/v1 jobs") == old


@pytest.mark.proves("pain-5")
def test_a_refusal_that_is_no_proof_deletes_nothing(desk: Desk) -> None:
    """A mere mistake is refused as a mistake, also of a kind that may be recreated."""
    able = desk.allowing(recreate=("Job", "Service"))
    able.deploy(document(job()) + document(service(80, "None")))
    cluster, audit = audited(able.cluster)
    for wrong in (job(parallelism=-1), service(99999, "None")):
        with pytest.raises(ApplyRejected) as refused:
            replace(able, cluster=cluster).apply(document(wrong))
        assert "cannot change" not in refused.value.summary
    assert not any(each.startswith("DELETE") for each in audit.asked)


def test_a_service_keeps_the_ports_that_it_had(desk: Desk) -> None:
    """What the old Service holds does not stand in the way of the new one: its own node port."""
    able = desk.allowing(recreate=("Service",))
    ports = [{"port": 80, "nodePort": 30018}]  # below 30086 are those that no service is given by chance
    able.deploy(document(service(80, ADDRESSES[2], type="NodePort", ports=ports)))
    changes = able.deploy(document(service(80, ADDRESSES[3], type="NodePort", ports=ports)))
    assert actions(changes) == {"one": "recreated"}
    live = desk.get("services", "one")
    assert live is not None
    assert (live["spec"]["clusterIP"], live["spec"]["ports"][0]["nodePort"]) == (ADDRESSES[3], 30018)


def test_a_finalizer_that_holds_the_old_one_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever keeps the old object is named; once it is gone, my next push creates the new one."""
    monkeypatch.setattr("workers.cluster.writing.recreating.GONE_WITHIN", 0.3)
    where = "/apis/batch/v1 jobs"
    able = desk.allowing(recreate=("Job",))
    able.deploy(document(job()))
    desk.write("holder", path(desk, where), HOLD)
    with pytest.raises(ApplyRejected, match=r"have its finalizers taken off.*still being deleted: finalizer exam"):
        able.apply(document(job("job:2")))
    desk.write("holder", path(desk, where), RELEASE)
    assert actions(able.deploy(document(job("job:2")))) == {"one": "created"}


def test_a_claim_that_a_pod_uses_is_not_waited_for_in_vain(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim goes when its pods have gone: that is what I read, not that somebody must take a finalizer off."""
    monkeypatch.setattr("workers.cluster.writing.recreating.GONE_WITHIN", 0.3)
    where = "/api/v1 persistentvolumeclaims"
    able = desk.allowing(recreate=("PersistentVolumeClaim",))
    able.deploy(document(claim("ReadWriteOnce")))
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "one"}}
    containers = [{"name": "app", "image": "app:1"}]
    pod = named("v1", "Pod", spec={"nodeName": "somewhere", "containers": containers, "volumes": [volume]})
    pods = f"/api/v1/namespaces/{desk.namespace}/pods"
    desk.cluster.request("POST", pods, body=pod)
    with pytest.raises(ApplyRejected, match=r"^end the pods that use it and deploy again — .*still being deleted"):
        able.apply(document(claim("ReadWriteMany")))
    desk.cluster.request("DELETE", f"{pods}/one", {"gracePeriodSeconds": "0"})
    until(lambda: not uid(desk, where), what="the claim's end")
    assert actions(able.deploy(document(claim("ReadWriteMany")))) == {"one": "created"}


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet"])
def test_what_is_recreated_runs_before_it_is_green(desk: Desk, kind: str) -> None:
    """The workload is another one: green is said when its own pods run, whatever the old ones still do."""
    able = desk.allowing(recreate=(kind,))

    def wish(name: str) -> str:
        more = {"serviceName": "one"} if kind == "StatefulSet" else {}
        return document(workload(kind, {"app": name}, **{**more, "replicas": 1}))

    able.deploy_and_wait(wish("a"))
    able.made.clear()
    able.deploy_and_wait(wish("b"))
    assert [change.action for change in able.made] == [Action.RECREATED]
    pods = able.cluster.request("GET", f"/api/v1/namespaces/{able.namespace}/pods", {"labelSelector": "app=b"}).data
    assert [pod["status"]["phase"] for pod in pods["items"]] == ["Running"]


def test_who_wrote_it_meanwhile_is_not_overlooked(desk: Desk) -> None:
    """An object that somebody writes between my plan and its deletion is read again before it is deleted."""
    where = "/apis/batch/v1 jobs"
    able = desk.allowing(recreate=("Job",))
    able.deploy(document(job()))
    plan = able.plan(document(job("job:2")))
    desk.write("somebody", path(desk, where), {"metadata": {"labels": {"a": "b"}}})
    assert actions(able.apply_plan(plan)) == {"one": "recreated"}


class Overtaken:
    """Stands where the line stood; another worker takes over right after the trial."""

    def __init__(self, desk: Desk) -> None:
        self._line, self._desk, self._refused = desk.cluster.line, desk, False

    def send(self, method: str, path: str, *rest: Any) -> Reply:
        """Pass a request on."""
        reply: Reply = self._line.send(method, path, *rest)
        self._refused |= reply.status == HTTPStatus.UNPROCESSABLE_ENTITY
        if method == "POST" and self._refused:
            take_over(self._desk.cluster, self._desk.inventory(), 2, self._desk.may_write)
        return reply


def test_a_worker_that_is_overtaken_deletes_nothing(desk: Desk) -> None:
    """The lane is another worker's since a moment ago: the object that it may have written is not deleted."""
    where = "/apis/batch/v1 jobs"
    able = desk.allowing(recreate=("Job",))
    able.deploy(document(job()))
    old = uid(desk, where)
    overtaken: Any = Overtaken(able)
    with pytest.raises(LeaseLost):
        replace(able, cluster=replace(able.cluster, line=overtaken)).apply(document(job("job:2")))
    assert uid(desk, where) == old


@pytest.mark.proves("immutable-field")
def test_a_death_between_deletion_and_creation_is_mended_by_the_next_turn(desk: Desk) -> None:
    """A worker stops when the old object is gone and the new one is not there yet: the next one brings it."""
    where = "/apis/batch/v1 jobs"
    able = desk.allowing(recreate=("Job",))
    able.deploy(document(job()) + config_map("settings"))

    def dies_in_between() -> None:
        if not uid(desk, where):
            lost()

    with pytest.raises(LeaseLost):
        replace(able, may_write=dies_in_between).apply(document(job("job:2")) + config_map("settings"))
    assert not uid(desk, where)
    assert actions(able.deploy(document(job("job:2")) + config_map("settings"))) == {
        "one": "created",
        "settings": "unchanged",
    }
    assert set(actions(able.deploy(document(job("job:2")) + config_map("settings"))).values()) == {"unchanged"}


def test_the_next_attempt_still_says_recreated() -> None:
    """What an earlier attempt deleted and this one creates was recreated, in the numbers as well."""
    ref = Ref("batch", "Job", "shop", "one")
    tally = Tally(meant={ref: Action.CONFIGURED})
    tally.plan(ChangeSet((Change(ref=ref, action=Action.CREATED),)))
    tally.made.append(Change(ref=ref, action=Action.CREATED))
    assert tally.changes.counts.recreated == 1
    later = Tally(meant={ref: Action.CONFIGURED}, done=tally.changes.changes)
    later.plan(ChangeSet((Change(ref=ref, action=Action.UNCHANGED),)))
    assert later.changes.counts.recreated == 1


def test_the_words_of_a_class_are_known_too(desk: Desk) -> None:
    """A PriorityClass says it in words of its own; I am told the same ways on."""
    name = f"c-{desk.namespace}"
    able = desk.allowing(cluster_scoped=("PriorityClass",))
    body = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}}
    try:
        able.deploy(yaml.safe_dump({**body, "value": 1}))
        with pytest.raises(ApplyRejected, match=r"^give the PriorityClass a new name or add `recreate: "):
            able.apply(yaml.safe_dump({**body, "value": 2}))
        assert actions(able.allowing(recreate=("PriorityClass",)).apply(yaml.safe_dump({**body, "value": 2}))) == {
            name: "recreated"
        }
    finally:
        desk.cluster.request("DELETE", f"/apis/scheduling.k8s.io/v1/priorityclasses/{name}")
