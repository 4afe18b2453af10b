"""The bare cache of one repository: fetch a commit once, keep it by a ref, forget old ones, survive being broken.

Every commit keeps a ref of its own (`refs/pushboat/<sha>`): without one the next fetch has nothing to build on and
starts over. locking.py keeps two deployments apart: shared to read, exclusive to change.
"""

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pushboat.errors import CheckoutFailed, ForgeUnavailable
from pushboat.model.remote import Remote
from workers.running.spawning import Stopped
from workers.source.git.command import Repository
from workers.source.git.locking import locked
from workers.source.git.remotes import access
from workers.source.git.troubles import BrokenCache, translate

FETCH_TIMEOUT = 300.0
_KEPT_FETCHED_REFS = 50
_FORGET_AT = 60
"""Forgetting costs a repack, so it waits for ten commits too many."""
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_Result = TypeVar("_Result")


def reading(cache_root: Path, remote: Remote, sha: str, act: Callable[[Repository], _Result]) -> _Result:
    """Make sure that the commit is cached, then let `act` read it; a broken cache is remade once.

    Raises:
        CheckoutFailed: the commit is not on the forge any more, or what `act` says.
        ForgeUnavailable: the forge does not answer.
        ForgeRefused: the forge does not let us in.
    """
    return _twice(cache_root, remote, sha, act, fcntl.LOCK_SH)


def changing(cache_root: Path, remote: Remote, sha: str, act: Callable[[Repository], _Result]) -> _Result:
    """Do as `reading` does, and let `act` add to the cache while nobody else looks at it."""
    return _twice(cache_root, remote, sha, act, fcntl.LOCK_EX)


def ref_name(sha: str) -> str:
    """Name the ref that keeps a commit."""
    return f"refs/pushboat/{sha}"


def _twice(cache_root: Path, remote: Remote, sha: str, act: Callable[[Repository], _Result], kind: int) -> _Result:
    if not _SHA.fullmatch(sha):
        raise CheckoutFailed(f"{sha[:80]!r} is not a commit's full sha")
    repository = _repository(cache_root, remote, sha)
    try:
        return _attempt(repository, sha, act, kind)
    except BrokenCache:
        with locked(_lock(repository), fcntl.LOCK_EX):
            shutil.rmtree(repository.path, ignore_errors=True)
    try:
        return _attempt(repository, sha, act, kind)
    except BrokenCache as error:
        raise ForgeUnavailable(f"git cannot read {short_url(remote)}, also with a fresh cache: {error}") from error


def place(cache_root: Path, remote: Remote, length: int) -> Path:
    """Say where the cache of a remote lies, whose commits' names have so many digits.

    Whoever fills it without a fetch keeps a commit there by its `ref_name`.
    """
    digest = hashlib.sha256(f"{length} {remote.url}".encode()).hexdigest()[:24]
    return cache_root / f"{digest}.git"


def short_url(remote: Remote) -> str:
    """Name a remote for people, without what may stand before the @."""
    return access(remote).scrub(remote.url)


def _attempt(repository: Repository, sha: str, act: Callable[[Repository], _Result], kind: int) -> _Result:
    try:
        if not _kept(repository, sha):
            with locked(_lock(repository), fcntl.LOCK_EX):
                if not _kept(repository, sha):
                    _fetch(repository, sha)
        with locked(_lock(repository), kind):
            return act(repository)
    except Stopped as error:
        raise ForgeUnavailable(f"git did not finish: {error}") from error


def _repository(cache_root: Path, remote: Remote, sha: str) -> Repository:
    """Place the cache by the remote and the hash algorithm, since one bare repository has one of each."""
    return Repository(place(cache_root, remote, len(sha)), access(remote))


def _lock(repository: Repository) -> Path:
    return repository.path.with_suffix(".lock")


def _ref(repository: Repository, sha: str) -> Path:
    return repository.path / "refs" / "pushboat" / sha


def _kept(repository: Repository, sha: str) -> bool:
    """Say whether the commit is here already, and mark it as used."""
    try:
        os.utime(_ref(repository, sha))
    except OSError:
        return False
    return True


def _fetch(repository: Repository, sha: str) -> None:
    if not (repository.path / "HEAD").exists():
        _create(repository, sha)
    for stale in (*repository.path.glob("*.lock"), *_ref(repository, sha).parent.glob("*.lock")):
        stale.unlink(missing_ok=True)  # we hold the lock, so whoever made these was killed
    blobless = () if repository.access.local else ("--filter=blob:none",)
    finished = repository.git(
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth=1", *blobless,
        "--", "origin", f"{sha}:{ref_name(sha)}",
        timeout=FETCH_TIMEOUT,
    )  # fmt: skip
    if finished.code != 0:
        raise translate(finished, repository.access, sha)
    _forget(repository)


def _create(repository: Repository, sha: str) -> None:
    shutil.rmtree(repository.path, ignore_errors=True)
    repository.path.mkdir(parents=True)
    repository.configure()
    algorithm = "sha256" if len(sha) == 64 else "sha1"
    finished = repository.git("init", "--quiet", "--bare", "--template=", f"--object-format={algorithm}")
    if finished.code != 0:
        raise translate(finished, repository.access, sha)


def _forget(repository: Repository) -> None:
    """Drop the commits that were used longest ago; a failure costs only disk, the next fetch tries again."""
    refs = sorted(_ref(repository, "").iterdir(), key=lambda ref: ref.stat().st_mtime, reverse=True)
    if len(refs) > _FORGET_AT:
        for ref in refs[_KEPT_FETCHED_REFS:]:
            ref.unlink(missing_ok=True)
        repository.git("gc", "--quiet", "--prune=1.hour.ago", timeout=FETCH_TIMEOUT)
