"""The Helm chart makes what the kustomize overlays make, and Pushboat's own rules have nothing to say to either."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.lab.golang import install
from tests import forked
from tests.serving import ROOT
from workers.render.renderers import HELM, KUSTOMIZE

CHART = ROOT / "deploy/helm/pushboat"
OVERLAYS = ROOT / "deploy/kustomize/overlays"
MODES = {"single": "single-node", "split": "high-availability"}
LEFT_TO_TASTE = (
    *("cpu-limit", "cpu-even", "memory-even"),  # renders burst, and rest between them
    *("storage-request", "storage-limit"),  # caches take what there is, and are let go of by `retention`
    *("pull-policy", "shared-users"),  # the registry's and the nodes' business
    "service-account-token",  # of the pods that deploy; the others have none, which a test below holds
    "spread-over-nodes",  # the one pod of a single node is nowhere else
    "secret-in-environment",  # pushboat.yaml reads files as well; variables need no list of keys here
)
STRICT = {
    **dict.fromkeys(("pod-security-baseline", "pod-security-restricted", "hygiene", "wiring"), "deny"),
    **dict.fromkeys(LEFT_TO_TASTE, "off"),
}
Objects = dict[tuple[str, str], dict[str, Any]]


def built(command: list[Path | str]) -> Objects:
    """Render, and give each object by its kind and name."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [each for each in yaml.safe_load_all(done.stdout) if each]
    return {(each["kind"], name(each["metadata"]["name"])): plain(each) for each in found}


def template(mode: str, *words: str) -> list[Path | str]:
    """Write the command that renders the chart."""
    where: list[Path | str] = [install(HELM), "template", "pushboat", CHART, "--namespace", "pushboat"]
    return [*where, "--kube-version", "1.36.0", "--set", f"mode={mode}", *words]


def name(written: str) -> str:
    """Leave out the digest that kustomize gives a ConfigMap's name."""
    return "pushboat" if written.startswith("pushboat-") and len(written) == len("pushboat-") + 10 else written


def plain(each: Any) -> Any:
    """Leave out what tells the two apart on purpose: the ConfigMap's digest and its text's layout."""
    if isinstance(each, list):
        return [plain(one) for one in each]
    if not isinstance(each, Mapping):
        return each
    left = {key: plain(value) for key, value in each.items() if key != "imagePullPolicy"}
    if "configMap" in left:
        left["configMap"] = {"name": name(left["configMap"]["name"])}
    if each.get("kind") == "ConfigMap":
        left["metadata"]["name"] = name(left["metadata"]["name"])
        left["data"] = {"pushboat.yaml": yaml.safe_load(left["data"]["pushboat.yaml"])}
    if "annotations" in left:
        left["annotations"] = {key: text for key, text in left["annotations"].items() if key != "checksum/config"}
        if not left["annotations"]:
            del left["annotations"]
    return left


@pytest.mark.parametrize("mode", MODES)
def test_both_make_the_same_objects(mode: str) -> None:
    """Whoever takes the chart has what whoever takes the overlay has; the namespace is Helm's to create."""
    of_kustomize = built([install(KUSTOMIZE), "build", OVERLAYS / MODES[mode]])
    del of_kustomize["Namespace", "pushboat"]
    of_helm = built(template(mode))
    assert of_helm.keys() == of_kustomize.keys()
    for key in of_kustomize:
        assert of_helm[key] == of_kustomize[key], key


@pytest.mark.parametrize("command", ["helm", "kustomize"])
def test_only_who_deploys_has_the_accounts_token(command: str) -> None:
    """Who breaks into the pods that face the world, or speak to forges, finds nothing to ask the cluster with."""
    made = template("split") if command == "helm" else [install(KUSTOMIZE), "build", OVERLAYS / "high-availability"]
    pods = {
        name: each["spec"]["template"]["spec"] for (kind, name), each in built(made).items() if kind == "Deployment"
    }
    assert len(pods) == 5
    assert {name for name, pod in pods.items() if pod.get("automountServiceAccountToken", True)} == {"pushboat-worker"}


def test_a_wrong_value_is_refused() -> None:
    """A misspelt key, a mode that there is not, no replica: the chart says so, and makes nothing."""
    for wrong in ("modee=split", "mode=double", "replicas.web=0", "image.tga=1"):
        done = subprocess.run(template("single", "--set", wrong), capture_output=True, text=True, check=False)
        assert done.returncode != 0, wrong
        assert "values don't meet the specifications of the schema" in done.stderr


def test_the_chart_is_of_this_version() -> None:
    """The image that it takes without more is the one of this tree."""
    [version] = [line for line in (ROOT / "pyproject.toml").read_text().splitlines() if line.startswith("version = ")]
    told = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert f'version = "{told["version"]}"' == version
    assert told["appVersion"] == told["version"]


@pytest.mark.proof
def test_our_own_rules_find_nothing(tmp_path: Path) -> None:
    """Pushboat renders chart and overlays itself, under rules that refuse, and has nothing to say."""
    environments: dict[str, Any] = {}
    for mode, overlay in MODES.items():
        helm = {"release": "pushboat", "values": [f"values-{mode}.yaml"]}
        environments[f"helm-{mode}"] = {"branch": "main", "path": "deploy/helm/pushboat", "helm": helm}
        environments[overlay] = {"branch": "main", "path": f"deploy/kustomize/overlays/{overlay}"}
    (tmp_path / ".pushboat.yaml").write_text(yaml.safe_dump({"environments": environments}))
    limits = {"cluster": "dev", "namespaces": ["pushboat"], "policy": {"rules": STRICT}}
    limits["cluster_scoped"] = ["Namespace", "ClusterRole", "ClusterRoleBinding"]
    operator = {
        "forges": {"local": {"kind": "git", "root": ".", "webhook_secrets": [{"env": "NONE"}]}},
        "clusters": {"dev": {"kubeconfig": "none"}},
        "projects": [{"repository": "local/own", "environments": dict.fromkeys(environments, limits)}],
    }
    (tmp_path / "operator.yaml").write_text(yaml.safe_dump(operator))
    (tmp_path / "deploy").mkdir(exist_ok=True)
    for folder in ("helm", "kustomize"):
        subprocess.run(["cp", "-r", ROOT / "deploy" / folder, tmp_path / "deploy/"], check=True)
    for mode in MODES:
        (tmp_path / f"deploy/helm/pushboat/values-{mode}.yaml").write_text(f"mode: {mode}\n")
    for words in (["init", "--quiet", "--initial-branch=main"], ["add", "."]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    check = ["--config", str(tmp_path / "operator.yaml"), "check", "--repository", "local/own", "--json", str(tmp_path)]
    done = forked.pushboat(check, cwd=tmp_path, env=os.environ)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)["items"]
    assert {each["environment"] for each in found} == set(environments)
    assert not [each["findings"] for each in found if each["findings"]]
