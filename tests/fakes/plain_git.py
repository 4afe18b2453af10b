"""A plain git server: bare repositories below a root, and people's clones that really `git push` into them."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.bare import ENVIRONMENT, Bare, Files


@dataclass(frozen=True)
class PlainGit:
    """The server's folder: `shop` is `shop.git` below it."""

    root: Path

    def create_repository(self, name: str) -> Bare:
        """Create an empty bare repository."""
        return Bare.create(self.root / f"{name}.git")

    def clone(self, name: str, folder: Path) -> "Clone":
        """Clone it as a person does."""
        clone = Clone(folder)
        _run(["git", "clone", "--quiet", str(self.root / f"{name}.git"), str(folder)])
        return clone


@dataclass(frozen=True)
class Pushed:
    """A push: what commit, and what the terminal showed of the server's words."""

    sha: str
    terminal: str
    code: int

    @property
    def remote(self) -> list[str]:
        """Give the lines that the server's hook printed."""
        lines = [
            line.removeprefix("remote: ").rstrip() for line in self.terminal.splitlines() if line.startswith("remote:")
        ]
        return [line for line in lines if line and line != "remote:"]


@dataclass(frozen=True)
class Clone:
    """A person's working copy."""

    folder: Path

    def commit(self, files: Files, message: str = "Change") -> str:
        """Write files and commit them; None deletes one."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            else:
                assert isinstance(content, str | bytes), "link by hand in a clone"
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD").strip()

    def push(self, *words: str, environ: dict[str, str] | None = None) -> Pushed:
        """Run `git push`; the current branch goes to main unless told otherwise."""
        command = ["git", "-C", str(self.folder), "push", "--quiet", *(words or ("origin", "HEAD:main"))]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**_person(), **(environ or {})}, timeout=120
        )
        return Pushed(self.git("rev-parse", "HEAD").strip(), done.stderr, done.returncode)

    def git(self, *words: str) -> str:
        """Run git in the clone."""
        return _run(["git", "-C", str(self.folder), *words])


def _person() -> dict[str, str]:
    return {**ENVIRONMENT, "USER": "alice", "LOGNAME": "alice", "PATH": os.environ.get("PATH", os.defpath)}


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_person(), timeout=60)
    assert done.returncode == 0, f"{command} failed: {done.stderr}"
    return done.stdout
