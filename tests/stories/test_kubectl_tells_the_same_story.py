"""Who looks with kubectl finds commit, author and pull request: events at the inventory, causes in the history."""

from typing import Any

import pytest

from tests.stories.conftest import Shop
from tests.stories.test_a_pull_request_is_planned import opened
from tests.until import until
from tests.written import config_map, deployment, repository_file

CAUSE = "kubernetes.io/change-cause"


def manifest(image: str = "registry.example/web:1", **more: str) -> dict[str, str]:
    """Write a workload and its settings."""
    return {"deploy/web.yaml": deployment(image=image), "deploy/settings.yaml": config_map(**more)}


def cause(shop: Shop) -> str:
    """Read why the workload changed last."""
    return str(shop.cluster.deployment(shop.namespace, "web")["metadata"]["annotations"].get(CAUSE, ""))


def history(shop: Shop) -> dict[str, str]:
    """Give what `kubectl rollout history deployment/web` shows: a cause for each revision."""
    sets = shop.cluster.get(f"/apis/apps/v1/namespaces/{shop.namespace}/replicasets")["items"]
    marks = [each["metadata"]["annotations"] for each in sets]
    return {each["deployment.kubernetes.io/revision"]: each.get(CAUSE, "") for each in marks}


def events(shop: Shop, number: int) -> list[dict[str, Any]]:
    """Wait until so many events stand at the inventory, oldest first, and give them."""

    def found() -> list[dict[str, Any]]:
        items = shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/events")["items"]
        ours = [each for each in items if each["source"].get("component") == "pushboat"]
        return sorted(ours, key=lambda each: str(each["firstTimestamp"])) if len(ours) >= number else []

    return until(found, what=f"{number} events")


@pytest.mark.proves("cluster-events")
def test_a_workload_says_which_commit_changed_it(shop: Shop) -> None:
    """`kubectl rollout history` names the commit, its author and its page; an unchanged workload keeps its cause."""
    first = shop.push(manifest(a="1"))
    ended = shop.ended(first)
    assert cause(shop) == f"{shop.repository}@{first[:7]} (main) by {ended['author']}, {ended['url']}"
    second = shop.push(manifest(a="2"))
    assert shop.ended(second)["objects"] | {"configured": 1} == shop.ended(second)["objects"]
    assert first[:7] in cause(shop)
    third = shop.push(manifest("registry.example/web:2", a="2"))
    shop.ended(third)
    assert third[:7] in cause(shop)
    assert {number: text.partition(" ")[0] for number, text in history(shop).items()} == {
        "1": f"{shop.repository}@{first[:7]}",
        "2": f"{shop.repository}@{third[:7]}",
    }


@pytest.mark.proves("cluster-events")
def test_a_cause_is_no_change(shop: Shop) -> None:
    """Another commit with the same workload leaves it untouched, and one that says its own cause keeps that."""
    shop.ended(shop.push(manifest(a="1")))
    again = shop.ended(shop.push({**manifest(a="1"), "README.md": "other"}))
    assert again["objects"]["unchanged"] == 2
    own = deployment().replace("name: web\n", f"name: web\n  annotations: {{{CAUSE}: by hand}}\n", 1)
    shop.ended(shop.push({**manifest(a="1"), "deploy/web.yaml": own}))
    assert cause(shop) == "by hand"


@pytest.mark.proves("cluster-events")
def test_every_deployment_that_did_something_is_an_event(shop: Shop) -> None:
    """`kubectl get events` tells what came, how it ended and why; a push that changed nothing adds nothing."""
    good = shop.push(manifest(a="1"))
    shop.ended(good)
    [deployed] = events(shop, 1)
    assert (deployed["type"], deployed["reason"]) == ("Normal", "Deployed")
    assert good[:7] in deployed["message"]
    assert "2 created" in deployed["message"]
    about = deployed["involvedObject"]
    parent = shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/secrets/{about['name']}")
    assert (about["kind"], about["uid"]) == ("Secret", parent["metadata"]["uid"])
    shop.ended(shop.push({**manifest(a="1"), "README.md": "other"}))
    broken = deployment(image="registry.example/web:bad")
    bad = shop.push({".pushboat.yaml": repository_file(wait="3s"), "deploy/web.yaml": broken})
    ended = shop.ended(bad)
    assert ended["state"] == "failed"
    _, failed = events(shop, 2)
    assert (failed["type"], failed["reason"]) == ("Warning", "DeploymentFailed")
    assert bad[:7] in failed["message"]
    assert ended["reason"][:60] in failed["message"]


def test_a_comments_pull_request_is_named(shop: Shop) -> None:
    """What `/deploy staging` brought says on which pull request somebody said it."""
    shop.ended(shop.push(manifest(a="1")))
    number, sha = opened(shop, manifest("registry.example/web:2", a="1"))
    shop.forge.projects[shop.name].permissions.update({"wendy": "write"})
    shop.forge.comment(shop.name, number, "wendy", "/deploy staging")
    shop.ended(sha)
    assert f"by wendy, pull request #{number}, http" in cause(shop)
    assert f"pull request #{number}" in events(shop, 2)[-1]["message"]
