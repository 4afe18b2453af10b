"""What was deployed stands in git as well: a ref for each environment, without Secrets, late if need be, in order."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.stories.test_a_release_is_brought_back import secret
from tests.until import until
from tests.written import config_map


@pytest.fixture
def published(tmp_path: Path, kubeconfig: Path, forges: dict[str, FakeForge]) -> Iterator[Served]:
    """A Pushboat that commits what it deploys to the repository that it comes from."""
    github = {"github": forges["github"]}
    operator = operators_file(kubeconfig, github, shops={"github": 2})
    for project in operator["projects"]:
        project["renders"] = project["repository"]
    served = Served.start(tmp_path, operator, environ_of(github))
    yield served
    served.stop()


def ref_of(shop: Shop, environment: str = "staging") -> str:
    """Name the ref of an environment."""
    return f"refs/pushboat/renders/{shop.repository}/{environment}"


def git(shop: Shop, *words: str) -> str:
    """Look into the repository at the forge."""
    bare = shop.forge.projects[shop.name].bare.path
    return subprocess.run(["git", "-C", str(bare), *words], check=True, capture_output=True, text=True).stdout


def commits(shop: Shop, environment: str = "staging") -> list[str]:
    """Give the messages on the ref, oldest first."""
    there = git(shop, "for-each-ref", "--format=%(refname)", ref_of(shop, environment)).strip()
    said = git(shop, "log", "--reverse", "--format=%B%x00", there) if there else ""
    return [message.strip() for message in said.split("\0") if message.strip()]


def test_each_success_is_a_commit_and_a_forge_that_is_away_gets_it_later(
    published: Served, shops: Callable[[Served, str], Shop]
) -> None:
    """I look what ran when, with git alone: each object a file, no Secret's value anywhere, and nothing is lost while
    the forge is away, or delayed by that."""
    shop = shops(published, "github")
    first = shop.push({"deploy/a.yaml": config_map("a", version="one"), "deploy/s.yaml": secret("hunter2")})
    number = shop.ended(first)["id"]
    until(lambda: commits(shop), what="the commit")
    (said,) = commits(shop)
    assert said.startswith(f"staging: {first[:7]} of {shop.repository}\n\n{first} (refs/heads/main), deployed by ")
    assert f"{published.url}/deployments/{number}" in said
    assert f"Left out, since they are Secrets:\n- Secret/{shop.namespace}/login" in said
    assert git(shop, "log", "--format=%an <%ae>", ref_of(shop)).strip() == "Pushboat <pushboat@localhost>"
    files = git(shop, "ls-tree", "-r", "--name-only", ref_of(shop)).split()
    assert files == [f"ConfigMap/{shop.namespace}/a.yaml", "render.json", "render.json.signature"]
    shown = git(shop, "show", f"{ref_of(shop)}:{files[0]}")
    assert yaml.safe_load(shown)["data"] == {"version": "one"}
    assert "aHVudGVyMg" not in git(shop, "show", f"{ref_of(shop)}:render.json")

    shop.forge.fail(503, path=f"/{shop.name}.git/git-receive-pack")
    second = shop.push({"deploy/a.yaml": config_map("a", version="two")})
    third = shop.push({"deploy/a.yaml": None, "deploy/b.yaml": config_map("b")})
    assert shop.ended(third)["state"] == "succeeded"
    wanted = [first[:7], *([second[:7]] if shop.ended(second)["state"] == "succeeded" else []), third[:7]]
    until(lambda: len(commits(shop)) == len(wanted), what="what the forge could not take")
    assert [each.split(" ")[1] for each in commits(shop)] == wanted
    files = git(shop, "ls-tree", "-r", "--name-only", ref_of(shop)).split()
    assert files[0] == f"ConfigMap/{shop.namespace}/b.yaml"
