"""A plan elsewhere is sent what it needs of a work tree, and no source code beside it."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.checking.needed import needed
from cli.checking.snapshot import snapshot
from pushboat.model.sent_files import MOST_FILES, Unsendable
from tests.written import config_map

FILE = "environments: {qa: {path: qa}, staging: {path: deploy}}\n"
FILES = {
    ".pushboat.yaml": FILE,
    "deploy/kustomization.yaml": "resources: [../base]\n",
    "deploy/README.md": "how\n",
    "base/kustomization.yaml": "resources: [a.yaml]\n",
    "base/a.yaml": config_map("a"),
    "qa/a.yaml": config_map("a"),
    "src/main.py": "print()\n",
    "deploy.py": "print()\n",
}


def sent(tmp_path: Path, files: Mapping[str, str], environment: str = "staging") -> set[str]:
    """Name what would be sent of a work tree."""
    tree, scratch = tmp_path / "tree", tmp_path / "scratch"
    scratch.mkdir()
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    for file, text in files.items():
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        (tree / file).write_text(text)
    return {each.path for each in needed(snapshot(tree, scratch), environment)}


def test_what_is_rendered_is_sent_and_nothing_else(tmp_path: Path) -> None:
    """Folders of all environments, what they build upon, and Pushboat's own files."""
    assert sent(tmp_path, FILES) == set(FILES) - {"src/main.py", "deploy.py"}


def test_a_file_with_mistakes_is_sent_alone(tmp_path: Path) -> None:
    """The server says what they are."""
    assert sent(tmp_path, {**FILES, ".pushboat.yaml": "environments: {staging: {pth: deploy}}\n"}) == {".pushboat.yaml"}


def test_what_cannot_be_gathered_here_is_sent_whole(tmp_path: Path) -> None:
    """The folder is not there: whoever renders says so, with all that there is in hand."""
    elsewhere = {file: text for file, text in FILES.items() if not file.startswith("deploy/")}
    assert sent(tmp_path, elsewhere) == set(elsewhere)


def test_too_many_are_not_sent(tmp_path: Path) -> None:
    """I am told to commit them instead."""
    many = {f"deploy/{number}.yaml": "" for number in range(MOST_FILES + 1)}
    with pytest.raises(Unsendable, match="commit them"):
        sent(tmp_path, {".pushboat.yaml": FILE, **many})
