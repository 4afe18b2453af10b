"""Removes the git caches that nobody used for long: of repositories that left, or that nobody pushes to any more."""

import fcntl
import shutil
import time
from pathlib import Path

from workers.source.git.locking import locked_at_once

LEAVING = ".leaving"


def remove_unused(cache_root: Path, longest: float) -> int:
    """Remove caches whose last use is more than `longest` seconds ago, and say how many; one in use stays."""
    if not cache_root.is_dir():
        return 0
    for rest in cache_root.glob(f"*{LEAVING}"):  # whoever moved it away was killed before it was gone
        shutil.rmtree(rest, ignore_errors=True)
    long_ago = time.time() - longest
    return sum(_remove(lock, long_ago) for lock in sorted(cache_root.glob("*.lock")) if _last_use(lock) < long_ago)


def _remove(lock: Path, long_ago: float) -> bool:
    """Move the cache away under its lock, so that whoever comes next makes a new one, and delete it afterwards."""
    cache, leaving = lock.with_suffix(".git"), lock.with_suffix(LEAVING)
    with locked_at_once(lock, fcntl.LOCK_EX) as ours:
        if not ours or _last_use(lock) >= long_ago:
            return False
        if cache.exists():
            cache.rename(leaving)
        lock.with_suffix(".gitconfig").unlink(missing_ok=True)
        lock.unlink()
    shutil.rmtree(leaving, ignore_errors=True)
    return True


def _last_use(lock: Path) -> float:
    """Give the time of the last reading or fetch: each opens the lock, and each marks the commit that it reads."""
    refs = lock.with_suffix(".git") / "refs" / "pushboat"
    times = [_modified(path) for path in (lock, *(refs.iterdir() if refs.is_dir() else ()))]
    return max(times)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
