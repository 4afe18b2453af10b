"""I push to one folder, and every other environment is green at once without being deployed."""

from typing import Any

import yaml

from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map

BOTH = {
    ".pushboat.yaml": yaml.safe_dump(
        {
            "environments": {
                "staging": {"branch": "main", "path": "envs/staging"},
                "production": {"branch": "main", "path": "envs/production"},
            }
        }
    ),
    "base/kustomization.yaml": "resources: [a.yaml]\n",
    "base/a.yaml": config_map("a", version="1"),
    "envs/staging/kustomization.yaml": "resources: [../../base]\n",
    "envs/production/kustomization.yaml": "resources: [../../base]\nnamePrefix: live-\n",
}


def both(shop: Shop, sha: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Wait for both environments' deployments of a commit."""
    return shop.ended(sha), shop.ended(sha, "production")


def test_a_push_touches_what_reads_what_it_changes(any_shop: Shop) -> None:
    """Nothing is deployed where nothing that is read has changed; a shared base touches all; `/deploy` always does."""
    shop = any_shop
    first = shop.push(BOTH)
    assert [each["state"] for each in both(shop, first)] == ["succeeded"] * 2

    readme = shop.push({"README.md": "read me"})
    same = f"unchanged, same tree as {first[:7]}"
    for each in both(shop, readme):
        assert (each["state"], each["reason"], each["attempts"]) == ("succeeded", same, 0)
        assert each["objects"] == {"created": 0, "configured": 0, "unchanged": 1, "deleted": 0}
    assert shop.status(readme, "success") == same

    overlay = shop.push({"envs/staging/kustomization.yaml": "resources: [../../base]\nnameSuffix: -s\n"})
    staging, production = both(shop, overlay)
    assert (staging["attempts"], production["reason"]) == (1, same)
    assert "a-s" in shop.cluster.names(shop.namespace)

    base = shop.push({"base/a.yaml": config_map("a", version="2")})
    assert [each["attempts"] for each in both(shop, base)] == [1, 1]
    assert shop.cluster.config_map(shop.namespace_of("production"), "live-a")["data"] == {"version": "2"}


def test_what_was_changed_by_hand_is_no_tree_of_git(shop: Shop, environ: dict[str, str]) -> None:
    """Drift is told on the commit that runs, though nobody deployed it; the next push puts it right."""
    assert [each["state"] for each in both(shop, shop.push(BOTH))] == ["succeeded"] * 2
    untouched = shop.push({"README.md": "read me"})
    assert [each["attempts"] for each in both(shop, untouched)] == [0, 0]
    path = f"/api/v1/namespaces/{shop.namespace}/configmaps/a?fieldManager=kubectl-edit"
    shop.cluster.request("PATCH", path, {"data": {"version": "by hand"}}, "application/merge-patch+json")
    assert shop.served.command("drift", shop.repository, "staging", env=environ).returncode == 1
    assert shop.status(untouched, "error").startswith("drift: ConfigMap a: data.version is")
    staging, production = both(shop, shop.push({"README.md": "read me again"}))
    assert (staging["attempts"], production["attempts"]) == (1, 0)
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "1"}


def test_what_was_not_deployed_is_rolled_back_and_promoted_like_the_rest(shop: Shop, environ: dict[str, str]) -> None:
    """A release that nobody carried out is one to go back to, and the commit that runs is the one that I promote."""
    both(shop, shop.push(BOTH))
    both(shop, shop.push({"README.md": "read me"}))
    untouched = shop.push({"README.md": "read me again"})
    both(shop, untouched)
    changed = shop.push({"envs/staging/kustomization.yaml": "resources: [../../base]\nnameSuffix: -s\n"})
    staging, _ = both(shop, changed)
    assert staging["release"] == 4
    place = (shop.repository, "staging")
    assert shop.served.command("rollback", *place, "--yes", env=environ).returncode == 0
    until(lambda: "a" in shop.cluster.names(shop.namespace), what="what ran before")
    assert "a-s" not in shop.cluster.names(shop.namespace)
    (last, *_) = shop.served.deployments(shop.repository)
    assert (last["rolled_back_to"], last["sha"]) == (3, untouched)
