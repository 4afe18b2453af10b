"""A lock file per cache keeps deployments apart: shared to read, exclusive to change; it goes with its cache."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pushboat.errors import ForgeUnavailable

LOCK_TIMEOUT = 330.0
"""Seconds; longer than the longest fetch that another worker may be in."""


@contextmanager
def locked(path: Path, kind: int) -> Iterator[None]:
    """Hold the lock, waiting for others; its file's time says when it was last wanted.

    Raises:
        ForgeUnavailable: somebody has held it for too long.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + LOCK_TIMEOUT
    while not _hold_once(path, kind, descriptor := os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)):
        os.close(descriptor)
        if time.monotonic() > deadline:
            raise ForgeUnavailable("another deployment has been fetching this repository for over five minutes")
        time.sleep(0.05)
    try:
        os.utime(descriptor)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def locked_at_once(path: Path, kind: int) -> Iterator[bool]:
    """Hold the lock where nobody else does, and say whether; its file's time stays what it is."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _hold_once(path, kind, descriptor)
    finally:
        os.close(descriptor)


def _hold_once(path: Path, kind: int, descriptor: int) -> bool:
    """Try the lock; one on a file that its last holder removed in between is worth nothing."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except (BlockingIOError, FileNotFoundError):
        return False
