"""A machine that lacks something hears of it in one line, with the command that installs it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cli import prerequisites
from cli.prerequisites import Lack, git_version, installing
from tests.forked import pushboat

ROOT = Path(__file__).resolve().parents[2]
ALWAYS = ("sh", "test", "touch", "echo", "env")
MAKE = shutil.which("make") or "make"
OLD_PYTHON = "#!/bin/sh\ncase $1 in --version) echo Python 3.9.2;; *) exit 1;; esac\n"
OLD_GIT = "#!/bin/sh\necho git version 2.20.1\n"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH with next to nothing on it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ALWAYS:
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    return folder


def stub(folder: Path, name: str, text: str = "#!/bin/sh\nexit 0\n") -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def make(tmp_path: Path, programs: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `make install` in a new clone, with these programs alone."""
    clone = tmp_path / "clone"
    (clone / ".ci").mkdir(parents=True)
    for name in ("Makefile", ".ci/prerequisites"):
        shutil.copy(ROOT / name, clone / name)
    for name in ("uv.lock", "pyproject.toml"):
        (clone / name).touch()
    environ = {"PATH": str(programs)}
    return subprocess.run([MAKE, "install", *words], cwd=clone, env=environ, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("there", "sentence", "command"),
    [
        ({"apt-get": ""}, "there is no git command on PATH", "sudo apt-get install git"),
        ({"apk": ""}, "there is no git command on PATH", "sudo apk add git"),
        ({}, "there is no git command on PATH", "your system's package git"),
        ({"git": "", "dnf": ""}, "there is no python3 on PATH", "sudo dnf install python3"),
        ({"git": "", "apt-get": "", "python3": OLD_PYTHON}, "Python 3.9.2 (python3) is too old", "PYTHON=python3.12"),
    ],
)
def test_a_new_clone_says_what_it_lacks(
    there: dict[str, str], sentence: str, command: str, tmp_path: Path, programs: Path
) -> None:
    """`make install` ends at once, before it has made anything."""
    for name, text in there.items():
        stub(programs, name, *([text] if text else []))
    done = make(tmp_path, programs)
    assert done.returncode == 2
    first = done.stderr.splitlines()[0]
    assert sentence in first
    assert command in first
    assert not (tmp_path / "clone/.venv").exists()


def test_a_python_that_is_named_is_the_one_that_is_asked(tmp_path: Path, programs: Path) -> None:
    """`make PYTHON=…` is not told about another Python."""
    stub(programs, "git")
    stub(programs, "python9", OLD_PYTHON)
    assert "(python9) is too old" in make(tmp_path, programs, "PYTHON=python9").stderr


@pytest.mark.parametrize("words", [("serve",), ("demo",)])
def test_what_needs_git_says_so_at_once(words: tuple[str, ...], tmp_path: Path, programs: Path) -> None:
    """Not as the reason of a deployment that failed later."""
    stub(programs, "apt-get")
    (tmp_path / "pushboat.yaml").write_text(
        "forges: {local: {kind: git, root: ., webhook_secrets: [{env: SECRET}]}}\n"
        "clusters: {dev: {kubeconfig: ./kubeconfig}}\nprojects: []\n"
    )
    environ = {"PATH": str(programs), "HOME": str(tmp_path), "SECRET": "0" * 64, "PYTHONPATH": str(ROOT)}
    command = [str(ROOT / ".venv/bin/python"), "-m", "cli.main", *words]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines() == [
        "Error: there is no git command on PATH; install it: sudo apt-get install git"
    ]


def test_an_old_git_is_told_with_both_versions(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """I see what I have and what is needed."""
    stub(programs, "git", OLD_GIT)
    stub(programs, "apt-get")
    monkeypatch.setenv("PATH", str(programs))
    found = git_version()
    assert isinstance(found, Lack)
    assert str(found) == "git version 2.20.1 is too old, 2.31 is needed; install it: sudo apt-get install git"
    assert installing("npm") == "sudo apt-get install npm"


def test_make_and_the_program_know_the_same_systems() -> None:
    """A system that one of the two learns of is known to both."""
    script = (ROOT / ".ci/prerequisites").read_text()
    for program, command in prerequisites.INSTALLERS:
        assert f'"{program}:{command}"' in script
    assert os.access(ROOT / ".ci/prerequisites", os.X_OK)


def test_a_cluster_that_does_not_answer_is_told_before_anything_begins(tmp_path: Path) -> None:
    """The demo on a cluster of mine does not wait ten minutes for one that is not there."""
    file = tmp_path / "kubeconfig"
    file.write_text(
        "apiVersion: v1\nkind: Config\ncurrent-context: x\n"
        'clusters: [{name: c, cluster: {server: "https://127.0.0.1:9"}}]\n'
        "users: [{name: u, user: {token: x}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n"
    )
    done = pushboat(["demo", "--yes"], cwd=tmp_path, env={**os.environ, "KUBECONFIG_FOR_DEMO": str(file)}, within=60)
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert "does not answer" in line
    assert f"kubectl --kubeconfig {file} version" in line
