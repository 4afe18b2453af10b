"""A commit of our own, made in the cache of what a remote has, and pushed to a branch that nobody else has moved.

A commit is known to be ours by its committer: who amends, rebases or adds to one puts their own name there. The same
files on the same parent, with the same words at the same moment, are the same commit, so a second try is no second one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pushboat.errors import CheckoutFailed, ForgeRefused
from pushboat.model.remote import Remote
from pushboat.model.wording import printable
from workers.running.spawning import Finished
from workers.source.git import cache
from workers.source.git.command import Repository
from workers.source.git.trees import commit_object, name_of
from workers.source.git.troubles import translate

PUSH_TIMEOUT = 60.0
_OURS = "Pushboat <pushboat@localhost>"
_COMMITTER = re.compile(rb"^committer (.*) \d+ [+-]\d{4}$", re.MULTILINE)
_MOVED = re.compile(r"stale info|fetch first|non-fast-forward|already exists|cannot lock ref|failed to update ref")
_REJECTED = re.compile(r"^!\t[^\t]*\t\[(?:remote )?(?:rejected|failure)\] ?\(?(.*?)\)?$", re.MULTILINE)


class MovedOn(Exception):
    """The branch is not where it was: somebody has pushed there meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A commit that is to be: other contents of files that its parent has, and the words of it.

    `at` is when, in seconds since the epoch.
    """

    parent: str
    files: Mapping[str, bytes] = field(repr=False)
    message: str
    at: int


def is_ours(commit: bytes) -> bool:
    """Say whether a commit, as git stores it, was made here and changed by nobody since."""
    return committer(commit) == _OURS


def committer(commit: bytes) -> str:
    """Name whoever made a commit what it is, as git stores it."""
    found = _COMMITTER.findall(commit.partition(b"\n\n")[0])
    return found[0].decode("utf-8", "replace") if len(found) == 1 else ""


def made(cache_root: Path, remote: Remote, wanted: Wanted) -> str:
    """Make a commit and give its sha.

    Raises:
        CheckoutFailed: the parent is gone, or has no such file.
        ForgeUnavailable, ForgeRefused: as `cache.reading`.
    """

    def make(cached: Repository) -> str:
        tree = _changed(cached, f"{wanted.parent}^{{tree}}", _nested(wanted.files), wanted)
        by = f"{_OURS} {wanted.at} +0000"
        head = (f"tree {tree}", f"parent {wanted.parent}", f"author {by}", f"committer {by}", "", wanted.message)
        return _written(cached, "commit", "\n".join(head).encode(), wanted)

    return cache.changing(cache_root, remote, wanted.parent, make)


def are_same(cache_root: Path, remote: Remote, one: str, other: str, parent: str) -> bool:
    """Say whether `one`, which the remote has, brings the same files on the same parent as `other`, made here."""

    def read(cached: Repository) -> bool:
        lines = commit_object(cached, one).partition(b"\n\n")[0].split(b"\n")
        parents = [line for line in lines if line.startswith(b"parent ")]
        return parents == [f"parent {parent}".encode()] and name_of(cached, one) == name_of(cached, other)

    return one == other or cache.reading(cache_root, remote, one, read)


def pushed(cache_root: Path, remote: Remote, sha: str, branch: str, before: str, parent: str) -> None:
    """Put a branch of the remote at a commit that was made here; `before` is where it stands (empty: nowhere).

    Raises:
        MovedOn: it stands elsewhere by now, and stays there.
        ForgeRefused: the forge does not take it.
        ForgeUnavailable: it does not answer.
    """
    ref = f"refs/heads/{branch}"

    def push(cached: Repository) -> None:
        lease = f"--force-with-lease={ref}:{before}"
        words = ("push", "--porcelain", "--no-verify", "--no-follow-tags", lease, "--", "origin", f"{sha}:{ref}")
        finished = cached.git(*words, timeout=PUSH_TIMEOUT)
        if finished.code == 0:
            return
        rejected = _REJECTED.search(finished.stdout.decode("utf-8", "replace"))
        if rejected is None:
            raise translate(finished, cached.access, sha)
        if _MOVED.search(rejected[1]):
            raise MovedOn(branch)
        raise ForgeRefused(f"the forge does not take {branch}: {printable(_why(finished, cached, rejected[1]), 300)}")

    cache.reading(cache_root, remote, parent, push)


def _why(finished: Finished, cached: Repository, rejected: str) -> str:
    """Give what the forge itself says of it, which is more than git's own word."""
    said = [line.removeprefix("remote:").strip(" -*") for line in finished.errors.splitlines() if "remote:" in line]
    return cached.access.scrub(" ".join([*filter(None, said), rejected]))


_NO_FILES = ("120000", "160000")
_Nested = dict[str, "bytes | _Nested"]


def _nested(files: Mapping[str, bytes]) -> _Nested:
    root: _Nested = {}
    for path, content in files.items():
        *folders, name = path.split("/")
        at = root
        for folder in folders:
            below = at.setdefault(folder, {})
            assert isinstance(below, dict), "a path of a commit is a file or a folder"
            at = below
        at[name] = content
    return root


def _changed(cached: Repository, tree: str, files: _Nested, wanted: Wanted) -> str:
    """Write a tree with other contents of some files, whose modes stay, and give its name."""
    listed = cached.git("ls-tree", "-z", tree)
    _demand(listed, cached, wanted)
    lines, seen = [], set()
    for line in listed.stdout.split(b"\0"):
        described, _, raw = line.partition(b"\t")
        name = raw.decode("utf-8", "surrogateescape")
        if line and name in files:
            seen.add(name)
            mode, kind, oid = described.decode("ascii").split(" ")
            new = files[name]
            if mode in _NO_FILES:
                raise CheckoutFailed(f"{printable(name)} is a link or a submodule, which is not written to")
            if isinstance(new, dict):
                oid = _changed(cached, oid, new, wanted)
            else:
                oid = _written(cached, "blob", new, wanted)
            lines.append(f"{mode} {kind} {oid}".encode() + b"\t" + raw)
        elif line:
            lines.append(line)
    if missing := sorted(files.keys() - seen):
        raise CheckoutFailed(f"{printable(missing[0])} is not there any more: ask again")
    written = cached.git("mktree", "-z", "--missing", stdin=b"\0".join(lines) + b"\0")
    _demand(written, cached, wanted)
    return written.stdout.decode("ascii").strip()


def _written(cached: Repository, kind: str, content: bytes, wanted: Wanted) -> str:
    written = cached.git("hash-object", "-t", kind, "-w", "--stdin", stdin=content)
    _demand(written, cached, wanted)
    return written.stdout.decode("ascii").strip()


def _demand(finished: Finished, cached: Repository, wanted: Wanted) -> None:
    if finished.code != 0:
        raise translate(finished, cached.access, wanted.parent)
