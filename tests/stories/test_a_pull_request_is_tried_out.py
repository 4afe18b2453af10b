"""I try my pull request out on staging: it is mine until I merge or close, and then it runs what it follows."""

from typing import Any

import pytest

from tests.stories.conftest import Shop
from tests.stories.test_a_comment_deploys import replies
from tests.stories.test_a_pull_request_is_planned import opened
from tests.until import until
from tests.written import config_map

WAITS = {"github": "pending", "gitlab": "pending", "gitea": "pending"}


def tried(shop: Shop, branch: str, content: str) -> tuple[int, str]:
    """Open a pull request and deploy it."""
    number, sha = opened(shop, {"deploy/a.yaml": config_map("a", version=content)}, branch=branch)
    shop.forge.comment(shop.name, number, "alice", "/deploy staging")
    assert shop.ended(sha)["state"] == "succeeded"
    return number, sha


def staging(shop: Shop) -> dict[str, Any]:
    """Read the environment as the API has it."""
    items = shop.served.get("/api/v1/environments")["items"]
    (found,) = (each for each in items if (each["repository"], each["environment"]) == (shop.repository, "staging"))
    return dict(found)


def test_it_is_mine_until_the_merge_which_runs_already(any_shop: Shop) -> None:
    """A push waits and says for whom; my merge has both and is deployed; the next merge has nothing to do, and is
    green."""
    shop = any_shop
    shop.ended(shop.push({"deploy/a.yaml": config_map("a", version="main")}))
    number, sha = tried(shop, "fix", "mine")
    assert staging(shop)["unmerged"]["pull_request"] == number
    pushed = shop.push({"deploy/b.yaml": config_map("b")})
    said = shop.status(pushed, WAITS[shop.forge_name])
    assert said.startswith(f"pinned to pull request #{number} ({sha[:7]}) by alice since ")
    assert "b" not in shop.cluster.names(shop.namespace)

    merged = shop.forge.merge(shop.name, number).sha
    assert shop.ended(merged)["state"] == "succeeded"
    assert shop.cluster.names(shop.namespace) >= {"a", "b"}
    assert shop.status(pushed, "success") == f"runs as part of {merged[:7]}"
    assert staging(shop)["unmerged"] is None
    until(lambda: any("is next, the merge" in each for each in replies(shop, number)), what="the answer to the merge")

    number, sha = tried(shop, "next", "next")
    before = shop.cluster.config_map(shop.namespace, "a")
    merged = shop.forge.merge(shop.name, number, "squash").sha
    ended = shop.ended(merged)
    assert ended["state"] == "succeeded"
    same = f"already running: the same tree as {sha[:7]} of #{number}, so the cluster was left alone"
    assert shop.status(merged, "success") == same
    assert shop.cluster.config_map(shop.namespace, "a") == before
    assert (staging(shop)["running"]["sha"], staging(shop)["unmerged"], staging(shop)["holds"]) == (merged, None, [])


@pytest.mark.proof
def test_given_up_it_leaves_nothing_behind(any_shop: Shop) -> None:
    """I close it: though nobody pushed meanwhile, main's commit is deployed again, and my objects go."""
    shop = any_shop
    first = shop.push({"deploy/a.yaml": config_map("a", version="main")})
    shop.ended(first)
    number, _ = opened(shop, {"deploy/mine.yaml": config_map("mine"), "deploy/a.yaml": config_map("a", version="mine")})
    shop.forge.comment(shop.name, number, "alice", "/deploy staging")
    until(lambda: "mine" in shop.cluster.names(shop.namespace), what="my object")
    until(lambda: staging(shop)["unmerged"], what="my commit runs")
    shop.forge.change_pull_request(shop.name, number, "closed")
    until(lambda: staging(shop)["running"]["sha"] == first, what="main's commit, again")
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "main"}
    assert "mine" not in shop.cluster.names(shop.namespace)
    assert (staging(shop)["unmerged"], staging(shop)["holds"]) == (None, [])
    assert staging(shop)["latest"]["trigger"] == "closed"
