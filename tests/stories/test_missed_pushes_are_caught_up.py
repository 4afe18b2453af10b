"""Pushboat was down, or the forge's delivery got lost: what was pushed runs all the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pushboat.store import looks
from pushboat.store.database.engine import open_store
from tests.cluster_view import ClusterView
from tests.fakes import moving
from tests.fakes.github import FakeGitHub
from tests.fakes.plain_git import PlainGit
from tests.serving import Served
from tests.stories.conftest import environ_of, environments_of
from tests.until import until
from tests.written import config_map, repository_file

SHOP, LOCAL = "acme/shop", "shop"


class Caught:
    """A GitHub and a plain git server with a shop each, and a Pushboat that hears nothing while it is down."""

    def __init__(self, folder: Path, kubeconfig: Path, forge: FakeGitHub, first: str) -> None:
        self.forge, self.environ = forge, environ_of({"github": forge})
        self.server = PlainGit(folder / "git")
        self.bare = self.server.create_repository(LOCAL)
        files = {".pushboat.yaml": repository_file(), "deploy/it.yaml": config_map(greeting="zero")}
        forge.create_repository(SHOP, files)
        self.bare.commit("main", files, "First")
        self.served = Served.start(folder / "pushboat", self._operator(kubeconfig, folder, first), self.environ)
        forge.connect(SHOP, f"{self.served.url}/webhooks/github")

    def _operator(self, kubeconfig: Path, folder: Path, first: str) -> dict[str, Any]:
        secret = folder / "secret"
        secret.write_text("a secret between the hook and us\n")
        github = {
            "kind": "github",
            "url": self.forge.url,
            "api_url": self.forge.api_url,
            "clone_url": self.forge.clone_url,
            "webhook_secrets": [{"env": "GITHUB_WEBHOOK_SECRET"}],
            "token": {"env": "GITHUB_TOKEN"},
        }
        local = {"kind": "git", "root": str(self.server.root), "webhook_secrets": [{"file": str(secret)}]}
        projects = [
            {"repository": repository, "environments": environments_of(f"caught-{first}-{number}")}
            for number, repository in enumerate((f"github/{SHOP}", f"local/{LOCAL}"))
        ]
        for project in projects:
            project["environments"]["staging"]["first"] = first  # type: ignore[index]
        clusters = {"dev": {"kubeconfig": str(kubeconfig)}}
        return {"forges": {"github": github, "local": local}, "clusters": clusters, "projects": projects}

    def looked(self) -> None:
        """Wait until both repositories have been looked at."""

        store = open_store("", self.served.state)
        try:
            until(
                lambda: [look for look in looks.listed(store) if look.covered][1:],
                within=120,
                what="the first look at both repositories",
            )
        finally:
            store.close()

    def deployed(self, repository: str, sha: str) -> dict[str, Any]:
        """Wait until a commit has been deployed."""
        return self.served.ended(repository, sha, within=120)

    def rows(self, repository: str) -> list[tuple[str, str]]:
        """List what was deployed, the newest first."""
        return [(row["sha"], row["trigger"]) for row in self.served.deployments(repository)]


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    """A GitHub of one's own: others' Pushboats do not listen to it."""
    with FakeGitHub(tmp_path / "github") as forge:
        yield forge


@pytest.fixture
def caught(tmp_path: Path, kubeconfig: Path, cluster: ClusterView, github: FakeGitHub) -> Iterator[Caught]:
    """A Pushboat whose first look does nothing."""
    assert cluster
    found = Caught(tmp_path, kubeconfig, github, "wait")
    yield found
    found.served.stop()


@pytest.mark.proves("ledger")
def test_what_was_pushed_while_pushboat_was_down_deploys_once(caught: Caught) -> None:
    """I push twice while Pushboat is down, to GitHub and to a bare repository: the newest of each runs, once."""
    caught.looked()
    assert caught.rows(f"github/{SHOP}") == caught.rows(f"local/{LOCAL}") == []
    caught.served.stop()
    caught.forge.push(SHOP, "main", {"deploy/it.yaml": config_map(greeting="one")})
    late = caught.forge.push(SHOP, "main", {"deploy/it.yaml": config_map(greeting="two")})
    caught.bare.commit("main", {"deploy/it.yaml": config_map(greeting="one")}, "One")
    local = caught.bare.commit("main", {"deploy/it.yaml": config_map(greeting="two")}, "Two")

    caught.served.restart(caught.environ)
    for repository, sha in ((f"github/{SHOP}", late.sha), (f"local/{LOCAL}", local)):
        assert caught.deployed(repository, sha)["state"] == "succeeded"
        assert caught.rows(repository) == [(sha, "catch-up")]

    answer = caught.forge.redeliver(late.sent[0]).response
    assert answer is not None
    assert answer.status_code == 202

    def told() -> bool:
        return bool(caught.served.get(f"/api/v1/deliveries/{answer.json()['delivery']}")["deployments"])

    until(told, within=120, what="the late delivery to be routed")
    assert caught.rows(f"github/{SHOP}") == [(late.sha, "catch-up")]


@pytest.mark.proof  # in one process: tests/engine_room/test_renamed_repositories_are_found.py
def test_a_renamed_repository_goes_on(caught: Caught) -> None:
    """I rename the repository at GitHub: pushes deploy, statuses arrive, and I am told what to change."""
    caught.looked()
    caught.deployed(f"github/{SHOP}", caught.forge.push(SHOP, "main", {"README.md": "one"}).sha)
    moving.rename(caught.forge, SHOP, "acme/store")
    pushed = caught.forge.push("acme/store", "main", {"deploy/it.yaml": config_map(greeting="renamed")})
    assert caught.deployed(f"github/{SHOP}", pushed.sha)["state"] == "succeeded"
    delivery = caught.served.get(f"/api/v1/deliveries/{pushed.response.json()['delivery']}")
    assert "acme/shop is called acme/store now" in delivery["reason"]

    def green() -> bool:
        return any(state == "success" for _, state, _, _ in caught.forge.statuses("acme/store", pushed.sha))

    until(green, within=120, what="success at the repository's name of today")


@pytest.mark.proof  # a Pushboat of its own
def test_first_deploy_fills_an_environment(
    tmp_path: Path, kubeconfig: Path, cluster: ClusterView, github: FakeGitHub
) -> None:
    """My file says `first: deploy`: what main has runs soon after the start, without a push."""
    assert cluster
    caught = Caught(tmp_path, kubeconfig, github, "deploy")
    try:
        sha = github.projects[SHOP].bare.resolve("refs/heads/main")
        assert caught.deployed(f"github/{SHOP}", sha)["state"] == "succeeded"
        assert caught.rows(f"github/{SHOP}") == [(sha, "catch-up")]
        assert caught.served.deployments(f"github/{SHOP}", "production") == []
    finally:
        caught.served.stop()
