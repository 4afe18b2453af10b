"""`pushboat drift --to-git` writes what somebody changed at night into the files, and the next push changes nothing."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stories.conftest import Shop
from tests.written import config_map, repository_file

WEB = """\
# the shop's front; ask ops before you touch it
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1  # enough for a Tuesday
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: app
        image: "registry.example/web:1"   # set by CI
        env:
        - {name: MODE, value: "on"}
---
apiVersion: v1
kind: Secret
metadata: {name: key}
stringData: {password: verySecret}
"""
FILE = "deploy/web.yaml"


def git(folder: Path, *words: str, given: str = "") -> str:
    """Run git in a folder."""
    return subprocess.run(["git", *words], cwd=folder, input=given, text=True, check=True, capture_output=True).stdout


def edited(shop: Shop, plural: str, name: str, body: Any, group: str = "/apis/apps/v1") -> None:
    """Change an object as `kubectl edit` does."""
    path = f"{group}/namespaces/{shop.namespace}/{plural}/{name}?fieldManager=kubectl-edit"
    shop.cluster.request("PATCH", path, body, "application/strategic-merge-patch+json")


def rollouts(deployment: Any) -> str:
    """Count how often a Deployment's pods were made anew."""
    return str(deployment["metadata"]["annotations"]["deployment.kubernetes.io/revision"])


@pytest.mark.proves("drift-to-git")
def test_what_was_edited_at_night_is_committed_in_the_morning(
    shop: Shop, environ: dict[str, str], tmp_path: Path
) -> None:
    """I print the diff, write it in my work tree, push it: nothing differs any more, and what runs never changed."""
    files = {FILE: WEB, "deploy/settings.yaml": config_map("settings", v="1", gone="x")}
    sha = shop.push({".pushboat.yaml": repository_file(), **files})
    shop.ended(sha)
    place = (shop.repository, "staging")
    app = {
        "name": "app",
        "image": "registry.example/web:2",
        "env": [{"name": "DEBUG", "value": "1"}],
        "readinessProbe": {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 5},
    }
    edited(shop, "deployments", "web", {"spec": {"replicas": 3, "template": {"spec": {"containers": [app]}}}})
    edited(shop, "configmaps", "settings", {"data": {"v": "2", "gone": None}}, "/api/v1")
    edited(shop, "secrets", "key", {"stringData": {"password": "otherSecret"}}, "/api/v1")
    printed = shop.served.command("drift", *place, "--to-git", env=environ)
    assert printed.returncode == 1, printed.stderr  # the Secret is left
    assert f"Secret/{shop.namespace}/key is not written: a Secret's values are written to no file" in printed.stderr
    assert "verySecret" not in printed.stdout + printed.stderr
    assert "otherSecret" not in printed.stdout + printed.stderr
    tree = tmp_path / "shop"
    for file, text in files.items():
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        (tree / file).write_text(text)
    git(tmp_path, "init", "-q", "shop")
    git(tree, "apply", "--check", "-", given=printed.stdout)
    wrote = shop.served.command("drift", *place, "--to-git", "--write", "--checkout", str(tree / "deploy"), env=environ)
    assert wrote.stdout.splitlines() == ["deploy/settings.yaml", FILE]
    git(tree, "apply", "--reverse", "--check", "-", given=printed.stdout)  # what was written is what was printed
    assert (tree / FILE).read_text() == WEB.replace("replicas: 1 ", "replicas: 3 ").replace(
        '"registry.example/web:1"', '"registry.example/web:2"'
    ).replace(
        '        - {name: MODE, value: "on"}\n',
        '        - name: DEBUG\n          value: "1"\n        - {name: MODE, value: "on"}\n'
        "        readinessProbe:\n          httpGet:\n            path: /healthz\n            port: 8080\n"
        "          periodSeconds: 5\n",
    )
    again = shop.served.command("drift", *place, "--to-git", "--write", "--checkout", str(tree), env=environ)
    assert (again.returncode, f"is not as {sha[:7]} has it" in again.stderr) == (1, True)
    edited(shop, "secrets", "key", {"stringData": {"password": "verySecret"}}, "/api/v1")
    before = shop.cluster.deployment(shop.namespace, "web")
    shop.ended(shop.push({file: (tree / file).read_text() for file in files}))
    told = shop.served.command("drift", *place, "--to-git", "--json", env=environ)
    assert (told.returncode, json.loads(told.stdout)["drift"]) == (0, [])
    live = shop.cluster.deployment(shop.namespace, "web")
    assert (live["spec"], live["spec"]["replicas"], rollouts(live)) == (before["spec"], 3, rollouts(before))
    assert shop.cluster.config_map(shop.namespace, "settings")["data"] == {"v": "2"}


BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: app
        image: registry.example/web:1
"""
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "chart/templates/a.yaml": config_map("made", v="1"),
}


def environments(**paths: str) -> str:
    """Write a file with environments that follow main."""
    return yaml.safe_dump({"environments": {name: {"branch": "main", "path": path} for name, path in paths.items()}})


@pytest.mark.proof
@pytest.mark.programs
def test_an_overlay_says_it_and_the_base_of_others_stays(shop: Shop, environ: dict[str, str], tmp_path: Path) -> None:
    """Two overlays on one base: what was scaled in staging is staging's alone; of a chart I am told to look myself."""
    overlay = "resources: [../base]\nnamePrefix: my-\nimages:\n- name: registry.example/web\n  newTag: '2'  # by CI\n"
    files = {
        ".pushboat.yaml": environments(staging="staging", production="production"),
        "base/kustomization.yaml": "resources: [web.yaml]\n",
        "base/web.yaml": BASE,
        "staging/kustomization.yaml": overlay,
        "production/kustomization.yaml": "resources: [../base]\n",
    }
    sha = shop.push(files)
    for environment in ("staging", "production"):
        shop.ended(sha, environment)
    place = (shop.repository, "staging")
    app = {"name": "app", "image": "registry.example/web:3"}
    edited(shop, "deployments", "my-web", {"spec": {"replicas": 2, "template": {"spec": {"containers": [app]}}}})
    git(tmp_path, "init", "-q", "shop")
    tree = tmp_path / "shop"
    for file, text in files.items():
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        (tree / file).write_text(text)
    wrote = shop.served.command("drift", *place, "--to-git", "--write", "--checkout", str(tree), env=environ)
    assert wrote.returncode == 0, wrote.stderr
    patch = "staging/deployment-web-patch.yaml"
    assert wrote.stdout.splitlines() == [patch, "staging/kustomization.yaml"]
    assert (tree / "staging/kustomization.yaml").read_text() == (
        overlay.replace("'2'", "'3'") + f"patches:\n- path: {Path(patch).name}\n"
    )
    changed = {file: (tree / file).read_text() for file in (patch, "staging/kustomization.yaml")}
    sha = shop.push(changed)
    for environment in ("staging", "production"):
        shop.ended(sha, environment)
    told = shop.served.command("drift", *place, "--to-git", env=environ)
    assert (told.returncode, told.stdout) == (0, "")
    assert shop.cluster.deployment(shop.namespace, "my-web")["spec"]["replicas"] == 2
    assert shop.cluster.deployment(shop.namespace_of("production"), "web")["spec"]["replicas"] == 1
    shop.ended(shop.push({**CHART, ".pushboat.yaml": environments(staging="chart", production="production")}))
    edited(shop, "configmaps", "made", {"data": {"v": "2"}}, "/api/v1")
    charted = shop.served.command("drift", *place, "--to-git", env=environ)
    assert (charted.returncode, charted.stdout) == (1, "")
    assert "data.v is not written: it comes from the chart in chart, and which of its values decides" in charted.stderr
