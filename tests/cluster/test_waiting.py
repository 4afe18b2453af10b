"""Green means it runs: the wait ends when everything is healthy, and early with the reason when it cannot be."""

import time
from dataclasses import replace

import pytest

from pushboat.errors import GaveWay, Unhealthy
from pushboat.model.health import Health
from tests.cluster.desk import Desk, config_map, deployment, document, statuses
from tests.lines import audited
from tests.until import PATIENCE, until


def test_a_healthy_rollout_ends_the_wait(desk: Desk) -> None:
    """The wait ends soon after the last pod is ready, and says what it waits for."""
    text = deployment(replicas=3, ready_after="1s") + config_map("settings", a="1")
    desk.deploy(text)
    findings = desk.wait(text)
    assert {finding.judgement.health for finding in findings} == {Health.HEALTHY}
    assert any(f"waiting for Deployment/{desk.namespace}/web: " in line for line in desk.said)


def test_a_crash_looping_pod_is_named_with_its_last_words(desk: Desk) -> None:
    """When my new pod crashes I read which one, which container, how it ended and what it said."""
    text = deployment(behaviour="crash-loop", message="boom: no database")
    desk.deploy(text)
    until(lambda: "CrashLoopBackOff" in statuses(desk), what="the crash to be known")
    with pytest.raises(Unhealthy) as sick:
        desk.wait(text, deadline=2)
    assert f"not healthy after 2s: Deployment/{desk.namespace}/web: pod web-" in sick.value.summary
    assert "container app: CrashLoopBackOff (exit 1, restarted " in sick.value.summary
    assert "): boom: no database" in sick.value.summary
    assert "BackOff" in sick.value.details
    assert any("CrashLoopBackOff" in line and "tried again" in line for line in desk.said), "said when it happens"


def test_an_image_that_cannot_be_pulled_is_named(desk: Desk) -> None:
    """When an image is missing I read which one, and that my previous pods keep running."""
    desk.deploy(deployment(replicas=2))
    desk.wait(deployment(replicas=2))
    text = deployment(replicas=2, image="registry.example/app:bad")
    desk.deploy(text)
    until(lambda: "ImagePullBackOff" in statuses(desk), what="the pull to fail")
    with pytest.raises(Unhealthy, match=r"ImagePullBackOff.*registry\.example/app:bad") as sick:
        desk.wait(text, deadline=1)
    heading, _, evidence = sick.value.details.partition("\n\n")
    assert "Back-off" not in heading
    assert evidence.startswith("- 2 pods of the previous revision still run")


def test_an_old_crashed_pod_is_not_blamed_on_the_new_revision(desk: Desk) -> None:
    """A fix is not refused because of the pods that it replaces."""
    desk.deploy(deployment(behaviour="crash-loop"))
    with pytest.raises(Unhealthy):
        desk.wait(deployment(behaviour="crash-loop"), deadline=1)
    desk.deploy(deployment(ready_after="1s"))
    findings = desk.wait(deployment(ready_after="1s"))
    assert [finding.judgement.health for finding in findings] == [Health.HEALTHY]


def job(ttl: int, **behaviour: str) -> str:
    """Write a Job that is cleaned up so many seconds after it has ended."""
    annotations = {f"devcluster.pushboat.dev/{key}": value for key, value in behaviour.items()}
    container = {"name": "app", "image": "migrate:1"}
    template = {"metadata": {"annotations": annotations}, "spec": {"restartPolicy": "Never", "containers": [container]}}
    spec = {"ttlSecondsAfterFinished": ttl, "backoffLimit": 0, "template": template}
    return document({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "migrate"}, "spec": spec})


def test_a_job_that_was_cleaned_up_before_we_saw_its_end_is_not_called_healthy(desk: Desk) -> None:
    """My Job fails and is cleaned up at once: Pushboat does not claim that it went well."""
    desk.deploy(job(0, behaviour="fail"))
    until(lambda: desk.get("jobs", "migrate", "/apis/batch/v1") is None, what="the Job to be cleaned up")
    (finding,) = desk.wait(job(0, behaviour="fail"))
    assert finding.judgement.health is Health.UNVERIFIED
    assert "before we saw how it ended" in finding.judgement.reason


def test_a_job_that_ended_well_stays_healthy_when_it_is_cleaned_up(desk: Desk) -> None:
    """My Job completes and is cleaned up while the rest of the rollout goes on."""
    text = job(2) + deployment(ready_after="12s")
    desk.deploy(text)
    findings = desk.wait(text)
    assert desk.get("jobs", "migrate", "/apis/batch/v1") is None, "the rollout was faster than the clean-up"
    assert {finding.judgement.health for finding in findings} == {Health.HEALTHY}


@pytest.mark.proves("health-job")
def test_a_failed_job_ends_the_wait(desk: Desk) -> None:
    """A Job that failed for good is reported at once."""
    template = {
        "metadata": {"annotations": {"devcluster.pushboat.dev/behaviour": "fail"}},
        "spec": {"restartPolicy": "Never", "containers": [{"name": "migrate", "image": "app:1"}]},
    }
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "migrate"},
        "spec": {"backoffLimit": 0, "template": template},
    }
    desk.deploy(document(job))
    with pytest.raises(Unhealthy, match=f"Job/{desk.namespace}/migrate: "):
        desk.wait(document(job), deadline=PATIENCE)


