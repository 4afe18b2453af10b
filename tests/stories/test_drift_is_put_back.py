"""Where the operator lets it, what somebody changed by hand is put back by itself, and the history says so."""

from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map, repository_file


def test_an_edit_is_undone_by_itself(shop: Shop, environ: dict[str, str]) -> None:
    """Somebody edits production; soon it is as I deployed it, my commit is green, and I can read what happened."""
    files = {".pushboat.yaml": repository_file("production"), "deploy/a.yaml": config_map("a", v="1")}
    sha = shop.push(files)
    row, space = shop.ended(sha, "production"), shop.namespace_of("production")
    assert shop.status(sha, "success", context="pushboat/production") == row["reason"]
    shown = shop.states(sha, "pushboat/production")
    path = f"/api/v1/namespaces/{space}/configmaps/a?fieldManager=kubectl-edit"
    shop.cluster.request("PATCH", path, {"data": {"v": "2"}}, "application/merge-patch+json")
    asked = shop.served.command("drift", shop.repository, "production", env=environ)
    until(lambda: shop.cluster.config_map(space, "a")["data"] == {"v": "1"}, what="it is put back")
    # The timer may have been there before us: 0 where it had put it back already, 3 where that went on just then.
    assert asked.returncode in (0, 1) or "ask again" in asked.stderr, asked
    listing = f"/api/v1/deployments?repository={shop.repository}&environment=production"
    healed = until(
        lambda: next(
            (
                each
                for each in shop.served.get(listing)["items"]
                if each["state"] == "succeeded" and each["id"] != row["id"]
            ),
            None,
        ),
        what="the deployment that put it back",
    )
    assert (healed["trigger"], healed["sha"], healed["release"], healed["rolled_back_to"]) == (
        "self-heal",
        sha,
        None,
        None,
    )
    assert healed["reason"].startswith("put back release 1; 1 object: 1 configured")
    assert "data.v is &#34;2&#34; instead of &#34;1&#34;, by kubectl-edit" in shop.served.page(
        f"/deployments/{healed['id']}"
    )
    quiet = shop.served.command("drift", shop.repository, "production", env=environ)
    assert (quiet.returncode, shop.states(sha, "pushboat/production")) == (0, shown)
