"""Which folders of a commit, and of a work tree, a pattern fits: the same, by git's trees and by the disk."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.worktree import folders_below
from pushboat.config.ways import way_of
from pushboat.errors import PushboatError
from pushboat.model.remote import Remote
from workers.source import folders

FILES = ("envs/eu/a.yaml", "envs/us/deploy/b.yaml", "envs/readme.md", "envs/.hidden/a", "top/x", "file")
EXPECTED = {
    "envs/{name}": ("eu", "us"),
    "envs/{name}/deploy": ("us",),
    "envs/{name}/a.yaml": ("eu",),
    "{name}": ("envs", "top"),
    "t{name}": ("top",),
    "none/{name}": (),
    "envs/none/{name}": (),
    "linked/{name}": None,
    "linked/eu/{name}": None,
    "file/{name}": None,
}


def _git(folder: Path, *arguments: str) -> str:
    made = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")
    return subprocess.run(
        ("git", *made, *arguments), cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Commit folders, files, links to both, and a submodule."""
    folder = tmp_path_factory.mktemp("tree")
    _git(folder, "init", "--quiet")
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    (folder / "envs" / "link").symlink_to("eu")
    (folder / "linked").symlink_to("envs")
    other = folder / "envs" / "module"
    other.mkdir()
    _git(other, "init", "--quiet")
    _git(other, "commit", "--quiet", "--allow-empty", "-m", "x")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "-m", "x")
    return folder, _git(folder, "rev-parse", "HEAD")


@pytest.mark.parametrize("path", EXPECTED)
def test_a_commit_and_its_work_tree_have_the_same(path: str, tree: tuple[Path, str], tmp_path: Path) -> None:
    """What `check` says before a push is what the push finds; links and submodules are no environments."""

    def plain(found: Sequence[str] | None) -> tuple[str, ...] | None:
        return None if found is None else tuple(found)

    folder, sha = tree
    way = way_of(path)
    remote = Remote(url=str(folder))
    assert plain(folders.fitting(tmp_path, remote, sha, way)) == EXPECTED[path]
    assert plain(folders_below(folder)(way)) == EXPECTED[path]


def test_a_listing_that_fails_is_not_an_empty_one(tree: tuple[Path, str], tmp_path: Path) -> None:
    """A commit that cannot be had never looks like one whose folders are gone."""
    with pytest.raises(PushboatError):
        folders.fitting(tmp_path, Remote(url=str(tree[0])), "1" * 40, way_of("envs/{name}"))
