"""A work tree as `git add --all` and a commit would make it: nothing is staged, and no ref of the repository moves.

Objects that git does not have yet go into a folder of our own, which borrows the rest. So links, ignored files, line
endings and Git LFS are as they will be on the forge, and what reads a commit reads this one.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from cli.git import git
from pushboat.model.remote import Remote
from workers.source.git import cache

GIT_SECONDS = 300
_NOBODY = {
    f"GIT_{who}_{what}": said
    for who in ("AUTHOR", "COMMITTER")
    for what, said in (("NAME", "pushboat check"), ("EMAIL", "check@localhost"), ("DATE", "@0 +0000"))
}
_LEAVE_ALONE = ("-c", "core.splitIndex=false", "-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false")
"""What lets git write, or start, something in the repository while it only looks."""
_SAID_TO_HOOKS = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE",
    "GIT_NO_REPLACE_OBJECTS", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE",
)  # fmt: skip
"""What git tells its hooks of the repository that they are about; one of ours must never be taken for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A commit that nobody made, kept below `caches` as if it had been fetched from `remote`."""

    top: Path
    sha: str
    remote: Remote
    caches: Path


def snapshot(folder: Path, scratch: Path) -> Snapshot:
    """Commit the work tree around a folder into `scratch`; a folder outside of any repository stands for itself.

    Raises:
        UsageError: git is not here, or says no; with its words.
    """
    top = _asked(folder, "rev-parse", "--show-toplevel")
    remote, caches = Remote(url=str(scratch / "worktree")), scratch / "git"
    algorithm = _asked(folder, "rev-parse", "--show-object-format") if top else "sha1"
    place = cache.place(caches, remote, 64 if algorithm == "sha256" else 40)
    place.mkdir(parents=True)
    _git(scratch, "init", "--quiet", "--bare", "--template=", f"--object-format={algorithm}", str(place))
    index = scratch / "index"
    if top:
        _borrow(folder, place, index)
        whose = {}
    else:
        whose = {"GIT_DIR": str(place), "GIT_WORK_TREE": str(folder)}
    staged = {**whose, "GIT_INDEX_FILE": str(index), "GIT_OBJECT_DIRECTORY": str(place / "objects")}
    _git(Path(top) if top else folder, "add", "--all", "--", ".", environ=staged)
    tree = _git(Path(top) if top else folder, "write-tree", environ=staged)
    sha = _git(scratch, "commit-tree", tree, "-m", "the work tree", environ={"GIT_DIR": str(place), **_NOBODY})
    _git(scratch, "update-ref", cache.ref_name(sha), sha, environ={"GIT_DIR": str(place)})
    return Snapshot(top=Path(top) if top else folder, sha=sha, remote=remote, caches=caches)


def base_of(made: Snapshot) -> str:
    """Name the commit that others have already: where the work tree's branch left its upstream; "" where there is none.

    Without an upstream that is the remote's main branch, and without a remote the commit that is checked out.
    """
    for other in ("@{upstream}", "origin/HEAD", "HEAD"):
        found = _asked(made.top, "merge-base", "HEAD", other)
        if found:
            return found if has_commit(made, found) else ""
    return ""


def has_commit(made: Snapshot, sha: str) -> bool:
    """Say whether the repository of the work tree has a commit; from then on it is read like the snapshot's own."""
    place = cache.place(made.caches, made.remote, len(sha))
    if not place.is_dir():  # names of another length: it has none of them
        return False
    return _run(place, ("update-ref", cache.ref_name(sha), sha), {"GIT_DIR": str(place)}).returncode == 0


def _borrow(folder: Path, place: Path, index: Path) -> None:
    """Let our folder find what the repository has, and begin with its index, which knows what did not change."""
    objects, known = (Path(_git(folder, "rev-parse", "--git-path", name)) for name in ("objects", "index"))
    (place / "objects" / "info" / "alternates").write_text(f"{(folder / objects).resolve()}\n")
    index_there = (folder / known).resolve()
    if index_there.is_file() and not [*index_there.parent.glob("sharedindex.*")]:  # git would touch the other part
        shutil.copy2(folder / known, index)  # with its time: what was changed at that moment is compared by content


def _asked(folder: Path, *words: str) -> str:
    """Ask git about a folder; "" where it is in no repository."""
    finished = _run(folder, words, {})
    return finished.stdout.strip() if finished.returncode == 0 else ""


def _git(folder: Path, *words: str, environ: Mapping[str, str] | None = None) -> str:
    finished = _run(folder, words, environ or {})
    if finished.returncode != 0:
        lines = finished.stderr.strip().splitlines() or [f"exit code {finished.returncode}"]
        raise click.UsageError(f"git {words[0]} in {folder}: {lines[-1].removeprefix('fatal: ')}")
    return finished.stdout.strip()


def _run(folder: Path, words: tuple[str, ...], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _SAID_TO_HOOKS}
    try:
        return git(
            folder,
            *_LEAVE_ALONE,
            *words,
            environ={**inherited, "GIT_OPTIONAL_LOCKS": "0", **environ},
            seconds=GIT_SECONDS,
        )
    except FileNotFoundError as error:
        raise click.UsageError("git is not on the PATH: install it") from error
    except subprocess.TimeoutExpired as error:
        raise click.UsageError(
            f"git {words[0]} took more than {GIT_SECONDS // 60} minutes: name a smaller PATH"
        ) from error
