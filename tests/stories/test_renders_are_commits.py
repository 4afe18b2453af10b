"""What was deployed stands in git as well: a ref for each environment, without Secrets, late if need be, in order."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.stories.test_a_lost_cluster_comes_back import both, cleaned, lose
from tests.stories.test_a_release_is_brought_back import secret
from tests.until import until
from tests.written import config_map, deployment


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


@pytest.mark.proof
@pytest.mark.proves("recover")
def test_store_and_cluster_are_lost_and_come_back_from_git(
    published: Served, shops: Callable[[Served, str], Shop], environ: dict[str, str]
) -> None:
    """Both are gone, and I kept my encryption_key: what git has runs again, and the Secret that it has not is named."""
    shop = shops(published, "github")
    view, spaces = shop.cluster, (shop.namespace, shop.namespace_of("production"))
    first = shop.push(
        {
            ".pushboat.yaml": both(),
            "deploy/a.yaml": config_map("a", version="one", odd="<<: yes\n012"),
            "deploy/web.yaml": deployment(),
            "deploy/s.yaml": secret("hunter2"),
        }
    )
    assert shop.ended(first, "production")["state"] == "succeeded"
    until(lambda: commits(shop) and commits(shop, "production"), what="both commits")
    before = [cleaned(view, space) for space in spaces]
    lose(view, *spaces)
    published.stop()
    for each in published.state.glob("pushboat.sqlite3*"):
        each.unlink()
    published.restart(environ)

    nothing = published.command("recover", shop.repository, "--to-cluster", "--yes", env=environ)
    assert "staging: nothing was ever deployed there" in nothing.stderr
    shop.forge.down = True
    away = published.command("recover", shop.repository, "--to-cluster", "--from-ref", "--dry-run", env=environ)
    shop.forge.down = False
    assert (away.returncode, "could not be read: " in away.stderr) == (3, True), away.stderr
    back = published.command("recover", shop.repository, "--to-cluster", "--from-ref", "--yes", env=environ)
    assert back.returncode == 1, back.stdout + back.stderr
    assert f"staging comes without Secret/{shop.namespace}/login" in back.stdout
    assert f"{shop.repository} production recovered: " in back.stdout
    after = [cleaned(view, space) for space in spaces]
    assert [each.keys() for each in after] == [each.keys() - {"secrets/login"} for each in before]
    assert after == [{name: each[name] for name in each if name != "secrets/login"} for each in before]
    row = shop.served.deployments(shop.repository)[0]
    assert (row["sha"], row["trigger"], row["release"]) == (first, "recovery", 2)


@pytest.mark.proof
def test_what_somebody_else_wrote_there_is_not_believed(
    published: Served, shops: Callable[[Served, str], Shop], environ: dict[str, str]
) -> None:
    """Whoever may push to the repository may write the ref: nothing of that is ever deployed."""
    shop = shops(published, "github")
    first = shop.push({"deploy/a.yaml": config_map("a", version="one")})
    shop.ended(first)
    until(lambda: commits(shop), what="the commit")
    path = f"ConfigMap/{shop.namespace}/a.yaml"
    entry = git(shop, "ls-tree", ref_of(shop), "--", path)
    assert entry
    forged(shop, path, config_map("a", version="forged"))
    published.stop()
    for each in published.state.glob("pushboat.sqlite3*"):
        each.unlink()
    published.restart(environ)
    back = published.command("recover", shop.repository, "--to-cluster", "--from-ref", "--yes", env=environ)
    assert back.returncode == 1, back.stderr
    assert f"is not taken: {path} is not as it was written" in back.stderr
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "one"}
    assert shop.served.deployments(shop.repository) == []


def forged(shop: Shop, path: str, content: str) -> None:
    """Change a file in the ref, as somebody who may push can."""
    bare, index = shop.forge.projects[shop.name].bare.path, shop.served.state / "index"
    environ = {"PATH": os.environ["PATH"], "GIT_DIR": str(bare), "GIT_INDEX_FILE": str(index)}
    who = {f"GIT_{role}_{what}": "mallory" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def run(*words: str, stdin: str = "") -> str:
        done = subprocess.run(
            ["git", *words], check=True, capture_output=True, text=True, input=stdin, env={**environ, **who}
        )
        return done.stdout.strip()

    run("read-tree", ref_of(shop))
    blob = run("hash-object", "-w", "--stdin", stdin=content)
    run("update-index", "--cacheinfo", f"100644,{blob},{path}")
    run("update-ref", ref_of(shop), run("commit-tree", run("write-tree"), "-p", ref_of(shop), "-m", "mine"))
