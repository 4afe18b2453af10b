"""Ten kinds as people deploy them, each with a change that somebody may make to it by hand."""

from dataclasses import dataclass
from typing import Any

import yaml


@dataclass(frozen=True)
class Kind:
    """One kind: where its objects are, what they say, and what somebody changes (`path` names the field)."""

    kind: str
    api: str
    plural: str
    body: dict[str, Any]
    change: dict[str, Any]
    path: str

    def url(self, namespace: str, name: str = "") -> str:
        root = "/api/v1" if self.api == "v1" else f"/apis/{self.api}"
        return f"{root}/namespaces/{namespace}/{self.plural}{f'/{name}' if name else ''}"

    def written(self, name: str) -> dict[str, Any]:
        """Write one object."""
        metadata = {"name": name, "labels": {"tier": "front"}}
        return {"apiVersion": self.api, "kind": self.kind, "metadata": metadata, **self.body}

    def copied(self, there: dict[str, Any], name: str) -> dict[str, Any]:
        """Write a copy of an object as people make one: labels and annotations come along."""
        metadata = {"name": name, **{key: there["metadata"][key] for key in ("labels", "annotations")}}
        return {**self.written(name), "metadata": metadata}


_PODS = {
    "metadata": {"labels": {"app": "x"}},
    "spec": {"containers": [{"name": "app", "image": "registry.example/x:1"}]},
}
_JOB = {"template": {"spec": {"restartPolicy": "Never", "containers": _PODS["spec"]["containers"]}}}  # type: ignore[call-overload]
_RULES = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
_MORE = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "delete"]}]
_ROLE = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "a"}
_ACCOUNT = {"kind": "ServiceAccount", "name": "a"}
_PORTS = {"name": "http", "port": 80, "protocol": "TCP", "targetPort": 8080}

KINDS = (
    Kind("ConfigMap", "v1", "configmaps", {"data": {"v": "1"}}, {"data": {"v": "2"}}, "data.v"),
    Kind("Secret", "v1", "secrets", {"stringData": {"v": "hunter2"}}, {"stringData": {"v": "herring"}}, "data.v"),
    Kind(
        "Service",
        "v1",
        "services",
        {"spec": {"selector": {"app": "x"}, "ports": [_PORTS]}},
        {"spec": {"selector": {"app": "y"}}},
        "spec.selector.app",
    ),
    Kind(
        "ServiceAccount",
        "v1",
        "serviceaccounts",
        {"automountServiceAccountToken": False},
        {"automountServiceAccountToken": True},
        "automountServiceAccountToken",
    ),
    Kind("Role", "rbac.authorization.k8s.io/v1", "roles", {"rules": _RULES}, {"rules": _MORE}, "rules"),
    Kind(
        "RoleBinding",
        "rbac.authorization.k8s.io/v1",
        "rolebindings",
        {"roleRef": _ROLE, "subjects": [_ACCOUNT]},
        {"subjects": [{**_ACCOUNT, "name": "b"}]},
        "subjects[a]",
    ),
    Kind(
        "Deployment",
        "apps/v1",
        "deployments",
        {"spec": {"replicas": 1, "selector": {"matchLabels": {"app": "x"}}, "template": _PODS}},
        {"spec": {"replicas": 0}},
        "spec.replicas",
    ),
    Kind(
        "CronJob",
        "batch/v1",
        "cronjobs",
        {"spec": {"schedule": "0 0 1 1 *", "jobTemplate": {"spec": _JOB}}},
        {"spec": {"schedule": "0 0 2 1 *"}},
        "spec.schedule",
    ),
    Kind(
        "NetworkPolicy",
        "networking.k8s.io/v1",
        "networkpolicies",
        {"spec": {"podSelector": {"matchLabels": {"app": "x"}}, "policyTypes": ["Ingress"]}},
        {"spec": {"podSelector": {"matchLabels": {"app": "y"}}}},
        "spec.podSelector.matchLabels.app",
    ),
    Kind(
        "PodDisruptionBudget",
        "policy/v1",
        "poddisruptionbudgets",
        {"spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "x"}}}},
        {"spec": {"maxUnavailable": 2}},
        "spec.maxUnavailable",
    ),
)


def folder(*names: str) -> str:
    """Write objects of these names of every kind."""
    return yaml.safe_dump_all(each.written(name) for name in names for each in KINDS)
