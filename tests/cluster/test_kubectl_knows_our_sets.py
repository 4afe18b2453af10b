"""The inventory is an ApplySet (KEP-3659): kubectl lists its members, and leaves it alone."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cluster.desk import Desk, config_map, deployment

KUBECTL = shutil.which("kubectl")


@pytest.fixture
def kubectl(kubeconfig: Path, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Kubectl":
    """The real kubectl, in the environment's namespace."""
    assert KUBECTL, "there is no kubectl on PATH to ask: install one (1.32 or newer)"
    monkeypatch.setenv("KUBECTL_APPLYSET", "true")
    return Kubectl(kubeconfig, desk.namespace, tmp_path)


class Kubectl:
    """Runs commands as the administrator."""

    def __init__(self, kubeconfig: Path, namespace: str, folder: Path) -> None:
        self._usual = [KUBECTL or "", "--kubeconfig", str(kubeconfig), "--namespace", namespace]
        self.folder = folder

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self._usual, *words], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.proves("applyset")
def test_kubectl_lists_what_is_ours(desk: Desk, kubectl: "Kubectl") -> None:
    """One label finds the members, and only them."""
    desk.deploy(config_map("settings", a="1") + deployment())
    assert kubectl("create", "configmap", "theirs").returncode == 0
    listed = kubectl(
        "get", "configmaps,deployments", "-l", f"applyset.kubernetes.io/part-of={desk.parent.id}", "-oname"
    )
    assert sorted(listed.stdout.split()) == ["configmap/settings", "deployment.apps/web"], listed.stderr


@pytest.mark.proves("applyset")
def test_kubectl_refuses_to_apply_with_our_set(desk: Desk, kubectl: "Kubectl") -> None:
    """Who tries to prune with our parent is refused by kubectl itself, and nothing is deleted."""
    desk.deploy(config_map("settings", a="1") + deployment())
    folder = kubectl.folder / "other.yaml"
    folder.write_text(config_map("other"))
    done = kubectl("apply", "-f", str(folder), "--prune", f"--applyset=secrets/{desk.parent.name}")
    assert done.returncode != 0
    assert 'is managed by tooling "pushboat" instead of "kubectl"' in done.stderr
    assert desk.get("configmaps", "settings") is not None
    assert desk.get("configmaps", "other") is None


def test_what_kubectl_relies_on_stands_in_a_handed_over_set_too(desk: Desk, kubectl: "Kubectl") -> None:
    """After a rename the parent is the same set: same id, same members."""
    desk.deploy(config_map("settings", a="1"))
    desk.allowing(name="stage", formerly=("staging",)).deploy(config_map("settings", a="1"))
    label = f"applyset.kubernetes.io/part-of={desk.parent.id}"
    assert kubectl("get", "configmaps", "-l", label, "-oname").stdout.split() == ["configmap/settings"]
    done = kubectl("get", "secrets", "-l", f"applyset.kubernetes.io/id={desk.parent.id}", "-oname")
    assert done.stdout.split() == [f"secret/{desk.parent.name}"]
