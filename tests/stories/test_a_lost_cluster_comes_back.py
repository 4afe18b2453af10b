"""The cluster is gone and the store is there: one command, and everything runs again as it did."""

import json
from typing import Any

import pytest
import yaml

from tests.cluster_view import ClusterView
from tests.forked import Finished
from tests.stories.conftest import Shop
from tests.stories.test_a_release_is_brought_back import secret
from tests.until import until
from tests.written import config_map, deployment

BY_THE_SERVER = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields")
NOT_OURS = ("deployment.kubernetes.io/revision", "kubernetes.io/change-cause")
"""Counted by a controller; and why it changed last, which is that it was lost."""
KINDS = {"configmaps": "/api/v1", "secrets": "/api/v1", "services": "/api/v1", "deployments": "/apis/apps/v1"}


def both(**production: Any) -> str:
    """Write a file with two environments, of which production needs staging, and nobody but us brings it back."""
    staging = {"branch": "main", "path": "deploy"}
    needy = {**staging, "needs": ["staging"], "self_heal": False, **production}
    return yaml.safe_dump({"environments": {"staging": staging, "production": needy}})


def cleaned(view: ClusterView, namespace: str) -> dict[str, Any]:
    """Give all that is ours in a namespace, without what the server and controllers say of it."""
    found = {}
    for plural, group in KINDS.items():
        for each in view.get(f"{group}/namespaces/{namespace}/{plural}")["items"]:
            metadata = {name: value for name, value in each["metadata"].items() if name not in BY_THE_SERVER}
            marks = {name: value for name, value in metadata.get("annotations", {}).items() if name not in NOT_OURS}
            if "applyset.kubernetes.io/part-of" in metadata.get("labels", {}):
                rest = {name: value for name, value in each.items() if name not in ("metadata", "status")}
                found[f"{plural}/{metadata['name']}"] = {**rest, "metadata": {**metadata, "annotations": marks}}
    return found


def account(shop: Shop, environ: dict[str, str], said: Finished) -> str:
    """Give all that there is to read where a command did not end as it should: what it said, and what became of it."""
    rows = [row for each in ("staging", "production") for row in shop.served.deployments(shop.repository, each)]
    told = ("id", "environment", "state", "reason", "trigger", "waits", "created_at", "started_at", "finished_at")
    asked = shop.served.command("audit", "list", shop.repository, env=environ)
    lines = [str({name: row.get(name) for name in told}) for row in rows]
    return "\n".join([f"exit code {said.returncode}", said.stdout, said.stderr, *lines, asked.stdout, asked.stderr])


def lose(view: ClusterView, *namespaces: str) -> None:
    """Delete namespaces with all that is in them, the inventories as well."""
    for namespace in namespaces:
        view.request("DELETE", f"/api/v1/namespaces/{namespace}")
    until(
        lambda: not any(view.get(f"/api/v1/namespaces/{namespace}") for namespace in namespaces),
        what="the namespaces to be gone",
    )


@pytest.mark.proves("recover")
def test_everything_runs_again_in_the_order_of_its_needs(shop: Shop, environ: dict[str, str]) -> None:
    """I lose the cluster; what ran runs again, Secrets too, production after staging, and a push goes on from there."""
    everything_runs_again(shop, environ)


def everything_runs_again(shop: Shop, environ: dict[str, str]) -> None:
    """Lose both environments and bring them back, whatever the store is."""
    view, spaces = shop.cluster, (shop.namespace, shop.namespace_of("production"))
    first = shop.push(
        {
            ".pushboat.yaml": both(),
            "deploy/web.yaml": deployment(),
            "deploy/a.yaml": config_map("a"),
            "deploy/s.yaml": secret("hunter2"),
        }
    )
    assert shop.ended(first, "production")["state"] == "succeeded"
    before = [cleaned(view, space) for space in spaces]
    assert all("secrets/login" in each and "deployments/web" in each for each in before)
    lose(view, *spaces)

    tried = shop.served.command("recover", shop.repository, "--to-cluster", "--dry-run", env=environ)
    assert tried.returncode == 0, account(shop, environ, tried)
    assert f"{shop.repository} production: release 1 ({first[:7]}), after staging" in tried.stderr
    assert view.get(f"/api/v1/namespaces/{shop.namespace}") is None
    nobody = shop.served.command("recover", shop.repository, "--to-cluster", env=environ)
    assert (nobody.returncode, "say --yes if it is meant" in nobody.stderr) == (2, True)

    back = shop.served.command("recover", shop.repository, "--to-cluster", "--yes", env=environ)
    assert back.returncode == 0, account(shop, environ, back)
    assert "healthy in" in back.stdout
    assert "hunter2" not in back.stdout + back.stderr
    assert [cleaned(view, space) for space in spaces] == before
    staging, production = (shop.served.deployments(shop.repository, each)[0] for each in ("staging", "production"))
    assert (staging["trigger"], staging["release"]) == ("recovery", 2)
    assert staging["objects"] == {"created": 3, "configured": 0, "unchanged": 0, "deleted": 0}
    assert production["started_at"] >= staging["finished_at"]
    asked = shop.served.command("audit", "list", shop.repository, env=environ).stdout
    assert "recover" in asked

    again = shop.served.command("recover", shop.repository, "--to-cluster", "--yes", "--json", env=environ)
    assert again.returncode == 0, account(shop, environ, again)
    assert {each["end"] for each in json.loads(again.stdout) if each["environment"] in ("staging", "production")} == {
        "recovered"
    }
    assert shop.served.deployments(shop.repository)[0]["objects"]["unchanged"] == 3
    newer = shop.push({"deploy/a.yaml": None})
    assert shop.ended(newer, "production")["objects"] == {"created": 0, "configured": 0, "unchanged": 2, "deleted": 1}


@pytest.mark.proof
def test_what_does_not_come_back_is_named(shop: Shop, environ: dict[str, str]) -> None:
    """Staging is paused: nothing passes that, production is not asked without it, I hear who can let go, and no push
    is told meanwhile that production runs as it did."""
    view, space = shop.cluster, shop.namespace
    first = shop.push({".pushboat.yaml": both(), "deploy/a.yaml": config_map("a")})
    assert shop.ended(first, "production")["state"] == "succeeded"
    lose(view, space, shop.namespace_of("production"))
    paused = shop.served.command("pause", shop.repository, "staging", "--reason", "we look", env=environ)
    assert paused.returncode == 0, paused.stderr
    back = shop.served.command("recover", shop.repository, "--to-cluster", "--yes", env=environ)
    assert back.returncode == 1, account(shop, environ, back)
    assert f"{shop.repository} staging held: paused by" in back.stdout
    assert f"pushboat resume {shop.repository} staging" in back.stdout
    assert f"{shop.repository} production not-asked: it needs staging, which is not back" in back.stdout
    assert view.get(f"/api/v1/namespaces/{space}") is None
    resumed = shop.served.command("resume", shop.repository, "staging", env=environ)
    assert resumed.returncode == 0, resumed.stderr
    until(lambda: view.config_map(space, "a"), what="staging to come back once it may")
    until(lambda: shop.served.deployments(shop.repository)[0]["state"] == "succeeded", what="staging to be whole")
    beside = shop.push({"README.md": "nothing that is deployed"})
    assert shop.ended(beside, "production")["objects"]["created"] == 1, "it was said to run as it is"
