"""Holding mixed objects against schemas, of a cluster or of none, against reading the same objects from YAML."""

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import yaml

from pushboat.config.environment import Environment
from pushboat.config.operator import ClusterAccess
from pushboat.config.policy import DENY, OFF, Policy
from pushboat.policy import baseline
from pushboat.policy.table import RULES
from tests.bench.measuring import Row, compare
from workers.cluster.client.connection import connect
from workers.manifests.credentials import credentials_in
from workers.manifests.reading import read_manifests
from workers.review.minors import DEFAULT, minor
from workers.review.offline import Offline
from workers.review.policy import Rulebook, abide
from workers.review.reviewing import Subject, review
from workers.review.schema.checking import check
from workers.review.schema.compiling import Compiled

OF_EACH = 100
ROUNDS = 9
"""What takes a fraction of a second is easily disturbed."""
TWENTY = (*(rule.name for rule in baseline.RULES), "cpu-request", "memory-request", "memory-limit", "latest-tag")
TWENTY += ("readiness-probe", "port-names", "job-restarts", "host-aliases")
"""Rules of policy that all of it is held against and nothing of it breaks."""
ROOT = Path(__file__).resolve().parents[2]


def text(of_each: int = OF_EACH) -> str:
    """Write as many Deployments as Services, Ingresses, ConfigMaps and ServiceAccounts."""
    return "---\n".join(yaml.safe_dump(body) for number in range(of_each) for body in _application(f"web-{number}"))


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


def alone(folder: Path) -> list[Row]:
    """Compare all reviews together, and the whole command, with no cluster."""
    written = text(200)
    read = read_manifests(written, "all.yaml")
    environment = Environment(name="e", cluster="", namespaces=("default",), namespace="default", path="deploy")

    def ours(_: int) -> None:
        manifests = read_manifests(written, "all.yaml")
        known = Offline(minor(DEFAULT), manifests)
        assert not review(Subject(manifests=manifests, environment=environment, known=known)).findings

    rules = dict.fromkeys(RULES, OFF) | dict.fromkeys(TWENTY, DENY)
    book = Rulebook(policy=Policy(rules=rules), today=datetime.now(UTC).date())
    published = {each[:2]: minor(DEFAULT).compiled for each in minor(DEFAULT).kinds}

    def gates(_: int) -> None:
        manifests = read_manifests(written, "all.yaml")
        assert not check(manifests, published, definitions=(), live=lambda _: None).mistakes
        assert not [*abide(manifests, book), *credentials_in(written)]

    ours(0)
    (folder / "deploy").mkdir(parents=True)
    (folder / ".pushboat.yaml").write_text("environments:\n  e: {branch: main, path: deploy}\n")
    (folder / "deploy" / "all.yaml").write_text(text(20))
    return [
        compare(
            f"read {len(read):,} objects, then schemas, 20 rules and credentials, against reading them",
            gates,
            lambda _: read_manifests(written, "all.yaml"),
            ROUNDS,
            time.process_time,
        ),
        compare(
            f"read and review {len(read):,} objects, against reading them",
            ours,
            lambda _: read_manifests(written, "all.yaml"),
            ROUNDS,
            time.process_time,
        ),
        compare(
            "`pushboat check` of 100 objects from a cold start, against a start that does nothing",
            lambda _: _run("check", str(folder)),
            lambda _: _run("--version"),
        ),
    ]


def _run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "cli.main", *words], check=True, capture_output=True, cwd=ROOT)


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
