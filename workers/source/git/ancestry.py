"""Where two commits parted, or how far one is behind: as little history as is needed, without any of its files."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pushboat.errors import CheckoutFailed, ForgeUnavailable
from pushboat.model.remote import Remote
from workers.running.spawning import Stopped
from workers.source.git.command import Repository
from workers.source.git.remotes import access
from workers.source.git.troubles import BrokenCache, translate

DEPTHS = (50, 500, 5_000)
"""Commits of history that are fetched at first, and when they were not enough; then all of it is."""
COUNTED = (50, 500)
"""The same, to count how far one is behind: beyond that it is far, by whatever number."""
FETCH_TIMEOUT = 300.0


def parted_at(scratch: Path, remote: Remote, one: str, other: str) -> str:
    """Give the newest commit that two commits have in common; empty where they have none.

    Raises:
        CheckoutFailed: one of them is not on the forge any more.
        ForgeUnavailable: the forge does not answer.
        ForgeRefused: the forge does not let us in.
    """
    with _history(scratch, remote, one) as history:
        return _looked_for(history, one, other)


def between(scratch: Path, remote: Remote, older: str, newer: str) -> int:
    """Count the commits that a newer one has and an older one lacks; 0 where there are too many to be counted.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `parted_at`.
    """
    with _history(scratch, remote, older) as history:
        for depth in COUNTED:
            _fetch(history, f"--depth={depth}", older, newer)
            listed = history.git("rev-list", f"{older}..{newer}").stdout.decode("ascii", "replace").split()
            shallow = history.path / "shallow"
            if not shallow.exists() or not set(shallow.read_text().split()).intersection(listed):
                return len(listed)
    return 0


@contextmanager
def _history(scratch: Path, remote: Remote, sha: str) -> Iterator[Repository]:
    """Hold an empty repository that history can be fetched into."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        history = Repository(Path(folder, "history.git"), access(remote))
        history.path.mkdir()
        history.configure()
        algorithm = "sha256" if len(sha) == 64 else "sha1"
        try:
            _run(history, sha, "init", "--quiet", "--bare", "--template=", f"--object-format={algorithm}")
            yield history
        except Stopped as error:
            raise ForgeUnavailable(f"git did not finish: {error}") from error


def _fetch(history: Repository, depth: str, one: str, other: str) -> None:
    bare = () if history.access.local else ("--filter=tree:0",)
    _run(history, one, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", depth, *bare,
         "--", "origin", f"{one}:refs/pushboat/one", f"{other}:refs/pushboat/other")  # fmt: skip


def _looked_for(history: Repository, one: str, other: str) -> str:
    for depth in (*(f"--depth={depth}" for depth in DEPTHS), "--unshallow"):
        _fetch(history, depth, one, other)
        found = history.git("merge-base", one, other)
        if found.code == 0:
            return found.stdout.decode("ascii").strip()
        if not (history.path / "shallow").exists():
            break
    return ""


def _run(history: Repository, sha: str, *words: str) -> None:
    finished = history.git(*words, timeout=FETCH_TIMEOUT)
    if finished.code == 0:
        return
    trouble = translate(finished, history.access, sha)
    if isinstance(trouble, BrokenCache):
        raise CheckoutFailed(f"the history of {sha[:7]} cannot be read: {trouble}") from trouble
    raise trouble
