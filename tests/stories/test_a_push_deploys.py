"""A push is running a moment later, and the commit says so."""

import pytest

from tests.stories.conftest import Shop
from tests.written import config_map, deployment

SUCCESS = {"github": ("pending", "success"), "gitlab": ("running", "success"), "gitea": ("pending", "success")}


@pytest.mark.proves("commit-status")
def test_a_push_is_accepted_deployed_and_reported(any_shop: Shop) -> None:
    """My push is answered with 202, runs, and its commit goes from pending to green in order."""
    sent = any_shop.forge.push(
        any_shop.name,
        "main",
        {
            ".pushboat.yaml": "environments: {staging: {branch: main, path: deploy}}",
            "deploy/settings.yaml": config_map(greeting="hello"),
            "deploy/web.yaml": deployment(replicas=2),
        },
    )
    assert sent.sent[0].response is not None
    assert sent.sent[0].response.status_code == 202
    assert set(sent.sent[0].response.json()) >= {"delivery"}

    ended = any_shop.ended(sent.sha)
    assert (ended["state"], ended["objects"]) == (
        "succeeded",
        {"created": 2, "configured": 0, "unchanged": 0, "deleted": 0},
    )
    running, success = SUCCESS[any_shop.forge_name]
    sentence = any_shop.status(sent.sha, success)
    assert sentence.startswith("2 objects: 2 created; healthy in ")
    states = any_shop.states(sent.sha)
    assert states[0] == "pending"
    assert states[-1] == success
    assert running in states[:-1]
    assert states.count(success) == 1

    live = any_shop.cluster.deployment(any_shop.namespace, "web")
    assert live["status"]["availableReplicas"] == 2
    assert any_shop.cluster.config_map(any_shop.namespace, "settings")["data"] == {"greeting": "hello"}


@pytest.mark.proves("inventory")
def test_what_is_deployed_stands_in_an_inventory_that_kubectl_knows(shop: Shop) -> None:
    """I find out with kubectl alone what Pushboat owns in a namespace."""
    sha = shop.push({"deploy/settings.yaml": config_map()})
    shop.ended(sha)
    secrets = shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/secrets?labelSelector=applyset.kubernetes.io/id")
    [parent] = secrets["items"]
    assert parent["metadata"]["name"].startswith("pushboat-staging-")
    assert parent["metadata"]["annotations"]["applyset.kubernetes.io/tooling"].startswith("pushboat/")
    assert parent["metadata"]["annotations"]["applyset.kubernetes.io/contains-group-kinds"] == "ConfigMap"
    live = shop.cluster.config_map(shop.namespace, "settings")
    mine = parent["metadata"]["labels"]["applyset.kubernetes.io/id"]
    assert live["metadata"]["labels"]["applyset.kubernetes.io/part-of"] == mine


@pytest.mark.proves("pages", "commit-status")
def test_the_status_links_to_a_page_that_tells_the_story(shop: Shop) -> None:
    """I click on the status and read what was deployed, by whom, and how it went."""
    sha = shop.push({"deploy/settings.yaml": config_map()}, message="Let it be greeted")
    shop.status(sha, "success")
    address = shop.forge.statuses(shop.name, sha, "pushboat/staging")[-1][3]
    assert address.startswith(shop.served.url + "/deployments/")
    page = shop.served.page(address.removeprefix(shop.served.url))
    for words in (sha[:7], "staging", "alice", "Let it be greeted", f"ConfigMap/{shop.namespace}/settings", "created"):
        assert words in page
