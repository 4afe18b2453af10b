"""A chart is untouched while its files are what they were and its cluster serves what it was rendered for."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from pushboat.model.state import State
from pushboat.store import deployments
from tests.cluster_view import ClusterView
from tests.engine_room.drifting import Watched, watched
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository
from tests.until import until
from tests.written import definition
from workers.routing.story import route_repository

CHART = {
    ".pushboat.yaml": "environments: {staging: {branch: main, path: shop, wait: 0s, helm: {values: [v.yaml]}}}",
    "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
    "shop/values.yaml": "text: hello\n",
    "shop/v.yaml": "text: good morning\n",
    "shop/templates/a.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
        "data: {text: '{{ .Values.text }}', has: '{{ .Capabilities.APIVersions.Has \"GROUP/v1/Monitor\" }}'}\n"
    ),
}
CHANCE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {by: '{{ randAlphaNum 9 }}'}\n"


def touches(stage: Watched, files: Mapping[str, str], *, replace: bool = False) -> bool:
    """Push, and carry out what that leads to; say whether there was anything."""
    sha = stage.github.push("acme/shop", "main", files, deliver=False, replace=replace).sha
    stage.repository.receive(sha)
    route_repository(stage.tools, NAME)
    (made,) = deployments.listed(stage.store, repository=NAME, sha=sha)
    if made.same_as:
        return False
    done = stage.carried_out(made)
    assert done.state is State.SUCCEEDED, done.reason
    return True


def test_a_chart_is_touched_by_its_files_its_values_and_what_its_cluster_serves(
    tmp_path: Path, helm: Path, github: FakeGitHub, repository: Repository, kubeconfig: Path, cluster: ClusterView
) -> None:
    """A README leaves it alone. Values and templates do not; nor does a kind that has come to the cluster, once a look
    has seen that. What chance decides is deployed with every push."""
    with watched(tmp_path, github, repository, kubeconfig, cluster) as stage:
        group = f"{stage.namespace}.example.com"
        files = {path: text.replace("GROUP", group) for path, text in CHART.items()}
        assert touches(stage, files, replace=True)
        assert not touches(stage, {"README.md": "1"})
        assert touches(stage, {"shop/v.yaml": "text: good evening\n"})
        assert stage.map("a")["data"] == {"text": "good evening", "has": "false"}
        assert not touches(stage, {"README.md": "2"})
        definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        cluster.request("POST", definitions, yaml.safe_load(definition("monitors", "Monitor", group)))
        until(lambda: cluster.get(f"/apis/{group}/v1"), what="the kind to be served")
        stage.come_round()
        assert touches(stage, {"README.md": "3"})
        assert stage.map("a")["data"]["has"] == "true"
        assert not touches(stage, {"README.md": "4"})
        assert touches(stage, {"shop/templates/b.yaml": CHANCE})
        assert touches(stage, {"README.md": "5"})
        cluster.request("DELETE", f"{definitions}/monitors.{group}")
