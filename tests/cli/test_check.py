"""`pushboat check`: on my laptop I read what my commit would be told, and nothing of my repository is touched."""

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import ROOT, Pushboat
from tests.cli.shop_tree import everything, git, shop, write
from tests.written import config_map

__all__ = ["shop"]


def test_what_is_not_staged_is_checked_and_nothing_is_touched(shop: Path, pushboat: Pushboat) -> None:
    """It looks at what I wrote a second ago: from any folder of the tree, and git is as it was."""
    before = everything(shop)
    checked = pushboat("check", shop / "deploy" / "live")
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.splitlines() == [
        "✔ live: 1 object from deploy/live (plain)",
        "✔ staging: 1 object from deploy/staging (plain)",
    ]
    assert "2 environments, no mistake found" in checked.stderr
    assert "held against Kubernetes 1.36 (" in checked.stderr
    assert "not looked at: admission" in checked.stderr
    assert everything(shop) == before


def test_a_hook_may_call_it(shop: Path, pushboat: Pushboat) -> None:
    """git tells its hooks which repository and index they are about: ours are made elsewhere all the same."""
    before = everything(shop)
    told = {"GIT_DIR": str(shop / ".git"), "GIT_INDEX_FILE": ".git/index", "GIT_PREFIX": "deploy/"}
    checked = pushboat("check", shop / "deploy", **told)
    assert checked.returncode == 0, checked.stderr
    assert everything(shop) == before


def test_what_git_ignores_is_no_part_of_it(shop: Path, pushboat: Pushboat) -> None:
    """My editor's copies would not be pushed: they are not deployed here either, and a deleted file is gone."""
    write(shop, ".gitignore", "*.swp.yaml\n")
    write(shop, "deploy/staging/web.swp.yaml", "{")
    git(shop, "add", "--all")
    (shop / "deploy" / "live" / "web.yaml").unlink()
    found = {each["environment"]: each for each in json.loads(pushboat("check", shop, "--json").stdout)["items"]}
    assert found["staging"]["verdict"] == "renders"
    assert found["live"]["verdict"] == "refused"
    assert found["live"]["reason"].startswith("deploy/live ")


def test_links_and_pointers_are_judged_as_in_a_commit(shop: Path, pushboat: Pushboat, tmp_path: Path) -> None:
    """What lies beside my work tree is not read, though it could be here: the push would be refused for that link."""
    (tmp_path / "secret.yaml").write_text(config_map("secret"))
    (shop / "deploy" / "staging" / "more.yaml").symlink_to(tmp_path / "secret.yaml")
    write(
        shop,
        "deploy/live/big.yaml",
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n",
    )
    said = {
        each["environment"]: f"{each['reason']} {each['details']}"
        for each in json.loads(pushboat("check", shop, "--json").stdout)["items"]
    }
    assert "deploy/staging/more.yaml" in said["staging"]
    assert "LFS" in said["live"]


def test_a_folder_without_git_stands_for_itself(tmp_path: Path, pushboat: Pushboat) -> None:
    """Files that somebody sent me in an archive are checked as well."""
    root = tmp_path / "sent"
    write(root, ".pushboat.yaml", "environments:\n  staging: {branch: main, path: deploy}\n")
    write(root, "deploy/web.yaml", config_map("web"))
    checked = pushboat("check", root, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert "✔ staging: 1 object from deploy (plain)" in checked.stdout
    assert sorted(each.name for each in root.iterdir()) == [".pushboat.yaml", "deploy"]


def test_the_folders_that_a_pattern_fits_are_checked(shop: Path, pushboat: Pushboat) -> None:
    """A folder that would become an environment is looked at like one, also before it is staged."""
    write(shop, ".pushboat.yaml", "environments: {each: {branch: main, path: 'deploy/{name}'}}\n")
    checked = pushboat("check", shop)
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.splitlines() == [
        "✔ live: 1 object from deploy/live (plain)",
        "✔ staging: 1 object from deploy/staging (plain)",
    ]


def test_the_hook_for_pre_commit_runs_the_command() -> None:
    """Who names this repository in their hooks gets this command, about the whole tree, whatever the commit changes.

    A file that a generator reads may have any name, and one that goes is no changed file to pre-commit.
    """
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["entry"], hook["pass_filenames"]) == ("pushboat-check", "pushboat check", False)
    assert {"id", "name", "entry", "language"} <= hook.keys()
    assert hook["always_run"] is True
    assert not hook.keys() & {"files", "exclude", "types", "types_or", "exclude_types", "args", "stages"}


@pytest.mark.parametrize("gone", ["deploy/staging/app.env", "deploy/staging/web.yaml"])
def test_a_commit_that_only_takes_a_file_away_is_looked_at(gone: str, shop: Path, pushboat: Pushboat) -> None:
    """The hook has no file to look at, and yet the kustomization names one that is gone: I am told before I commit."""
    kustomization = "resources: [web.yaml]\nconfigMapGenerator: [{name: app, envs: [app.env]}]\n"
    write(shop, "deploy/staging/kustomization.yaml", kustomization)
    write(shop, "deploy/staging/app.env", "A=1\n")
    (shop / gone).unlink()
    checked = pushboat("check", shop, "-e", "staging")
    assert checked.returncode == 1
    assert gone.rpartition("/")[2] in checked.stdout
