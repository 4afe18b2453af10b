"""A push that changes nothing, or one object of many, from its text to its end: we, and kubectl's server-side apply.

Both find what they wrote before. kubectl's side is brought by the same requests that it would make, under its name:
by itself it would take minutes for them.
"""

import shutil
import subprocess
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.config.operator import ClusterAccess
from tests.bench import applying
from tests.bench.measuring import Row, compare
from tests.cluster.desk import Desk
from workers.cluster.client.connection import APPLY, Cluster, connect

FEW, MANY = 500, 2000
UNCHANGED_AT_MOST, ONE_CHANGED_AT_MOST = 0.03, 0.02


def measure(kubeconfig: Path, folder: Path) -> list[Row]:
    """Compare with nothing changed of a few and of many objects, and with one changed of many."""
    if not shutil.which("kubectl"):
        return []
    cluster = connect(ClusterAccess(name="bench", kubeconfig=kubeconfig))
    file = folder / "unchanged.yaml"
    try:
        rows = [_row(cluster, kubeconfig, file, count, f"{count:,} unchanged objects") for count in (FEW, MANY)]
        changed = _row(cluster, kubeconfig, file, MANY, f"1 changed of {MANY:,} objects", changed=True)
        return [*rows, changed]
    finally:
        cluster.close()


def _row(cluster: Cluster, kubeconfig: Path, file: Path, count: int, what: str, *, changed: bool = False) -> Row:
    name = f"{'changed' if changed else 'unchanged'}-{count}"
    ours, theirs = _desk(cluster, f"ours-{name}"), _desk(cluster, f"theirs-{name}")
    text = applying.text(count)
    ours.deploy(text)
    _bring(theirs, text)
    wanted = text.replace("long enough to look", "short enough to look", 1) if changed else text
    assert (wanted != text) == changed
    file.write_text(wanted)
    most = ONE_CHANGED_AT_MOST if changed else UNCHANGED_AT_MOST
    words = ["kubectl", "--kubeconfig", str(kubeconfig), "--namespace", theirs.namespace]
    words += ["apply", "--server-side", "--filename", str(file)]
    return compare(
        f"{what}, against kubectl apply --server-side; at most {most}",
        lambda _: ours.deploy(wanted),
        lambda _: subprocess.run(words, check=True, capture_output=True),
        rounds=1,
    )


def _desk(cluster: Cluster, namespace: str) -> Desk:
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    cluster.request("PATCH", f"/api/v1/namespaces/{namespace}", {"fieldManager": "bench"}, body, APPLY)
    return Desk(
        cluster,
        Environment(name="bench", cluster="bench", namespaces=(namespace,), namespace=namespace, path="deploy"),
    )


def _bring(desk: Desk, text: str) -> None:
    for manifest in desk.manifests(text):
        kind = desk.cluster.kinds.find(manifest.ref.group, manifest.version, manifest.ref.kind)
        assert kind is not None
        path = kind.path(desk.namespace, manifest.ref.name)
        desk.cluster.request("PATCH", path, {"fieldManager": "kubectl"}, manifest.body, APPLY)
