"""With a GitHub App, what speaks beside a commit can be pressed: seen at its line, deployed, done again, taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster_view import ClusterView
from tests.fakes.app_key import key_pair
from tests.fakes.github import FakeGitHub
from tests.fakes.github_checks import Run
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file, unused
from tests.stories.test_a_pull_request_is_planned import opened
from tests.until import until
from tests.written import config_map

pytestmark = pytest.mark.proof


@pytest.fixture
def app_shop(tmp_path: Path, kubeconfig: Path, cluster: ClusterView) -> Iterator[Shop]:
    """A repository on a GitHub where Pushboat acts as an App."""
    with FakeGitHub(tmp_path / "github") as github:
        private, github.app_key = key_pair()
        (tmp_path / "key.pem").write_text(private)
        operator = operators_file(kubeconfig, {"github": github})
        del operator["forges"]["github"]["token"]
        operator["forges"]["github"]["app"] = {"id": 1, "private_key": {"file": str(tmp_path / "key.pem")}}
        served = Served.start(tmp_path / "pushboat", operator, environ_of({"github": github}))
        try:
            name = unused(served, "github", github.projects)
            github.create_repository(name)
            github.connect(name, f"{served.url}/webhooks/github")
            github.projects[name].permissions["wendy"] = "write"
            yield Shop(forge=github, forge_name="github", name=name, served=served, cluster=cluster)
        finally:
            served.stop()


def check(shop: Shop, sha: str, context: str, *states: str, runs: int = 1) -> Run:
    """Wait until so many runs are there and the newest is in one of these states."""
    github = shop.forge
    assert isinstance(github, FakeGitHub)

    def newest() -> Run | None:
        found = github.runs(shop.name, sha, context)
        return found[-1] if len(found) >= runs and found[-1].state in states else None

    return until(newest, within=120, what=f"{context} {'/'.join(states)} on {sha[:7]}")


def version(shop: Shop) -> str:
    """Say what runs in staging."""
    return str(shop.cluster.config_map(shop.namespace, "a")["data"]["version"])


def test_from_a_marked_line_to_a_rollback_without_leaving_github(app_shop: Shop) -> None:
    """My mistake is marked at its line; mended, I deploy it, do it again and take it back, by buttons alone."""
    shop, github = app_shop, app_shop.forge
    assert isinstance(github, FakeGitHub)
    main = shop.push({"deploy/a.yaml": config_map("a", version="main")})
    assert "1 created" in check(shop, main, "pushboat/staging", "success").output["title"]

    number, wrong = opened(shop, {"deploy/a.yaml": config_map("a", version="feature") + "nonsense: ["})
    failed = check(shop, wrong, "pushboat/plan/staging", "failure")
    assert [each["path"] for each in failed.annotations] == ["deploy/a.yaml"]
    files = {"deploy/a.yaml": config_map("a", version="feature")}
    sha = github.update_pull_request(shop.name, number, files).sha
    plan = check(shop, sha, "pushboat/plan/staging", "success")
    assert "| `ConfigMap/" in plan.output["summary"]

    github.press(shop.name, plan, "wendy", "deploy")
    deployed = check(shop, sha, "pushboat/staging", "success")
    assert version(shop) == "feature"
    github.press(shop.name, deployed, "wendy")
    again = check(shop, sha, "pushboat/staging", "success", runs=2)
    github.press(shop.name, again, "wendy", "rollback")
    until(lambda: version(shop) == "main", within=120, what="the release before, back in staging")
    until(lambda: "pressed Roll back, done" in again.output["summary"], what="the answer below the button")
    assert github.statuses(shop.name, sha) == []


def test_a_credential_beside_the_manifests_is_marked_at_its_line(app_shop: Shop) -> None:
    """No render reads the file: its line is marked all the same, and what stands there is shown nowhere."""
    token = f"ghp_{'cD5eF7gH9i' * 3}jK1lM3"
    app_shop.push({"deploy/a.yaml": config_map("a")})
    _, sha = opened(app_shop, {"deploy/app.env": f"# ours\nTOKEN={token}\n"})
    failed = check(app_shop, sha, "pushboat/plan/staging", "failure")
    (marked,) = failed.annotations
    assert (marked["path"], marked["start_line"]) == ("deploy/app.env", 2)
    assert "this looks like a GitHub token" in marked["message"]
    assert token not in str(failed.output) + str(failed.annotations)
