"""A real bare repository on disk, written by git's own plumbing: what a forge keeps for a project."""

import os
import shutil
import subprocess
import tempfile
import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.fakes.git_objects import MOST, LeftToGit, commit

ZERO = "0" * 40
WHO = "Alice <alice@example.com>"
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Alice",
    "GIT_AUTHOR_EMAIL": "alice@example.com",
    "GIT_COMMITTER_NAME": "Alice",
    "GIT_COMMITTER_EMAIL": "alice@example.com",
}


@dataclass(frozen=True)
class Link:
    """A symbolic link in place of a file's content."""

    target: str


Files = Mapping[str, str | bytes | Link | None]
"""Path to content; None deletes the file."""


@dataclass
class Bare:
    """One bare repository."""

    path: Path
    lock: threading.RLock = field(default_factory=threading.RLock)
    _said: dict[tuple[str, ...], str] = field(default_factory=dict)
    """What git said of commits, which do not change."""

    @classmethod
    def create(cls, path: Path) -> "Bare":
        """Make an empty one that answers to blobless fetches of any commit, as the big forges do."""
        shutil.copytree(_made_once().name, path, dirs_exist_ok=True)
        return cls(path)

    def git(self, *words: str, stdin: bytes = b"") -> str:
        """Run git and give what it prints; fail loudly."""
        done = subprocess.run(
            ["git", f"--git-dir={self.path}", *words], input=stdin, capture_output=True, check=False, env=ENVIRONMENT
        )
        assert done.returncode == 0, f"git {words} failed: {done.stderr.decode()}"
        return done.stdout.decode().strip()

    def resolve(self, name: str) -> str:
        """Give the commit of a ref or sha, empty where there is none."""
        if found := self._loose(name):
            return found
        done = subprocess.run(
            ["git", f"--git-dir={self.path}", "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"],
            capture_output=True,
            text=True,
            check=False,
            env=ENVIRONMENT,
        )
        return done.stdout.strip()

    def _loose(self, name: str) -> str:
        """Find a branch or commit in git's own files, without a program; empty where it takes git to know."""
        sha = name
        if name.startswith(("refs/heads/", "refs/pull/")):
            branch = self.path / name
            sha = branch.read_text().strip() if branch.is_file() else ""
        loose = self.path / "objects" / sha[:2] / sha[2:]
        if len(sha) != len(ZERO) or not loose.is_file():
            return ""
        return sha if zlib.decompress(loose.read_bytes()).startswith(b"commit ") else ""

    def told(self, *words: str) -> str:
        """Run git with commits by their full names, or give what it said of them before."""
        if words not in self._said:
            self._said[words] = self.git(*words)
        return self._said[words]

    def roots(self, name: str) -> set[str]:
        """Give the commits that a history began with."""
        return set(self.told("rev-list", "--max-parents=0", self.resolve(name)).split())

    def contains(self, ancestor: str, descendant: str) -> bool:
        """Say whether one commit is in the other's history."""
        words = ["git", f"--git-dir={self.path}", "merge-base", "--is-ancestor", ancestor, descendant]
        return subprocess.run(words, capture_output=True, check=False, env=ENVIRONMENT).returncode == 0

    def commit(self, branch: str, files: Files, message: str, parent: str = "", *, replace: bool = False) -> str:
        """Commit changed files on a branch, on top of `parent` or else of its tip, and move the branch there."""
        with self.lock:
            ref = f"refs/heads/{branch}"
            parent = parent or self.resolve(ref) or self.resolve("refs/heads/main")
            try:
                sha = self._written(files, message, parent, replace=replace)
                self._move(ref, sha)
            except LeftToGit:
                self.imported(ref, files, message, parent, replace=replace)
                return self.resolve(ref)
            return sha

    def imported(self, ref: str, files: Files, message: str, parent: str, *, replace: bool) -> None:
        """Have git itself commit on a ref."""
        text = message.encode()
        lines = [b"commit %s\n" % ref.encode(), f"committer {WHO} now\n".encode()]
        lines += [b"data %d\n%s\n" % (len(text), text)]
        lines += [b"from %s\n" % parent.encode()] if parent else []
        lines += [b"deleteall\n"] if replace else []
        lines += [_change(path, content) for path, content in files.items()]
        self.git("fast-import", "--quiet", "--force", "--date-format=now", stdin=b"".join(lines))

    def _written(self, files: Files, message: str, parent: str, *, replace: bool) -> str:
        if len(files) > MOST:
            raise LeftToGit(f"{len(files)} files")
        changes = [(path, *_content(content)) for path, content in files.items()]
        return commit(self.path / "objects", parent, changes, message.encode(), WHO, replace=replace)

    def _move(self, ref: str, sha: str) -> None:
        """Move a branch, whole at any moment, for who fetches meanwhile."""
        aside = self.path / f"new-{ref.replace('/', '-')}"
        try:
            (self.path / ref).parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(f"{sha}\n")
            aside.rename(self.path / ref)
        except OSError:
            raise LeftToGit(ref) from None

    def merge(self, base: str, head: str, how: str) -> str:
        """Merge a commit into a branch: `merge`, `squash`, `rebase` or `fast-forward`; give the branch's new tip."""
        with self.lock:
            tip, sha = self.resolve(f"refs/heads/{base}"), head
            if how == "rebase":
                sha = tip
                for commit in self.git("rev-list", "--reverse", f"{tip}..{head}").split():
                    tree = self.git("merge-tree", "--write-tree", sha, commit)
                    sha = self.git("commit-tree", tree, "-p", sha, "-m", f"{commit[:7]} once more")
            elif how != "fast-forward":
                tree = self.git("merge-tree", "--write-tree", tip, head)
                parents = ["-p", tip, *([] if how == "squash" else ["-p", head])]
                sha = self.git("commit-tree", tree, *parents, "-m", f"Merge {head[:7]} into {base} ({how})")
            self.git("update-ref", f"refs/heads/{base}", sha)
            return sha

    def fetch(self, other: "Bare", branch: str, ref: str) -> str:
        """Copy another repository's branch to a ref of this one."""
        if other.path != self.path:
            self.git("fetch", "--quiet", str(other.path), f"+refs/heads/{branch}:{ref}")
        elif sha := self._loose(f"refs/heads/{branch}"):
            self._move(ref, sha)
        else:
            self.git("update-ref", ref, f"refs/heads/{branch}")
        return self.resolve(ref)


@cache
def _made_once() -> "tempfile.TemporaryDirectory[str]":
    """Make the repository that all others are copies of; git's samples of hooks are no part of it."""
    folder = tempfile.TemporaryDirectory(prefix="pushboat-bare-")
    words = ["git", "init", "--quiet", "--bare", "--initial-branch=main", folder.name]
    subprocess.run(words, check=True, env=ENVIRONMENT)
    bare = Bare(Path(folder.name))
    for setting in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        bare.git("config", setting, "true")
    for sample in (bare.path / "hooks").iterdir():
        sample.unlink()
    return folder


def _change(path: str, content: str | bytes | Link | None) -> bytes:
    quoted = b'"%s"' % path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").encode()
    data, is_link = _content(content)
    if data is None:
        return b"D %s\n" % quoted
    mode = b"120000" if is_link else b"100644"
    return b"M %s inline %s\ndata %d\n%s\n" % (mode, quoted, len(data), data)


def _content(content: str | bytes | Link | None) -> tuple[bytes | None, bool]:
    """Give what is to stand at a path, and whether it is a link's target."""
    text = content.target if isinstance(content, Link) else content
    return text.encode() if isinstance(text, str) else text, isinstance(content, Link)
