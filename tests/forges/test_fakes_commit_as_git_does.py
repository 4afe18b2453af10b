"""What a fake forge writes of a commit by itself is what git would have written."""

import random
from pathlib import Path

import pytest

from tests.fakes.bare import Bare, Files, Link
from tests.fakes.git_objects import MOST

NAMES = ("a", "a.yaml", "a-b", "b", "ä", "deploy", "web.yaml")


def drawn(chance: random.Random) -> Files:
    """Draw changes: files in folders in the way of each other, links, and what is taken away."""
    files: dict[str, str | bytes | Link | None] = {}
    for _ in range(chance.randint(1, 6)):
        path = "/".join(chance.choices(NAMES, k=chance.randint(1, 3)))
        files[path] = chance.choice([f"text {chance.random()}", b"\xff\0", "", Link("../b"), None])
    return files


def both(bare: Bare, files: Files, parent: str, *, replace: bool) -> tuple[str, str]:
    """Commit the same in either way."""
    ours = bare.commit("ours", files, "Say it: ä\n\n", parent, replace=replace)
    bare.imported("refs/heads/theirs", files, "Say it: ä\n\n", parent, replace=replace)
    return ours, bare.git("rev-parse", "refs/heads/theirs")


def without_times(bare: Bare, commit: str) -> list[str]:
    """Read a commit without the seconds at which it was made."""
    lines = bare.git("cat-file", "commit", commit).splitlines()
    return [line.rpartition(">")[0] if line.startswith(("author", "committer")) else line for line in lines]


@pytest.mark.parametrize("seed", range(4))
def test_a_commit_is_the_same_object_for_object(tmp_path: Path, seed: int) -> None:
    """Trees and words are equal, whatever stood there before, and git finds nothing wrong."""
    chance = random.Random(seed)
    bare = Bare.create(tmp_path / "shop.git")
    parent = ""
    for _ in range(6):
        ours, theirs = both(bare, drawn(chance), parent, replace=chance.random() < 0.2)
        assert without_times(bare, ours) == without_times(bare, theirs)
        parent = ours
    assert bare.git("fsck", "--strict", "--no-dangling") == ""


def test_what_git_alone_can_write_is_left_to_it(tmp_path: Path) -> None:
    """On top of a pack, or with many files, git does it, and nobody notices."""
    bare = Bare.create(tmp_path / "shop.git")
    many = {f"deploy/{number}.yaml": f"{number}\n" for number in range(MOST + 1)}

    first = bare.commit("main", many, "Many")
    bare.git("repack", "-a", "-d", "-q")
    second = bare.commit("main", {"deploy/0.yaml": None}, "One less")

    assert bare.git("rev-list", "--count", second) == "2"
    assert bare.git("diff", "--name-only", first, second) == "deploy/0.yaml"
    assert bare.resolve("refs/heads/main") == second
