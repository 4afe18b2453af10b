"""A git cache that nobody uses any more is removed, never one that somebody is in."""

import fcntl
import os
from pathlib import Path

from pushboat.model.remote import Remote
from tests.checkout.upstream import Upstream
from workers.source import checkout
from workers.source.git.locking import locked
from workers.source.git.unused import remove_unused

DAY = 24 * 3600.0
SHOP = "github/acme/shop"


def grow_old(caches: Path, seconds: float) -> None:
    """Let every use of every cache have happened that much earlier."""
    for path in caches.rglob("*"):
        at = path.stat().st_mtime - seconds
        os.utime(path, (at, at))


def test_a_cache_that_was_not_used_for_long_goes_and_comes_again(
    upstream: Upstream, remote: Remote, caches: Path
) -> None:
    """A repository that nobody pushes to takes no room; its next push costs one fetch more."""
    sha = upstream.commit({"a.yaml": "a"})
    checkout.fetch(caches, remote, SHOP, sha)
    grow_old(caches, 29 * DAY)
    assert remove_unused(caches, 30 * DAY) == 0
    grow_old(caches, 2 * DAY)
    assert remove_unused(caches, 30 * DAY) == 1
    assert list(caches.iterdir()) == []
    assert checkout.read_file(caches, remote, SHOP, sha, "a.yaml") == b"a"


def test_reading_counts_as_use(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """A commit that is there is read again and again without a fetch: that cache stays."""
    sha = upstream.commit({"a.yaml": "a"})
    checkout.fetch(caches, remote, SHOP, sha)
    grow_old(caches, 40 * DAY)
    assert checkout.read_file(caches, remote, SHOP, sha, "a.yaml") == b"a"
    assert remove_unused(caches, 30 * DAY) == 0


def test_a_cache_that_somebody_reads_stays(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """A rendering that takes its time keeps its files, however old the clock says they are."""
    checkout.fetch(caches, remote, SHOP, upstream.commit({"a.yaml": "a"}))
    (lock,) = caches.glob("*.lock")
    with locked(lock, fcntl.LOCK_SH):
        grow_old(caches, 40 * DAY)
        assert remove_unused(caches, 30 * DAY) == 0
    assert remove_unused(caches, 30 * DAY) == 1


def test_a_removal_that_was_killed_is_finished_by_the_next(caches: Path) -> None:
    """What was moved away and not deleted goes in the next round."""
    (caches / "0123.leaving" / "objects").mkdir(parents=True)
    assert remove_unused(caches, 30 * DAY) == 0
    assert list(caches.iterdir()) == []


def test_without_caches_there_is_nothing_to_do(tmp_path: Path) -> None:
    """A fresh installation has none."""
    assert remove_unused(tmp_path / "git", DAY) == 0
