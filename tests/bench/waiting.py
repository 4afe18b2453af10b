"""From two manifests to two healthy workloads: we, and kubectl apply followed by kubectl wait."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.config.operator import ClusterAccess
from tests.bench.measuring import Row, compare
from tests.cluster.desk import Desk
from workers.cluster.client.connection import APPLY, Cluster, connect
from workers.cluster.waiting.settling import SETTLES_FOR

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {0}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: {0}}}}}
  template:
    metadata: {{labels: {{app: {0}}}}}
    spec: {{containers: [{{name: app, image: "registry.example/app:1"{1}}}]}}
"""
PROBE = ", readinessProbe: {httpGet: {port: 80, path: /}}"
ROUNDS = 5


def measure(kubeconfig: Path, folder: Path) -> list[Row]:
    """Compare with readiness probes and without; what has none has to run for a while, and that is added to kubectl."""
    if not shutil.which("kubectl"):
        return []
    cluster = connect(ClusterAccess(name="bench", kubeconfig=kubeconfig))
    rows = []
    try:
        for what, probe, settle in (("with probes", PROBE, 0.0), ("without probes", "", SETTLES_FOR)):
            text = "---\n".join(DEPLOYMENT.format(name, probe) for name in "ab")
            file = folder / "two.yaml"
            file.write_text(text)
            label = what.replace(" ", "-")
            row = compare(
                f"2 Deployments {what} until healthy, against kubectl apply and kubectl wait",
                lambda number, label=label, text=text: _ours(cluster, f"our-{label}-{number}", text),
                lambda number, label=label, file=file: _theirs(cluster, kubeconfig, file, f"their-{label}-{number}"),
                rounds=ROUNDS,
            )
            rows.append(replace(row, peer=row.peer + settle))
    finally:
        cluster.close()
    return rows


def _make(cluster: Cluster, namespace: str) -> None:
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    cluster.request("PATCH", f"/api/v1/namespaces/{namespace}", {"fieldManager": "bench"}, body, APPLY)


def _ours(cluster: Cluster, namespace: str, text: str) -> None:
    _make(cluster, namespace)
    environment = Environment(
        name="bench", cluster="bench", namespaces=(namespace,), namespace=namespace, path="deploy"
    )
    Desk(cluster, environment).deploy_and_wait(text)


def _theirs(cluster: Cluster, kubeconfig: Path, file: Path, namespace: str) -> None:
    _make(cluster, namespace)
    words = ["kubectl", "--kubeconfig", str(kubeconfig), "--namespace", namespace]
    subprocess.run([*words, "apply", "--server-side", "--filename", str(file)], check=True, capture_output=True)
    waiting = ["wait", "--for=condition=Available", "deployment", "--all", "--timeout=60s"]
    subprocess.run([*words, *waiting], check=True, capture_output=True)
