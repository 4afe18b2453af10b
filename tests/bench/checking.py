"""Holding 500 mixed objects against the cluster's schemas, against reading the same objects from YAML."""

from pathlib import Path

import yaml

from pushboat.config.operator import ClusterAccess
from tests.bench.measuring import Row, compare
from workers.cluster.client.connection import connect
from workers.manifests.reading import read_manifests
from workers.review.schema.checking import check
from workers.review.schema.compiling import Compiled

OF_EACH = 100


def text() -> str:
    """Write as many Deployments as Services, Ingresses, ConfigMaps and ServiceAccounts."""
    return "---\n".join(yaml.safe_dump(body) for number in range(OF_EACH) for body in _application(f"web-{number}"))


def measure(kubeconfig: Path) -> list[Row]:
    """Compare; the schemas are there, as they are from the second deployment on."""
    cluster = connect(ClusterAccess(name="bench", kubeconfig=kubeconfig))
    written = text()
    manifests = read_manifests(written, "all.yaml")
    versions = {(each.ref.group, each.version) for each in manifests}
    rules = {version: Compiled(each.schemas) for version, each in cluster.published(versions).documents.items()}

    def ours(_: int) -> None:
        assert not cluster.published(versions).missing
        assert not check(manifests, rules, definitions=(), live=lambda _: None).mistakes

    try:
        ours(0)
        what = f"check {len(manifests)} mixed objects, against reading them from YAML"
        return [compare(what, ours, lambda _: read_manifests(written, "all.yaml"))]
    finally:
        cluster.close()


def _application(name: str) -> list[dict[str, object]]:
    labels, metadata = {"app": name}, {"name": name}
    container = {
        "name": "app",
        "image": "registry.example/app:1",
        "ports": [{"containerPort": 8080}],
        "env": [{"name": f"NAME_{number}", "value": "x"} for number in range(10)],
        "resources": {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "100m", "memory": "1Gi"}},
        "readinessProbe": {"httpGet": {"path": "/", "port": 8080}},
        "volumeMounts": [{"name": "settings", "mountPath": "/etc/app"}],
    }
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [container], "volumes": [{"name": "settings", "configMap": {"name": name}}]},
    }
    backend = {"service": {"name": name, "port": {"number": 80}}}
    paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {f"k{n}": "v" for n in range(20)}},
        {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [{"port": 80}]}},
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": metadata,
            "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": template},
        },
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": metadata,
            "spec": {"rules": [{"host": "a.example.com", "http": {"paths": paths}}]},
        },
    ]
