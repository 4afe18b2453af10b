"""Many pushes at once: the newest is deployed, the ones between share its fate."""

import pytest

from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map, deployment

GREEN = "success"


def running(shop: Shop, sha: str) -> None:
    """Wait until a deployment waits for health."""

    def waits() -> bool:
        rows = [row for row in shop.served.deployments(shop.repository) if row["sha"] == sha]
        return bool(rows) and rows[0]["state"] == "running"

    until(waits, what=f"{sha[:7]} to run")


@pytest.mark.proves("pain-2")
def test_two_commits_pushed_while_the_first_deploys(any_shop: Shop) -> None:
    """I push three times in a row: the first two give way, as they never come up, and all end green with the third."""
    first = any_shop.push({"deploy/web.yaml": deployment(behaviour="unready")})
    running(any_shop, first)
    middle = any_shop.push({"deploy/web.yaml": deployment(image="registry.example/web:2", behaviour="unready")})
    newest = any_shop.push({"deploy/web.yaml": deployment(image="registry.example/web:3")})

    assert any_shop.ended(newest)["state"] == "succeeded"
    assert any_shop.ended(middle)["state"] == "superseded"
    assert any_shop.ended(first)["state"] == "superseded"
    for older in (first, middle):
        assert any_shop.status(older, GREEN) == f"runs as part of {newest[:7]}"
    # Between two pushes the middle one may have had its turn: then it gave way as the first one did.
    assert {f"superseded by {newest[:7]}, follows it", "deploying"} & set(any_shop.descriptions(middle))
    live = any_shop.cluster.deployment(any_shop.namespace, "web")
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == "registry.example/web:3"


def test_a_commit_that_was_forced_away_is_not_called_green(shop: Shop) -> None:
    """I force-push over a commit that was still deploying: it does not run, so it does not become green."""
    base = shop.push({"deploy/settings.yaml": config_map()})
    shop.ended(base)
    lost = shop.push({"deploy/web.yaml": deployment(behaviour="unready")})
    running(shop, lost)
    kept = shop.push({"deploy/settings.yaml": config_map(greeting="other")}, parent=base)

    assert shop.ended(kept)["state"] == "succeeded"
    assert shop.ended(lost)["state"] == "superseded"
    assert shop.status(lost, "error") == f"replaced by {kept[:7]}"
    assert GREEN not in shop.states(lost)


def test_a_push_that_arrives_late_does_not_bring_the_old_commit_back(shop: Shop) -> None:
    """Two deliveries overtake each other on the way: the older commit is not deployed over the newer one."""
    shop.ended(shop.push({"deploy/settings.yaml": config_map(version="0")}))
    url, shop.forge.hook_url = shop.forge.hook_url, ""
    older = shop.forge.push(shop.name, "main", {"deploy/settings.yaml": config_map(version="1")})
    newer = shop.forge.push(shop.name, "main", {"deploy/settings.yaml": config_map(version="2")})
    shop.forge.hook_url = url
    shop.forge.redeliver(newer.sent[0])
    assert shop.ended(newer.sha)["state"] == "succeeded"
    shop.forge.redeliver(older.sent[0])

    assert shop.ended(older.sha)["state"] == "superseded"
    assert shop.status(older.sha, GREEN) == f"runs as part of {newer.sha[:7]}"
    assert shop.cluster.config_map(shop.namespace, "settings")["data"] == {"version": "2"}


def test_going_back_by_force_deploys_the_old_commit_again(shop: Shop) -> None:
    """I reset the branch to an older commit on purpose: that is the newest push, and it runs."""
    older = shop.push({"deploy/settings.yaml": config_map(version="1")})
    shop.ended(older)
    shop.ended(shop.push({"deploy/settings.yaml": config_map(version="2")}))
    shop.forge.reset(shop.name, "main", older)

    def runs_again() -> bool:
        return bool(shop.cluster.config_map(shop.namespace, "settings")["data"] == {"version": "1"})

    until(runs_again, what="the older commit to run again")
    newest = until(lambda: _finished(shop), what="the end of the third deployment")
    assert (newest["sha"], newest["state"]) == (older, "succeeded")


def _finished(shop: Shop) -> dict[str, str] | None:
    rows = shop.served.deployments(shop.repository)
    return rows[0] if len(rows) == 3 and rows[0]["finished_at"] else None
