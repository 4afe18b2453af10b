"""A rollout that comes up within its time is green, however bad it looked; what cannot heal is red at once."""

from typing import Any

import pytest

from pushboat.errors import Unhealthy
from pushboat.model.health import Health
from tests.cluster.desk import Desk, config_map, document
from tests.until import PATIENCE

BEHAVIOUR = "devcluster.pushboat.dev/behaviour"
LONG_FOR_ONE_POD = 10
"""Seconds: more than a pod needs that nothing holds back any more, also on a busy machine."""
KINDS = {
    "Deployment": {"replicas": 1},
    "StatefulSet": {"replicas": 1, "serviceName": "app"},
    "DaemonSet": {},
}


def workload(kind: str, *, image: str = "app:1", **annotations: str) -> str:
    template = {
        "metadata": {"labels": {"app": kind}, "annotations": annotations},
        "spec": {"containers": [{"name": "app", "image": image}]},
    }
    spec = {**KINDS[kind], "selector": {"matchLabels": {"app": kind}}, "template": template}
    return document({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": kind.lower()}, "spec": spec})


def pods(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.cluster.request("GET", f"/api/v1/namespaces/{desk.namespace}/pods").data["items"]
    return found


def heal(desk: Desk) -> None:
    """Let what its pods wait for be there; their template goes on asking for trouble, so those that come later too."""
    for pod in pods(desk):
        if BEHAVIOUR in pod["metadata"].get("annotations", {}):
            path = f"/api/v1/namespaces/{desk.namespace}/pods/{pod['metadata']['name']}"
            desk.write("kubectl", path, {"metadata": {"annotations": {BEHAVIOUR: None}}})


@pytest.mark.proves("health-no-fail-fast")
@pytest.mark.proves("crash-then-comes-up", "image-arrives-late", among=("StatefulSet", "DaemonSet"))
@pytest.mark.parametrize(
    ("behaviour", "shown"),
    [("crash-loop", "CrashLoopBackOff"), ("image-pull", "ErrImagePull"), ("oom", "OOMKilled")],
)
def test_what_heals_in_time_is_green(desk: Desk, behaviour: str, shown: str) -> None:
    """My pods cannot run until what they need is there, well within the time that I grant: the status ends green."""
    text = "".join(workload(kind, **{BEHAVIOUR: behaviour}) for kind in KINDS)
    desk.deploy(text)
    broken: set[str] = set()

    def once_it_was_said_of_each() -> None:
        broken.update(pod["metadata"]["labels"]["app"] for pod in pods(desk) if shown in str(pod.get("status")))
        if broken == set(KINDS):
            heal(desk)

    findings = desk.wait(text, deadline=PATIENCE, give_way=once_it_was_said_of_each)
    assert {finding.judgement.health for finding in findings} == {Health.HEALTHY}
    assert broken == set(KINDS)


@pytest.mark.proves("crash-then-comes-up", "image-arrives-late", among=("a ConfigMap that comes late",))
def test_a_secret_that_comes_late_is_waited_for(desk: Desk) -> None:
    """An operator makes the ConfigMap that my pod mounts a moment later: green."""
    spec = {
        "containers": [{"name": "app", "image": "app:1", "envFrom": [{"configMapRef": {"name": "late"}}]}],
    }
    body = {
        "selector": {"matchLabels": {"app": "app"}},
        "template": {"metadata": {"labels": {"app": "app"}}, "spec": spec},
    }
    text = document({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app"}, "spec": body})
    desk.deploy(text)
    late = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "late"}, "data": {"a": "1"}}
    made: list[None] = []

    def when_it_is_missed() -> None:
        if not made and any("CreateContainerConfigError" in str(each.get("status")) for each in pods(desk)):
            desk.cluster.request("POST", f"/api/v1/namespaces/{desk.namespace}/configmaps", body=late)
            made.append(None)

    (finding,) = desk.wait(text, deadline=PATIENCE, give_way=when_it_is_missed)
    assert finding.judgement.health is Health.HEALTHY


@pytest.mark.proves("health-no-fail-fast")
def test_a_job_that_failed_for_good_is_red_long_before_the_time_is_over(desk: Desk) -> None:
    """Nothing can turn a Job that has failed: I read it at once."""
    template = {"metadata": {"annotations": {BEHAVIOUR: "fail"}}, "spec": {"restartPolicy": "Never"}}
    template["spec"]["containers"] = [{"name": "app", "image": "app:1"}]
    body = {"backoffLimit": 0, "template": template}
    text = document({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "once"}, "spec": body})
    desk.deploy(text + config_map("settings", a="1"))
    with pytest.raises(Unhealthy, match=r"^Job/.*/once: "):
        desk.wait(text, deadline=600)


@pytest.mark.proves("crash-then-comes-up", "image-arrives-late", among=("a progress deadline of before",))
def test_an_old_progress_deadline_does_not_condemn_a_new_push(desk: Desk) -> None:
    """My rollout missed its progress deadline and then came up: the next push does not end with yesterday's verdict."""
    text = workload("Deployment", **{BEHAVIOUR: "crash-loop"}).replace(
        "spec:\n", f"spec:\n  progressDeadlineSeconds: {LONG_FOR_ONE_POD}\n", 1
    )
    desk.deploy(text)
    with pytest.raises(Unhealthy, match="progress"):
        desk.wait(text, deadline=PATIENCE)
    healed: list[None] = []

    def at_the_second_look() -> None:
        if not healed and desk.said:
            heal(desk)
            healed.append(None)

    desk.said.clear()
    (finding,) = desk.wait(text, deadline=PATIENCE, give_way=at_the_second_look)
    assert finding.judgement.health is Health.HEALTHY
