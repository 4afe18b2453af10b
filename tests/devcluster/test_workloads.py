"""Every kind of workload that people deploy comes up as it would on real nodes, only faster."""

import time
from typing import Any

from tests.devcluster.api import Cluster, condition, eventually, pod_spec


def workload(name: str, spec: dict[str, Any], pod: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a workload with its selector and its pod template."""
    template = {"metadata": {"labels": {"app": name}}, "spec": pod or pod_spec()}
    selector = {"matchLabels": {"app": name}}
    return {"metadata": {"name": name}, "spec": {"selector": selector, "template": template, **spec}}


def apps(cluster: Cluster, kind: str, name: str = "") -> str:
    """Return a path in the apps API."""
    return f"/apis/apps/v1/namespaces/{cluster.namespace}/{kind}/{name}".rstrip("/")


def test_a_deployment_becomes_available(cluster: Cluster) -> None:
    """A Deployment is available as soon as its pods had time to start, which is at once."""
    started = time.monotonic()
    cluster.create(apps(cluster, "deployments"), workload("web", {"replicas": 3}))
    eventually(
        lambda: cluster.get(apps(cluster, "deployments", "web"))["status"].get("availableReplicas") == 3, "3 available"
    )
    assert time.monotonic() - started < 60  # 50 ms on an idle machine


def test_a_daemonset_runs_on_every_node(cluster: Cluster) -> None:
    """A DaemonSet's pods are pinned by node affinity, and each lands where it belongs."""
    cluster.create(apps(cluster, "daemonsets"), workload("agent", {}))
    eventually(lambda: cluster.get(apps(cluster, "daemonsets", "agent"))["status"].get("numberReady") == 2, "2 ready")
    pods = cluster.get(f"{cluster.core}/pods")["items"]
    assert {pod["spec"]["nodeName"] for pod in pods} == {"node-1", "node-2"}


def test_a_statefulset_gets_its_volumes(cluster: Cluster) -> None:
    """A StatefulSet comes up in order, with claims that are bound."""
    claim = {
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    spec = {"replicas": 2, "serviceName": "db", "volumeClaimTemplates": [claim]}
    cluster.create(apps(cluster, "statefulsets"), workload("db", spec))
    eventually(lambda: cluster.get(apps(cluster, "statefulsets", "db"))["status"].get("readyReplicas") == 2, "2 ready")
    assert cluster.get(f"{cluster.core}/persistentvolumeclaims/data-db-1")["status"]["phase"] == "Bound"


def test_a_job_completes(cluster: Cluster) -> None:
    """A Job's pod ends well shortly after it began."""
    job = {"metadata": {"name": "migrate"}, "spec": {"template": {"spec": pod_spec(restartPolicy="Never")}}}
    jobs = f"/apis/batch/v1/namespaces/{cluster.namespace}/jobs"
    cluster.create(jobs, job)
    eventually(lambda: condition(cluster.get(f"{jobs}/migrate"), "Complete").get("status") == "True", "complete")


def test_a_load_balancer_gets_an_address(cluster: Cluster) -> None:
    """A Service of type LoadBalancer and an Ingress get the address that their health waits for."""
    cluster.create(
        f"{cluster.core}/services",
        {"metadata": {"name": "web"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}},
    )
    ingresses = f"/apis/networking.k8s.io/v1/namespaces/{cluster.namespace}/ingresses"
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    cluster.create(ingresses, {"metadata": {"name": "web"}, "spec": {"defaultBackend": backend}})
    for path in (f"{cluster.core}/services/web", f"{ingresses}/web"):
        eventually(lambda path=path: cluster.get(path)["status"]["loadBalancer"].get("ingress"), f"address of {path}")


def test_a_rollout_to_a_bad_image_leaves_the_old_pods_serving(cluster: Cluster) -> None:
    """Changing nothing but the tag breaks the new pods and only those."""
    deployments = apps(cluster, "deployments")
    made = cluster.create(deployments, workload("web", {"replicas": 2}))
    eventually(lambda: cluster.get(f"{deployments}/web")["status"].get("availableReplicas") == 2, "2 available")
    made = cluster.get(f"{deployments}/web")
    made["spec"]["template"]["spec"]["containers"][0]["image"] = "web:does-not-exist"
    status, text = cluster.ask("PUT", f"{deployments}/web", made)
    assert status == 200, text

    def refused() -> bool:
        pods = cluster.get(f"{cluster.core}/pods")["items"]
        waits = [pod["status"].get("containerStatuses", [{}])[0].get("state", {}).get("waiting") for pod in pods]
        return any(wait and wait["reason"] == "ImagePullBackOff" for wait in waits)

    eventually(refused, "a pod that cannot pull its image")
    assert cluster.get(f"{deployments}/web")["status"]["availableReplicas"] == 2


def test_a_deleted_namespace_goes_with_all_that_is_in_it(cluster: Cluster) -> None:
    """Pods, claims and volumes go; nothing is left terminating."""
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    cluster.create(f"{cluster.core}/persistentvolumeclaims", {"metadata": {"name": "data"}, "spec": claim})
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    cluster.run_pod("web", {"volumes": [volume]})
    eventually(lambda: condition(cluster.pod("web"), "Ready").get("status") == "True", "ready")
    cluster.ask("DELETE", f"/api/v1/namespaces/{cluster.namespace}")
    eventually(lambda: not cluster.get(f"/api/v1/namespaces/{cluster.namespace}"), "the namespace is gone")
    mine = "/api/v1/persistentvolumes"

    def none_left() -> bool:
        return all(v["spec"]["claimRef"]["namespace"] != cluster.namespace for v in cluster.get(mine)["items"])

    eventually(none_left, "its volumes are gone")
