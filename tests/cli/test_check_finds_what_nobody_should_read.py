"""`pushboat check` stops a credential on my laptop, before anybody else has read it."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Pushboat
from tests.written import config_map

TOKEN = f"ghp_{'aB3dE5gH7j' * 3}kL9mN1"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {password: verySecret}\n"
BROKEN = "a: [\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with one environment."""
    (tmp_path / "deploy").mkdir()
    (tmp_path / ".pushboat.yaml").write_text("environments: {staging: {branch: main, path: deploy}}\n")
    return tmp_path


def test_a_credential_refuses_and_a_secret_in_clear_warns(tree: Path, pushboat: Pushboat) -> None:
    """Both by place and rule and neither by value; a Secret that I apply as it is refuses nothing by itself."""
    (tree / "deploy" / "key.yaml").write_text(SECRET)
    warned = pushboat("check", tree)
    assert warned.returncode == 0, warned.stdout
    assert "deploy/key.yaml:1: Secret/key has 1 value in plain text" in warned.stdout
    (tree / "deploy" / "app.yaml").write_text(config_map("app", token=TOKEN))
    refused = pushboat("check", tree)
    assert refused.returncode == 1
    assert "deploy/app.yaml:3:10: this looks like a GitHub token" in refused.stdout
    (item,) = json.loads(pushboat("check", tree, "--json").stdout)["items"]
    found = {(each["rule"], each["weight"], each["file"], each["line"]) for each in item["findings"]}
    assert ("plaintext-credential", "error", "deploy/app.yaml", 3) in found
    assert ("secret-literal", "warning", "deploy/key.yaml", 1) in found
    for said in (warned, refused, pushboat("check", tree, "--json"), pushboat("check", tree, "--sarif")):
        assert TOKEN not in said.stdout + said.stderr
        assert "verySecret" not in said.stdout + said.stderr


def test_what_does_not_render_is_looked_through_all_the_same(tree: Path, pushboat: Pushboat) -> None:
    """A slip in the next file keeps no credential from being told."""
    (tree / "deploy" / "app.yaml").write_text(config_map("app", token=TOKEN))
    (tree / "deploy" / "broken.yaml").write_text(BROKEN)
    refused = pushboat("check", tree)
    assert refused.returncode == 1
    assert "deploy/app.yaml:3:10: this looks like a GitHub token" in refused.stdout
    assert "deploy/broken.yaml:" in refused.stdout


def findings_of(pushboat: Pushboat, tree: Path) -> set[tuple[str, str, str, int]]:
    (item,) = json.loads(pushboat("check", tree, "--json").stdout)["items"]
    return {
        (each["rule"], each["weight"], each["file"], each["line"])
        for each in item["findings"]
        if "credential" in each["rule"]
    }


def test_what_no_render_reads_is_looked_through_too(tree: Path, pushboat: Pushboat) -> None:
    """In the environment's folder it refuses; elsewhere it warns, of what nobody else has yet."""
    (tree / "deploy" / "app.yaml").write_text(config_map("app"))
    (tree / ".npmrc").write_text(f"//npm.test/:_authToken={TOKEN}\n")
    git(tree, "init", "-q", "-b", "main")
    commit(tree)
    assert findings_of(pushboat, tree) == set(), "it is there already"
    (tree / "deploy" / "app.env").write_text(f"# of the shop\nTOKEN={TOKEN}\n")
    (tree / "tools.sh").write_text(f"curl -H 'Authorization: Bearer {TOKEN}'\n")
    found = {
        ("plaintext-credential", "error", "deploy/app.env", 2),
        ("credential-elsewhere", "warning", "tools.sh", 1),
    }
    assert findings_of(pushboat, tree) == found
    commit(tree)
    assert findings_of(pushboat, tree) == {("plaintext-credential", "error", "deploy/app.env", 2)}
    git(tree, "branch", "base", "HEAD~1")
    git(tree, "branch", "-q", "--set-upstream-to", "base")
    assert findings_of(pushboat, tree) == found, "it is committed, and nobody else has it"
    said = pushboat("check", tree)
    assert said.returncode == 1
    assert "tools.sh:1:32: this looks like a GitHub token (40 characters) in plain text" in said.stdout
    assert TOKEN not in said.stdout + said.stderr


def git(tree: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(tree), *words], check=True, capture_output=True)


def commit(tree: Path) -> None:
    git(tree, "add", "-A")
    git(tree, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-q", "-m", "a change")
