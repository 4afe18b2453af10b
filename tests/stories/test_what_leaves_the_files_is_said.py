"""An environment leaves a file, and what runs there goes on: that is said until somebody decides."""

import pytest
import yaml

from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map


def file(*environments: str) -> str:
    """Write a `.pushboat.yaml` with these environments."""
    return yaml.safe_dump({"environments": {name: {"branch": "main", "path": "deploy"} for name in environments}})


@pytest.mark.proves("left-behind")
def test_an_environment_that_leaves_the_file_is_said_until_it_is_back_or_gone(
    shop: Shop, environ: dict[str, str]
) -> None:
    """A commit without production says that it still runs and what to do, until it is back or destroyed."""
    both, one = file("staging", "production"), file("staging")
    first = shop.push({".pushboat.yaml": both, "deploy/a.yaml": config_map("a")})
    assert shop.ended(first, "production")["state"] == "succeeded"
    without = shop.push({".pushboat.yaml": one})
    said = shop.status(without, "error", context="pushboat")
    destroy = f"pushboat destroy {shop.repository} production"
    assert said == f"production left .pushboat.yaml, its object still runs: put it back, or {destroy}"
    shop.status(without, "success")
    listed = " ".join(shop.served.command("status", shop.repository).stdout.split())
    assert f"left .pushboat.yaml with {without[:7]}, its object still runs: put it back there, or {destroy}" in listed
    assert f"It left .pushboat.yaml with {without[:7]}" in shop.served.page("/")
    assert f"environment production of {shop.repository}" in shop.served.command("doctor", env=environ).stdout

    later = shop.push({"deploy/a.yaml": config_map("a", v="2")})
    shop.status(later, "success")
    assert shop.states(later, "pushboat") == [], "it is said once"

    back = shop.push({".pushboat.yaml": both})
    assert shop.ended(back, "production")["state"] == "succeeded"
    assert "is deployed to again" in shop.status(without, "success", context="pushboat")
    assert "left .pushboat.yaml" not in shop.served.command("status", shop.repository).stdout

    again = shop.push({".pushboat.yaml": one})
    shop.status(again, "error", context="pushboat")
    ended = shop.served.command("destroy", shop.repository, "production", "--yes", "production", env=environ)
    assert ended.returncode == 0, ended.stderr
    assert "is destroyed" in shop.status(again, "success", context="pushboat")
    assert shop.cluster.get(f"/api/v1/namespaces/{shop.namespace_of('production')}") is None
    assert shop.cluster.config_map(shop.namespace, "a")
    until(lambda: shop.states(back, "pushboat/production")[-1] == "error", what="the status of what is gone")
