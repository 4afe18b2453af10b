"""Applying 500 objects: we, a bare loop over the same client, and kubectl's server-side apply."""

import shutil
import subprocess
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.config.operator import ClusterAccess
from tests.bench.measuring import Row, compare
from tests.cluster.desk import Desk
from workers.cluster.client.connection import APPLY, Cluster, connect

OBJECTS = 500
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: s{0}}}
spec: {{selector: {{app: a{0}}}, ports: [{{port: 80}}]}}
"""
CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: c{0}}}
data: {{number: "{0}", text: some text that is long enough to look like a setting}}
"""


def text(objects: int = OBJECTS) -> str:
    """Write so many objects, every fifth a Service."""
    return "---\n".join((SERVICE if number % 5 == 0 else CONFIG).format(number) for number in range(objects))


def measure(kubeconfig: Path, folder: Path) -> list[Row]:
    """Compare first applies; `unchanged.py` has the second ones."""
    cluster = connect(ClusterAccess(name="bench", kubeconfig=kubeconfig))
    file = folder / "objects.yaml"
    file.write_text(text())
    try:
        rows = [
            compare(
                f"apply {OBJECTS} new objects, against a bare PATCH loop with one thread",
                lambda number: _ours(cluster, f"ours-{number}"),
                lambda number: _loop(cluster, f"loop-{number}"),
            )
        ]
        if shutil.which("kubectl"):
            rows.append(
                compare(
                    f"apply {OBJECTS} new objects, against kubectl apply --server-side",
                    lambda number: _ours(cluster, f"mine-{number}"),
                    lambda number: _kubectl(cluster, kubeconfig, file, f"theirs-{number}"),
                    rounds=1,
                )
            )
    finally:
        cluster.close()
    return rows


def _ours(cluster: Cluster, namespace: str) -> None:
    environment = Environment(
        name="bench",
        cluster="bench",
        namespaces=(namespace,),
        namespace=namespace,
        path="deploy",
        create_namespaces=True,
    )
    Desk(cluster, environment).apply(text())


def _make(cluster: Cluster, namespace: str) -> None:
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    cluster.request("PATCH", f"/api/v1/namespaces/{namespace}", {"fieldManager": "bench"}, body, APPLY)


def _loop(cluster: Cluster, namespace: str) -> None:
    _make(cluster, namespace)
    environment = Environment(
        name="bench", cluster="bench", namespaces=(namespace,), namespace=namespace, path="deploy"
    )
    for manifest in Desk(cluster, environment).manifests(text()):
        kind = cluster.kinds.find(manifest.ref.group, manifest.version, manifest.ref.kind)
        assert kind is not None
        path = kind.path(namespace, manifest.ref.name)
        cluster.request("PATCH", path, {"fieldManager": "bench", "fieldValidation": "Strict"}, manifest.body, APPLY)


def _kubectl(cluster: Cluster, kubeconfig: Path, file: Path, namespace: str) -> None:
    _make(cluster, namespace)
    words = ["kubectl", "--kubeconfig", str(kubeconfig), "--namespace", namespace]
    subprocess.run([*words, "apply", "--server-side", "--filename", str(file)], check=True, capture_output=True)
