"""Each way in which a pod can go wrong looks to a client as a kubelet would make it look."""

import pytest

from tests.devcluster.api import Cluster, condition, eventually, pod_spec


def test_a_pod_is_ready_at_once(cluster: Cluster) -> None:
    """Without a wish a pod runs, has an address and is ready."""
    cluster.run_pod("web")
    pod = eventually(lambda: condition(cluster.pod("web"), "Ready").get("status") == "True" and cluster.pod("web"), "")
    assert pod["status"]["phase"] == "Running"
    assert pod["status"]["podIP"]
    assert pod["status"]["containerStatuses"][0]["state"]["running"]["startedAt"]
    cluster.await_event("web", "Started")


@pytest.mark.parametrize(("behaviour", "reason", "exit_code"), [("crash-loop", "Error", 1), ("oom", "OOMKilled", 137)])
def test_a_crashing_pod_backs_off(cluster: Cluster, behaviour: str, reason: str, exit_code: int) -> None:
    """It waits in CrashLoopBackOff, remembers its end, and restarts again and again."""
    cluster.run_pod("web", behaviour=behaviour, message="cannot reach the database")
    end = cluster.await_reason("web", "CrashLoopBackOff")["lastState"]["terminated"]
    assert (end["reason"], end["exitCode"], end["message"]) == (reason, exit_code, "cannot reach the database")
    eventually(lambda: cluster.container("web")["restartCount"] >= 2, "a second restart")
    event = cluster.await_event("web", "BackOff")
    assert event["type"] == "Warning"
    assert event["source"]["component"] == "kubelet"
    assert event["involvedObject"]["fieldPath"] == "spec.containers{app}"
    assert event["message"].startswith("Back-off restarting failed container app in pod web_")


def test_a_pod_may_live_a_while_before_it_crashes(cluster: Cluster) -> None:
    """With crash-after it is ready first: green for a moment, and then not."""
    cluster.run_pod("web", crash_after="1s")
    eventually(lambda: condition(cluster.pod("web"), "Ready").get("status") == "True", "ready at first")
    cluster.await_reason("web", "CrashLoopBackOff")
    assert condition(cluster.pod("web"), "Ready")["status"] == "False"


@pytest.mark.parametrize("image", ["web:bad", "registry.example/does-not-exist:1"])
def test_an_image_that_is_not_there_cannot_be_pulled(cluster: Cluster, image: str) -> None:
    """The name of the image alone is enough, and the message repeats it."""
    cluster.run_pod("web", pod_spec(image))
    waiting = cluster.await_reason("web", "ImagePullBackOff")["state"]["waiting"]
    assert image in waiting["message"]
    assert cluster.pod("web")["status"]["phase"] == "Pending"
    assert image in cluster.await_event("web", "BackOff")["message"]
    cluster.await_event("web", "Failed")


def test_the_pull_fails_before_it_backs_off(cluster: Cluster) -> None:
    """ErrImagePull comes first, as on a real node."""
    cluster.run_pod("web", behaviour="image-pull")
    assert "web:1" in cluster.await_reason("web", "ErrImagePull")["state"]["waiting"]["message"]
    cluster.await_reason("web", "ImagePullBackOff")


def test_an_unready_pod_runs_and_is_never_ready(cluster: Cluster) -> None:
    """Its readiness probe fails, and an event says so."""
    cluster.run_pod("web", behaviour="unready")
    assert "Readiness probe failed" in cluster.await_event("web", "Unhealthy")["message"]
    pod = cluster.pod("web")
    assert pod["status"]["phase"] == "Running"
    assert condition(pod, "Ready")["reason"] == "ContainersNotReady"


def test_a_slow_pod_is_ready_later(cluster: Cluster) -> None:
    """ready-after holds readiness back for that long."""
    cluster.run_pod("web", ready_after="4s")
    eventually(lambda: cluster.container("web").get("started"), "running")
    assert not cluster.container("web")["ready"]
    eventually(lambda: cluster.container("web")["ready"], "ready")


def test_a_failing_pod_fails(cluster: Cluster) -> None:
    """A pod that is never restarted ends as Failed, with its exit code."""
    cluster.run_pod("migrate", {"restartPolicy": "Never"}, behaviour="fail", message="relation exists")
    eventually(lambda: cluster.pod("migrate")["status"]["phase"] == "Failed", "failed")
    end = cluster.container("migrate")["state"]["terminated"]
    assert (end["exitCode"], end["message"]) == (1, "relation exists")


def test_a_pod_that_fits_nowhere_says_so(cluster: Cluster) -> None:
    """On request, or because it asks for more than a node has."""
    cluster.run_pod("wish", behaviour="unschedulable")
    greedy = {"containers": [{"name": "app", "image": "web:1", "resources": {"requests": {"cpu": "1000"}}}]}
    cluster.run_pod("greedy", greedy)
    for name in ("wish", "greedy"):
        event = cluster.await_event(name, "FailedScheduling")
        assert "0/2 nodes are available" in event["message"]
        assert event["source"]["component"] == "default-scheduler"
        assert condition(cluster.pod(name), "PodScheduled")["reason"] == "Unschedulable"


def test_a_pod_waits_for_its_secret(cluster: Cluster) -> None:
    """A missing Secret is named; when it comes, the pod starts."""
    variable = {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "database", "key": "password"}}}
    cluster.run_pod("web", {"containers": [{"name": "app", "image": "web:1", "env": [variable]}]})
    status = cluster.await_reason("web", "CreateContainerConfigError")
    assert status["state"]["waiting"]["message"] == 'secret "database" not found'
    cluster.create(
        f"{cluster.core}/secrets", {"metadata": {"name": "database"}, "stringData": {"password": "not-a-real-one"}}
    )
    eventually(lambda: condition(cluster.pod("web"), "Ready").get("status") == "True", "ready")


def test_only_the_named_container_misbehaves(cluster: Cluster) -> None:
    """Its neighbours run, as they would."""
    spec = {"containers": [{"name": "app", "image": "web:1"}, {"name": "proxy", "image": "proxy:1"}]}
    cluster.run_pod("web", spec, behaviour="crash-loop", container="proxy")
    eventually(lambda: len(cluster.pod("web")["status"].get("containerStatuses", [])) == 2, "two containers")
    app, proxy = sorted(cluster.pod("web")["status"]["containerStatuses"], key=lambda status: str(status["name"]))
    assert app["ready"]
    assert proxy["state"]["waiting"]["reason"] == "CrashLoopBackOff"


def test_a_mistaken_annotation_is_named(cluster: Cluster) -> None:
    """Nobody should wonder why a pod is healthy that was meant to crash."""
    cluster.run_pod("web", behaviour="crashloop")
    assert "crash-loop" in cluster.await_reason("web", "InvalidAnnotation")["state"]["waiting"]["message"]


def test_a_deleted_pod_goes_at_once_or_lingers_on_request(cluster: Cluster) -> None:
    """stops-after keeps a pod terminating, as a slow shutdown would."""
    cluster.run_pod("quick")
    cluster.run_pod("slow", stops_after="6s")
    for name in ("quick", "slow"):
        eventually(lambda name=name: cluster.container(name).get("ready"), "ready")
        cluster.ask("DELETE", f"{cluster.core}/pods/{name}")
    eventually(lambda: not cluster.pod("quick"), "the quick one is gone")
    assert cluster.pod("slow")["metadata"]["deletionTimestamp"]
    eventually(lambda: not cluster.pod("slow"), "the slow one is gone")
