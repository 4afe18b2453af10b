"""The whole story with a Gitea that really runs: push, statuses, a plan, `/deploy` and its answer, a merge."""

import pytest
import yaml

from tests.gitea.conftest import READER, REPOSITORY, WRITER, Stage
from tests.until import until
from tests.written import config_map

pytestmark = pytest.mark.proof

FILE = yaml.safe_dump(
    {"environments": {"staging": {"branch": "main", "path": "deploy"}, "production": {"path": "deploy"}}}
)


@pytest.mark.timeout(600)
def test_a_story_from_push_to_merge(stage: Stage) -> None:
    """I push, see it run, propose a change and see its plan, try it in production by a comment, and merge it."""
    examined = stage.served.command("hook", "doctor", f"gitea/{REPOSITORY}", env=stage.environ)
    assert examined.returncode == 0, examined.stdout + examined.stderr

    first = stage.push({".pushboat.yaml": FILE, "deploy/a.yaml": config_map("a", version="1")})
    assert "1 created" in stage.status(first, "success")
    assert next(state for state, _ in stage.statuses(first)) == "pending"

    webhooks = stage.webhooks()
    for command, kept in (("install", True), ("rotate", False)):
        done = stage.served.command("hook", command, f"gitea/{REPOSITORY}", env=stage.environ)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "✔" in done.stderr
        assert (stage.webhooks() == webhooks) is kept  # Gitea takes another secret with another webhook only
        assert len(stage.webhooks()) == 1

    head = stage.push({"deploy/a.yaml": config_map("a", version="2")}, "feature/two")
    number = stage.ask("POST", "/pulls", head="feature/two", base="main", title="Two")["number"]
    assert "1 to change" in stage.status(head, "success", context="pushboat/plan/staging")
    stage.status(head, "success", context="pushboat/plan")
    until(lambda: "Merging deploys to staging" in stage.sticky(number), within=120, what="the comment on how it stands")
    shown = stage.rendered(stage.sticky(number))
    for element in ("<table", "<details", "<summary>", '<span class="gi">', f'href="{stage.served.url}/plans/'):
        assert element in shown, shown
    assert "pushboat-sticky" not in shown, "the marker is hidden"

    stage.ask("POST", f"/issues/{number}/comments", READER, body="/deploy production")
    [refusal] = until(lambda: stage.replies(number), what="the refusal")
    assert READER in refusal

    stage.ask("POST", f"/issues/{number}/comments", WRITER, body="/deploy production")
    stage.status(head, "success", context="pushboat/production")
    assert stage.cluster.config_map("gitea-production", "a")["data"] == {"version": "2"}
    runs = f"`production` runs `{head[:7]}`"
    until(lambda: stage.replies(number)[-1].startswith(runs), what="the outcome")
    assert len(stage.replies(number)) == 2

    stage.ask("POST", f"/pulls/{number}/merge", Do="squash")
    merged = str(stage.ask("GET", f"/pulls/{number}")["merge_commit_sha"])
    stage.status(merged, "success")
    assert stage.cluster.config_map("gitea-staging", "a")["data"] == {"version": "2"}
    rows = [row for row in stage.served.deployments(f"gitea/{REPOSITORY}") if row["sha"] == merged]
    assert len(rows) == 1
    until(lambda: f"Merged: {merged[:7]} runs in staging" in stage.sticky(number), within=120, what="its last word")