def test_time_runs_out_with_the_reason(desk: Desk) -> None:
    """When the deadline passes I read how far it got."""
    text = deployment(replicas=2, behaviour="unready")
    desk.deploy(text)
    until(lambda: statuses(desk).count("containerStatuses") == 2, what="both pods to run")
    with pytest.raises(Unhealthy) as sick:
        desk.wait(text, deadline=2)
    assert sick.value.summary.startswith(
        f"not healthy after 2s: Deployment/{desk.namespace}/web: 0 of 2 ready: pod web-"
    )


def test_a_pod_that_finds_no_node_says_so(desk: Desk) -> None:
    """A pod that cannot be scheduled is waited for, and the reason is known."""
    text = deployment(behaviour="unschedulable")
    desk.deploy(text)
    until(lambda: "Unschedulable" in statuses(desk), what="the scheduler's word")
    with pytest.raises(Unhealthy, match="Unschedulable"):
        desk.wait(text, deadline=1)


@pytest.mark.proves("pain-17")
def test_a_newer_commit_ends_the_wait(desk: Desk) -> None:
    """A wait gives way to a newer commit."""
    text = deployment(behaviour="unready")
    desk.deploy(text)

    def newer() -> None:
        if desk.said:
            raise GaveWay("superseded by 1a2b3c4")

    with pytest.raises(GaveWay):
        desk.wait(text, give_way=newer)


def test_without_a_deadline_nothing_is_asked(desk: Desk) -> None:
    """wait: 0 means that nobody waits and nothing is called healthy."""
    cluster, audit = audited(desk.cluster)
    findings = replace(desk, cluster=cluster).wait(deployment(), deadline=0)
    assert [finding.judgement.health for finding in findings] == [Health.UNVERIFIED]
    assert audit.asked == []


def test_stateful_and_daemon_sets_are_waited_for(desk: Desk) -> None:
    """StatefulSets and DaemonSets are green when all their pods are ready."""
    template = {"metadata": {"labels": {"app": "db"}}, "spec": {"containers": [{"name": "db", "image": "db:1"}]}}
    spec = {"selector": {"matchLabels": {"app": "db"}}, "template": template}
    text = document(
        {
            "apiVersion": "apps/v1",
            "kind": "StatefulSet",
            "metadata": {"name": "db"},
            "spec": {**spec, "replicas": 2, "serviceName": "db"},
        }
    ) + document({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}, "spec": spec})
    desk.deploy(text)
    assert {finding.judgement.health for finding in desk.wait(text)} == {Health.HEALTHY}


@pytest.mark.proves("health-settle")
def test_a_pod_that_crashes_right_after_its_start_is_not_called_healthy(desk: Desk) -> None:
    """Without a readiness probe a pod counts as ready before it crashes; the status does not turn green for that."""
    text = deployment(crash_after="200ms")
    desk.deploy(text)
    with pytest.raises(Unhealthy, match="not healthy after 4s: "):
        desk.wait(text, deadline=4)


def test_a_first_look_that_comes_late_is_not_fooled(desk: Desk) -> None:
    """The worker was busy: its first look finds the pod ready, and a moment later it crashes. That is not green."""
    text = deployment(crash_after="400ms")
    desk.deploy(text)

    def is_ready() -> bool:
        live = desk.get("deployments", "web", "/apis/apps/v1") or {}
        return bool(live.get("status", {}).get("readyReplicas"))

    until(is_ready, what="the pod to be ready", at_once=True)
    with pytest.raises(Unhealthy, match="not healthy after 4s: "):
        desk.wait(text, deadline=4)


@pytest.mark.proves("health-load-balancer", "pain-15")
def test_what_may_never_report_does_not_hold_a_deployment_up(desk: Desk) -> None:
    """An Ingress without an address is called unverified, and not waited for to the end of the time that I grant."""
    ingress = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress"}
    ingress["metadata"] = {"name": "web", "annotations": {"devcluster.pushboat.dev/behaviour": "pending"}}
    ingress["spec"] = {"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}}
    text = document(ingress) + config_map("settings", a="1")
    desk.deploy(text)
    started = time.monotonic()
    found = {finding.ref.kind: finding.judgement for finding in desk.wait(text, deadline=120)}
    assert time.monotonic() - started < 60  # far from the deadline, whatever the machine is doing
    assert found["Ingress"].health is Health.UNVERIFIED
    assert found["Ingress"].reason == "has no address yet"
    assert found["ConfigMap"].health is Health.HEALTHY


@pytest.mark.proves("health-load-balancer", "pain-15")
def test_neither_a_load_balancer_nor_a_claim_makes_a_deployment_red(desk: Desk) -> None:
    """Nobody gives my Service an address, nobody asks for my volume: when the time is over both are named, green."""
    service = {"apiVersion": "v1", "kind": "Service", "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}
    service["metadata"] = {"name": "web", "annotations": {"devcluster.pushboat.dev/behaviour": "pending"}}
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "web"}}
    asked = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    text = document(service) + document({**claim, "spec": {**asked, "storageClassName": "nobody"}})
    desk.deploy(text)
    found = {finding.ref.kind: finding.judgement for finding in desk.wait(text, deadline=1)}
    assert {each.health for each in found.values()} == {Health.UNVERIFIED}
    assert found["Service"].reason == "has no load balancer's address yet"
    assert found["PersistentVolumeClaim"].reason


@pytest.mark.proves("health-aggregate")
def test_an_object_that_somebody_deletes_is_missed(desk: Desk) -> None:
    """An object that disappears while we wait is named."""
    desk.deploy(deployment())
    desk.cluster.request("DELETE", f"/apis/apps/v1/namespaces/{desk.namespace}/deployments/web")
    with pytest.raises(Unhealthy, match="somebody deleted it"):
        desk.wait(deployment(), deadline=1)
