"""A work tree of a shop, as it is before anybody commits all of it."""

import subprocess
from pathlib import Path

import pytest

from tests.written import config_map

FILE = "environments:\n  staging: {branch: main, path: deploy/staging}\n  live: {branch: main, path: deploy/live}\n"


def git(root: Path, *words: str) -> str:
    """Ask git."""
    return subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, text=True).stdout


def write(root: Path, name: str, text: str) -> None:
    """Write one file of the work tree."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.fixture(params=["sha1", "sha256"])
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A work tree with two environments, committed in part: in a folder whose name needs care."""
    root = tmp_path / "my shop:ü"
    root.mkdir()
    git(root, "init", "-q", f"--object-format={request.param}")
    write(root, ".pushboat.yaml", FILE)
    write(root, "deploy/staging/web.yaml", config_map("web"))
    git(root, "add", ".pushboat.yaml")
    write(root, "deploy/live/web.yaml", config_map("web"))
    return root


def everything(root: Path) -> dict[str, bytes]:
    """All files, git's own among them."""
    return {str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()}
