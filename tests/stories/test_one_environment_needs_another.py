"""`needs: [staging]`: what I push comes to production once it runs in staging, and not before."""

import yaml

from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map, deployment


def file(**production: object) -> str:
    """Write a file whose production waits for staging."""
    staging = {"branch": "main", "path": "deploy"}
    return yaml.safe_dump(
        {"environments": {"staging": staging, "production": {**staging, "needs": ["staging"], **production}}}
    )


def test_what_crashes_in_staging_never_comes_to_production(any_shop: Shop) -> None:
    """Production waits and says so; a commit that crashes in staging stays out; the repair goes through both."""
    shop = any_shop
    bad = shop.push({".pushboat.yaml": file(), "deploy/web.yaml": deployment(behaviour="crash-loop", progress="2s")})
    said = f"waits until staging is healthy at {bad[:7]}"
    until(lambda: said in shop.descriptions(bad, "pushboat/production"), what="production to say what it waits for")
    good = shop.push({"deploy/web.yaml": config_map("web", version="good")})
    assert shop.ended(good)["state"] == "succeeded"
    row = shop.ended(good, "production")
    assert row["state"] == "succeeded"
    through = shop.ended(good)
    assert row["started_at"] >= through["finished_at"], "production began before staging was healthy"
    assert shop.ended(bad, "production")["state"] == "superseded"
    assert shop.cluster.config_map(shop.namespace_of("production"), "web")["data"] == {"version": "good"}
    assert "web" not in shop.cluster.names(shop.namespace_of("production"), "deployments", "/apis/apps/v1")
