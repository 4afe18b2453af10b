"""Somebody stops a rollout that waits for health, and the environment is free for the next commit."""

import json

from tests.stories.conftest import Shop
from tests.stories.test_a_comment_deploys import replies
from tests.stories.test_a_pull_request_is_planned import opened
from tests.stories.test_the_newest_commit_wins import running
from tests.until import until
from tests.written import config_map, deployment


def waits_for_health(shop: Shop, sha: str) -> None:
    """Wait until everything was applied and the rollout is watched."""
    running(shop, sha)

    def watched() -> bool:
        [row] = [row for row in shop.served.deployments(shop.repository) if row["sha"] == sha]
        lines = shop.served.get(f"/api/v1/deployments/{row['id']}/progress")["items"]
        return any(line["phase"] == "wait" for line in lines)

    until(watched, what="the wait for health")


def test_the_operator_cancels_at_the_terminal(any_shop: Shop, environ: dict[str, str]) -> None:
    """`pushboat cancel` ends the wait, the commit says by whom, and the next push deploys at once."""
    stuck = any_shop.push({"deploy/web.yaml": deployment(behaviour="unready")})
    waits_for_health(any_shop, stuck)
    done = any_shop.served.command("cancel", any_shop.repository, "staging", "--json", env=environ)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["sha"], shown["state"]) == (stuck, "cancelled")
    assert " on the command line; what was applied before stays" in shown["reason"]
    sentence = any_shop.status(stuck, {"github": "error", "gitlab": "canceled", "gitea": "error"}[any_shop.forge_name])
    assert sentence.startswith("cancelled by ")

    again = any_shop.served.command("cancel", any_shop.repository, "staging", env=environ)
    assert again.returncode == 1
    assert "Nothing is on its way to staging, so there is nothing to cancel." in again.stderr
    assert any_shop.ended(any_shop.push({"deploy/web.yaml": deployment()}))["state"] == "succeeded"


def test_a_writer_cancels_in_a_comment(shop: Shop) -> None:
    """`/deploy cancel staging` stops it too, and the reply says which commit."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a")}))
    number, _ = opened(shop, {"deploy/a.yaml": config_map("a", version="feature")})
    shop.forge.projects[shop.name].permissions["wendy"] = "write"
    stuck = shop.push({"deploy/web.yaml": deployment(behaviour="unready")})
    waits_for_health(shop, stuck)
    shop.forge.comment(shop.name, number, "wendy", "/deploy cancel staging")
    assert shop.ended(stuck)["state"] == "cancelled"
    assert shop.status(stuck, "error") == "cancelled by wendy; what was applied before stays"
    [reply] = until(lambda: replies(shop, number), what="the reply")
    assert f"Cancelling `{stuck[:7]}` on the way to staging" in reply
