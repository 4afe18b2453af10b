"""`pushboat check --context`: a cluster's own CRDs and schemas count, and it is only read."""

from pathlib import Path

import yaml

from tests import forked
from tests.cluster.desk import Desk
from tests.until import until
from tests.written import definition
from workers.cluster.client.connection import Cluster

FILE = "environments:\n  staging: {branch: main, path: deploy}\n"


def test_a_cluster_of_my_kubeconfig_is_asked(desk: Desk, door: Cluster, kubeconfig: Path, tmp_path: Path) -> None:
    """A kind that the cluster's CRD defines is judged by it; without the cluster nobody knows it, and that is said."""
    group = f"{desk.namespace}.example.com"
    desk.allowing(cluster_scoped=("CustomResourceDefinition",)).deploy(definition("boats", "Boat", group))
    (tmp_path / "deploy").mkdir()
    (tmp_path / ".pushboat.yaml").write_text(FILE)
    boat = f"apiVersion: {group}/v1\nkind: Boat\nmetadata: {{name: tug}}\nspec: {{size: large}}\n"
    (tmp_path / "deploy" / "boat.yaml").write_text(boat)
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "KUBECONFIG": str(kubeconfig)}
    environ["GIT_CEILING_DIRECTORIES"] = str(tmp_path.parent)

    def check(*words: str) -> forked.Finished:
        return forked.pushboat(["check", str(tmp_path), *words], cwd=tmp_path, env=environ)

    alone = check()
    assert alone.returncode == 0, alone.stdout
    assert "schema of Boat not checked: its definition is not known here" in alone.stdout

    def found() -> forked.Finished | None:
        """Ask until its schema is published, a moment after the kind; until then nobody says that it fits."""
        asked = check("--context", context_of(kubeconfig))
        assert asked.returncode == 1 or "schema of Boat not checked" in asked.stdout, asked.stdout
        return asked if asked.returncode else None

    asked = until(found, what="the schema of Boat to be published")
    assert "deploy/boat.yaml:4:14: Boat/tug: spec.size must be a whole number, this is text" in asked.stdout
    assert f"held against what {context_of(kubeconfig)} serves" in asked.stderr
    assert check("--context", "nowhere").returncode == 3


def context_of(kubeconfig: Path) -> str:
    """Name the current context."""
    return str(yaml.safe_load(kubeconfig.read_text())["current-context"])
