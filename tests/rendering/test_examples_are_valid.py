"""The sample repositories run on a real cluster that is as strict as a careful operator's."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.cluster_view import ClusterView
from tests.rendering.conftest import environment
from tests.sweeping import sweep
from workers.render.choosing import Rendered, render
from workers.source.checkout import CheckedOut

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PLURALS = {
    "ConfigMap": "configmaps",
    "Deployment": "deployments",
    "Job": "jobs",
    "NetworkPolicy": "networkpolicies",
    "PodDisruptionBudget": "poddisruptionbudgets",
    "Role": "roles",
    "RoleBinding": "rolebindings",
    "Service": "services",
    "ServiceAccount": "serviceaccounts",
}


@pytest.fixture
def restricted(cluster: ClusterView) -> Iterator[str]:
    """A namespace that enforces the restricted pod security standard."""
    name = f"examples-{uuid.uuid4().hex[:8]}"
    labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    cluster.request("POST", "/api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})
    yield name
    sweep(cluster.request, name)


def _rendered(example: str) -> Rendered:
    root = EXAMPLES / example
    folder = yaml.safe_load((root / ".pushboat.yaml").read_text())["environments"]["staging"]["path"]
    files = tuple(sorted(str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()))
    return render(CheckedOut(root=root, folder=folder, sha="a" * 40, files=files), environment(folder))


@pytest.mark.parametrize(
    ("example", "engine", "count"),
    [("plain", "plain", 10), ("kustomize", "kustomize", 4), ("helm", "helm", 6), ("hooks", "plain", 7)],
)
def test_an_example_renders(example: str, engine: str, count: int, helm: Path) -> None:
    """Each example is what its README says: plain files, an overlay on a base, or a chart."""
    made = _rendered(example)
    assert (made.engine.partition(" ")[0], len(made.manifests)) == (engine, count)
    assert not [manifest for manifest in made.manifests if manifest.ref.namespace]


@pytest.mark.timeout(900)  # the first build of the control plane
@pytest.mark.parametrize("example", ["plain", "kustomize", "helm"])
def test_a_real_api_server_accepts_an_example(example: str, cluster: ClusterView, restricted: str, helm: Path) -> None:
    """Every object of an example passes strict validation, and its pods the restricted standard."""
    for manifest in _rendered(example).manifests:
        group = f"/apis/{manifest.api_version}" if manifest.ref.group else f"/api/{manifest.version}"
        made = cluster.request(
            "PATCH",
            f"{group}/namespaces/{restricted}/{PLURALS[manifest.ref.kind]}/{manifest.ref.name}"
            "?fieldManager=examples&fieldValidation=Strict&dryRun=All",
            dict(manifest.body),
            "application/apply-patch+yaml",
        )
        assert made["metadata"]["name"] == manifest.ref.name
        if manifest.ref.kind == "Deployment":
            pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "probe"}} | {
                "spec": {**manifest.body["spec"]["template"]["spec"], "serviceAccountName": "default"}
            }
            path = f"/api/v1/namespaces/{restricted}/pods?dryRun=All&fieldValidation=Strict"
            assert cluster.request("POST", path, pod)["spec"]["containers"]
