"""What the repository around a work tree knows is asked there: commits that it has, and no others."""

import os
import subprocess
from pathlib import Path

import pytest

from cli.checking.snapshot import has_commit, snapshot
from workers.source import checkout

GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_commit_of_before_is_read_from_there(algorithm: str, tmp_path: Path) -> None:
    """The file that my last release had is compared with mine, without the forge and without a fetch."""
    tree, scratch = tmp_path / "tree", tmp_path / "scratch"
    scratch.mkdir()
    subprocess.run(["git", "init", "-q", f"--object-format={algorithm}", str(tree)], check=True)
    (tree / "a.yaml").write_text("a: 1\n")
    for words in (("add", "."), ("commit", "-qm", "one")):
        subprocess.run([*GIT, *words], cwd=tree, check=True)
    sha = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tree, check=True, capture_output=True, text=True).stdout
    (tree / "a.yaml").write_text("a: 2\n")
    made = snapshot(tree, scratch)
    assert has_commit(made, sha.strip())
    was = checkout.objects_at(made.caches, made.remote, sha.strip(), ["a.yaml"])
    now = checkout.objects_at(made.caches, made.remote, made.sha, ["a.yaml"])
    assert was["a.yaml"] != now["a.yaml"]
    assert not has_commit(made, "f" * len(made.sha))
    assert not has_commit(made, "f" * (104 - len(made.sha)))


def test_an_index_in_two_parts_is_not_written_anew(tmp_path: Path) -> None:
    """Whatever I have set up for speed, a look leaves every file of git's as it is."""
    tree, scratch = tmp_path / "tree", tmp_path / "scratch"
    scratch.mkdir()
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    subprocess.run(["git", "config", "core.splitIndex", "true"], cwd=tree, check=True)
    (tree / "a.yaml").write_text("a: 1\n")
    subprocess.run(["git", "add", "."], cwd=tree, check=True)
    for number in range(40):
        (tree / f"{number}.yaml").write_text("a: 1\n")
    before = everything(tree)
    snapshot(tree, scratch)
    assert everything(tree) == before


def everything(tree: Path) -> dict[Path, bytes]:
    """Read all files of git's own."""
    return {file: file.read_bytes() for file in sorted((tree / ".git").rglob("*")) if file.is_file()}


def test_what_was_changed_within_the_second_of_its_commit_is_seen(tmp_path: Path) -> None:
    """I commit and mend a word at once: git compares such a file by what is in it, and so does the look at my tree."""
    tree, scratch, file = tmp_path / "tree", tmp_path / "scratch", tmp_path / "tree" / "a.yaml"
    scratch.mkdir()
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    subprocess.run(["git", "config", "core.trustctime", "false"], cwd=tree, check=True)  # which nobody can set back
    then = 1_700_000_000
    file.write_text("a: 1\n")
    os.utime(file, (then, then))
    subprocess.run(["git", "add", "."], cwd=tree, check=True)
    file.write_text("a: 2\n")
    for each in (file, tree / ".git" / "index"):
        os.utime(each, (then, then))
    made = snapshot(tree, scratch)
    assert checkout.read_file(made.caches, made.remote, "work tree", made.sha, "a.yaml") == b"a: 2\n"
