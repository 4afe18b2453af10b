"""Pairs of manifests, the one of before and the one of now, of which the first leaves the server's defaults behind."""

from collections.abc import Mapping
from typing import Any

Body = dict[str, Any]
APP = {"app": "web"}
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}


def pods(container: Body | None = None, **spec: Any) -> Body:
    """Describe pods with one container."""
    app = {"name": "app", "image": "registry.example/app:1", **(container or {})}
    return {"metadata": {"labels": APP}, "spec": {"containers": [app], **spec}}


def workload(kind: str, template: Body | None = None, **spec: Any) -> Body:
    """Describe a workload that runs nothing."""
    few: Body = {} if kind == "DaemonSet" else {"replicas": 0}
    if kind == "StatefulSet":
        few["serviceName"] = "web"
    fixed = {"selector": {"matchLabels": APP}, "template": template or pods(nodeSelector={"no": "node"})}
    return named("apps/v1", kind, **fixed, **few, **spec)


def cron(template: Body) -> Body:
    """Describe a CronJob that never runs."""
    template["spec"].setdefault("restartPolicy", "Never")
    job = {"spec": {"template": template}}
    return named("batch/v1", "CronJob", schedule="0 0 31 2 *", suspend=True, jobTemplate=job)


def named(api: str, kind: str, **spec: Any) -> Body:
    """Describe an object called web."""
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "web"}, "spec": spec}


def service(**spec: Any) -> Body:
    """Describe a Service."""
    return named("v1", "Service", selector=APP, ports=[{"port": 80}], **spec)


def policy(**spec: Any) -> Body:
    """Describe a NetworkPolicy."""
    return named("networking.k8s.io/v1", "NetworkPolicy", podSelector={}, **spec)


def probed(**probe: Any) -> Body:
    """Describe pods with a probe."""
    return pods({"livenessProbe": probe})


HTTP, TCP = {"httpGet": {"path": "/", "port": 80}}, {"tcpSocket": {"port": 80}}
VOLUME = {"name": "files"}

PAIRS: Mapping[str, tuple[Body, Body]] = {
    # A union whose member changes: the old member's defaults are forbidden beside the new one.
    "a Deployment's strategy": (workload("Deployment"), workload("Deployment", strategy={"type": "Recreate"})),
    "a StatefulSet's strategy": (
        workload("StatefulSet"), workload("StatefulSet", updateStrategy={"type": "OnDelete"}),
    ),
    "a DaemonSet's strategy": (workload("DaemonSet"), workload("DaemonSet", updateStrategy={"type": "OnDelete"})),
    "a volume that was empty by default": (
        workload("Deployment", pods(volumes=[VOLUME])),
        workload("Deployment", pods(volumes=[{**VOLUME, "configMap": {"name": "files"}}])),
    ),
    # A twin: a deprecated alias that the server fills in.
    "a DaemonSet's account": (workload("DaemonSet", pods(serviceAccountName="robot")), workload("DaemonSet", pods())),
    "a StatefulSet's account": (
        workload("StatefulSet", pods(serviceAccountName="robot")), workload("StatefulSet", pods()),
    ),
    "a CronJob's account": (cron(pods(serviceAccountName="robot")), cron(pods())),
    # A value that was computed from another field.
    "a CronJob's pull policy": (cron(pods({"image": "app:latest"})), cron(pods({"image": "app:1"}))),
    "an init container's pull policy": (
        workload("DaemonSet", pods(initContainers=[{"name": "init", "image": "init"}])),
        workload("DaemonSet", pods(initContainers=[{"name": "init", "image": "init:1"}])),
    ),
    "a policy's types": (policy(ingress=[{}]), policy(ingress=[{}], egress=[{}])),
    # What leaves with all that we owned of it: the server sees to it alone, and nothing may be in its way.
    "half of a strategy was ours": (
        workload("Deployment", strategy={"rollingUpdate": {"maxSurge": 2}}),
        workload("Deployment", strategy={"type": "Recreate"}),
    ),
    "a Service's affinity": (service(sessionAffinity="ClientIP"), service()),
    "a probe's scheme": (workload("Deployment", probed(**HTTP)), workload("Deployment", probed(**TCP))),
    "a volume's mode": (
        workload("StatefulSet", pods(volumes=[{**VOLUME, "secret": {"secretName": "files"}}])),
        workload("StatefulSet", pods(volumes=[{**VOLUME, "configMap": {"name": "files"}}])),
    ),
}  # fmt: skip
"""By what stays behind."""

KEPT: Mapping[str, tuple[Body, Body, tuple[str, ...]]] = {
    "a Service's addresses and ports": (
        service(type="NodePort"), service(type="NodePort", externalTrafficPolicy="Local"),
        ("clusterIP", "clusterIPs", "ports", "ipFamilies", "ipFamilyPolicy"),
    ),
    "a claim's volume": (
        named("v1", "PersistentVolumeClaim", **CLAIM),
        {**named("v1", "PersistentVolumeClaim", **CLAIM), "metadata": {"name": "web", "labels": APP}},
        ("volumeName", "storageClassName", "volumeMode"),
    ),
    "a Job's selector": (
        named("batch/v1", "Job", suspend=True, template=pods(restartPolicy="Never")),
        named("batch/v1", "Job", suspend=True, template=pods(restartPolicy="Never"), backoffLimit=2),
        ("selector", "completionMode"),
    ),
}  # fmt: skip
"""What the server handed out, with the fields that stay as they are."""
