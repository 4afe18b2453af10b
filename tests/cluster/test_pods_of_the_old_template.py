"""Pods that still run what was there before are counted and named; green is never silent about them."""

from typing import Any

import pytest

from pushboat.errors import Unhealthy
from pushboat.model.health import Health
from tests.cluster.desk import Desk, document
from tests.until import until

APPS = "/apis/apps/v1"


def workload(kind: str, image: str, *, api: str = "apps/v1", annotations: Any = None, **spec: Any) -> str:
    template = {
        "metadata": {"labels": {"app": "db"}, "annotations": annotations or {}},
        "spec": {"containers": [{"name": "app", "image": image}]},
    }
    chosen = {"app": "db"} if kind == "ReplicationController" else {"matchLabels": {"app": "db"}}
    body = {"selector": chosen, "template": template, **spec}
    return document({"apiVersion": api, "kind": kind, "metadata": {"name": "db"}, "spec": body})


def is_seen(desk: Desk) -> bool:
    """Say whether the StatefulSet's controller has seen its newest template."""
    live = desk.get("statefulsets", "db", APPS) or {}
    return bool(live["status"].get("observedGeneration") == live["metadata"]["generation"])


SETS = {"replicas": 2, "serviceName": "db"}


@pytest.mark.proves("health-old-pods")
@pytest.mark.proves("controller-that-never-replaces-pods", among=("ReplicaSet", "StatefulSet", "DaemonSet"))
@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("ReplicationController", {"api": "v1", "replicas": 2}, "2 of 2 pods still run the old template; delete them"),
        ("ReplicaSet", {"replicas": 1}, "1 of 1 pod still runs the old template; delete it"),
        ("StatefulSet", {**SETS, "updateStrategy": {"type": "OnDelete"}}, "2 of 2 pods run the old template until"),
        (
            "StatefulSet",
            {**SETS, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}},
            "1 of 2 pods run the old template until the partition of 1 moves",
        ),
        ("DaemonSet", {"updateStrategy": {"type": "OnDelete"}}, "2 of 2 pods run the old template until"),
    ],
)
def test_pods_that_nobody_replaces_are_counted(desk: Desk, kind: str, more: dict[str, Any], words: str) -> None:
    """I push another image; my controller does not replace the pods: the status says how many still run the old one."""
    desk.deploy(workload(kind, "app:1", **more))
    (first,) = desk.wait(workload(kind, "app:1", **more))
    assert first.judgement.health is Health.HEALTHY
    text = workload(kind, "app:2", **more)
    for _ in ("at once", "and at every later push"):
        desk.deploy(text)
        (finding,) = desk.wait(text)
        assert finding.judgement.health is Health.SUSPENDED
        assert words in finding.judgement.reason


def test_a_template_whose_annotation_alone_changed_counts_too(desk: Desk) -> None:
    """The checksum of my settings in the template changes: pods made before that are old."""
    first, second = (
        workload("ReplicationController", "app:1", api="v1", replicas=1, annotations={"checksum/settings": text})
        for text in "ab"
    )
    desk.deploy(first)
    desk.wait(first)
    desk.deploy(second)
    (finding,) = desk.wait(second)
    assert "1 of 1 pod still runs the old template" in finding.judgement.reason


@pytest.mark.proves("health-old-pods")
@pytest.mark.proves("controller-that-never-replaces-pods", among=("a paused Deployment",))
def test_a_paused_deployment_s_old_pods_are_counted(desk: Desk) -> None:
    """I push another image to a Deployment that is paused: the status says how many pods still run the old one."""
    desk.deploy(workload("Deployment", "app:1", replicas=2))
    desk.wait(workload("Deployment", "app:1", replicas=2))
    text = workload("Deployment", "app:2", replicas=2, paused=True)
    desk.deploy(text)
    (finding,) = desk.wait(text)
    assert finding.judgement.health is Health.SUSPENDED
    assert finding.judgement.reason == "is paused: 2 of 2 pods run the old template until it goes on"


@pytest.mark.proves(
    "statefulset-stuck-on-its-first-revision", among=("a pod that is never ready", "one that no node takes")
)
@pytest.mark.parametrize("behaviour", ["unready", "unschedulable"])
def test_a_pod_that_will_never_be_ready_is_named_too(desk: Desk, behaviour: str) -> None:
    """What keeps my StatefulSet's fix away need not be broken: a pod that is never ready does it too."""
    broken = workload("StatefulSet", "app:1", **SETS, annotations={"devcluster.pushboat.dev/behaviour": behaviour})
    desk.deploy(broken)
    until(lambda: desk.get("pods", "db-0"), what="the pod to be there")
    fixed = workload("StatefulSet", "app:2", **SETS)
    desk.deploy(fixed)
    until(lambda: is_seen(desk), what="the fix to be seen")
    with pytest.raises(Unhealthy, match=r"pod db-0 of the previous revision is not ready .*: delete it"):
        desk.wait(fixed, deadline=2)


@pytest.mark.proves("health-old-pods")
@pytest.mark.proves("statefulset-stuck-on-its-first-revision", among=("an image", "a crash", "too little memory"))
@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [("image-pull", "ImagePull"), ("crash-loop", "CrashLoopBackOff"), ("oom", "OOMKilled")],
)
def test_a_broken_pod_that_keeps_its_own_fix_away_is_named(desk: Desk, behaviour: str, cause: str) -> None:
    """My StatefulSet never came up and gets its fix: I read which pod blocks it, and what to do."""
    broken = workload("StatefulSet", "app:1", **SETS, annotations={"devcluster.pushboat.dev/behaviour": behaviour})
    desk.deploy(broken)
    until(lambda: cause in str(desk.get("pods", "db-0")), what="the pod to be broken")
    fixed = workload("StatefulSet", "app:2", **SETS)
    desk.deploy(fixed)
    until(lambda: is_seen(desk), what="the fix to be seen")
    with pytest.raises(Unhealthy, match="delete pod db-0: it is of the previous revision") as sick:
        desk.wait(fixed, deadline=2)
    assert cause in sick.value.summary
    desk.cluster.request("DELETE", f"/api/v1/namespaces/{desk.namespace}/pods/db-0")
    (finding,) = desk.wait(fixed)
    assert finding.judgement.health is Health.HEALTHY


def test_pods_that_are_managed_in_parallel_block_nothing(desk: Desk) -> None:
    """With podManagementPolicy Parallel the fix replaces the broken pods by itself: nobody has to delete any."""
    more = {**SETS, "podManagementPolicy": "Parallel"}
    broken = workload("StatefulSet", "app:1", **more, annotations={"devcluster.pushboat.dev/behaviour": "crash-loop"})
    desk.deploy(broken)
    until(lambda: "CrashLoopBackOff" in str(desk.get("pods", "db-1")), what="the pods to be broken")
    fixed = workload("StatefulSet", "app:2", **more)
    desk.deploy(fixed)
    (finding,) = desk.wait(fixed)
    assert finding.judgement.health is Health.HEALTHY
