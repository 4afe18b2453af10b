"""A Deployment that every rule takes, ways to change it, and the objects that may stand beside it."""

import copy
from typing import Any

Body = dict[str, Any]
NAME = {"name": "web"}
LABELS = {"app": "web"}


def deployment(*patches: Body, kind: str = "Deployment") -> Body:
    """Give a Deployment that every rule of ours takes, with patches: `app`, `pod`, `spec` or `metadata` of it."""
    container: Body = {
        "name": "app",
        "image": "registry.example/app:1.4",
        "imagePullPolicy": "Always",
        "ports": [{"name": "http", "containerPort": 8080}],
        "resources": {way: {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "1Gi"} for way in ("requests", "limits")},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
        "livenessProbe": {"httpGet": {"path": "/alive", "port": "http"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
    }
    pod: Body = {
        "automountServiceAccountToken": False,
        "hostUsers": False,
        "serviceAccountName": "web",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "runAsGroup": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": [{"topologyKey": "kubernetes.io/hostname", "maxSkew": 1}],
        "containers": [container],
    }
    body: Body = {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "web", "labels": LABELS},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": LABELS},
            "template": {"metadata": {"labels": LABELS}, "spec": pod},
        },
    }
    places = {"app": container, "pod": pod, "spec": body["spec"], "metadata": body["metadata"]}
    for patch in patches:
        for place, fields in patch.items():
            for field, value in fields.items():
                _put(places[place], field.split("/"), copy.deepcopy(value))
    return body


def _put(at: Body, steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        at = at.setdefault(step, {})
    if value is None:
        at.pop(steps[-1], None)
    else:
        at[steps[-1]] = value


def thing(kind: str, version: str, spec: Body, name: str = "web") -> Body:
    """Give an object of another kind."""
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec}


def service(**spec: Any) -> Body:
    """Give the Service in front of the Deployment."""
    return thing("Service", "v1", {"selector": LABELS, "ports": [{"name": "http", "port": 80}], **spec})


def ingress(name: str, port: Body) -> Body:
    """Give an Ingress in front of a Service."""
    backend = {"service": {"name": name, "port": port}}
    rules = [{"http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}]
    return thing("Ingress", "networking.k8s.io/v1", {"rules": rules})


def network_policy(labels: Body, *types: str) -> Body:
    """Give a NetworkPolicy about pods of some labels."""
    spec = {"podSelector": {"matchLabels": labels}, "policyTypes": list(types)}
    return thing("NetworkPolicy", "networking.k8s.io/v1", spec)


def autoscaler(name: str, least: int = 2) -> Body:
    """Give an autoscaler of a Deployment."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    return thing("HorizontalPodAutoscaler", "autoscaling/v2", {"scaleTargetRef": target, "minReplicas": least})


def bound(name: str) -> Body:
    """Give a binding of somebody."""
    subject = {"kind": "User", "name": name, "apiGroup": "rbac.authorization.k8s.io"}
    body = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "a"}}
    return {**body, "subjects": [subject]}


def budget(**spec: Any) -> Body:
    """Give a PodDisruptionBudget of the Deployment's pods."""
    return thing("PodDisruptionBudget", "policy/v1", {"selector": {"matchLabels": LABELS}, **spec})


def job(**pod: Any) -> Body:
    """Give a Job."""
    spec = {"containers": [{"name": "app", "image": "a:1"}], **pod}
    return thing("Job", "batch/v1", {"template": {"spec": spec}})


def cron(**spec: Any) -> Body:
    """Give a CronJob."""
    return thing("CronJob", "batch/v1", {"schedule": "0 4 * * *", "jobTemplate": {"spec": job()["spec"]}, **spec})


def stateful(template: Body, **spec: Any) -> Body:
    """Give a StatefulSet with a claim."""
    return deployment({"spec": {"volumeClaimTemplates": [{"spec": template}], **spec}}, kind="StatefulSet")
