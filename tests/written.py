"""Manifests as people write them, as text: short, complete, and accepted by a strict API server."""

from typing import Any

import yaml


def repository_file(environment: str = "staging", **more: Any) -> str:
    """Write a `.pushboat.yaml` with one environment that follows main."""
    return yaml.safe_dump({"environments": {environment: {"branch": "main", "path": "deploy", **more}}})


def config_map(name: str = "settings", **data: str) -> str:
    """Write a ConfigMap."""
    return yaml.safe_dump(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data or {"a": "1"}}
    )


def deployment(name: str = "web", image: str = "registry.example/web:1", replicas: int = 1, **behaviour: str) -> str:
    """Write a Deployment; `behaviour` are annotations for the simulated nodes (`behaviour="crash-loop"`)."""
    labels = {"app": name}
    annotations = {f"devcluster.pushboat.dev/{key.replace('_', '-')}": value for key, value in behaviour.items()}
    return yaml.safe_dump(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name},
            "spec": {
                "replicas": replicas,
                "selector": {"matchLabels": labels},
                "template": {
                    "metadata": {"labels": labels, "annotations": annotations},
                    "spec": {"containers": [{"name": name, "image": image}]},
                },
            },
        }
    )


def definition(plural: str, kind: str, group: str) -> str:
    """Write a CustomResourceDefinition of a small kind."""
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}}}
    return yaml.safe_dump(
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}"},
            "spec": {
                "group": group,
                "scope": "Namespaced",
                "names": {"plural": plural, "singular": kind.lower(), "kind": kind},
                "versions": [
                    {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}},
                ],
            },
        }
    )
