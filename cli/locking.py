"""One `serve` per state folder: a lock that the kernel takes back when its holder is gone, however it went."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pushboat.errors import PushboatError


class AlreadyServed(PushboatError):
    """Another `serve` works in this state folder."""


@contextmanager
def only_one(state: Path) -> Iterator[None]:
    """Hold `serve.lock` in the state folder; it is gone after a clean end.

    Raises:
        AlreadyServed: naming the process that holds it.
    """
    lock = state / "serve.lock"
    descriptor = _take(lock, state)
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def holder(state: Path) -> tuple[int, bool] | None:
    """Name the process that `serve.lock` names, and whether it lives; None where nobody left a lock.

    The lock itself is not tried: for that moment a `serve` that starts would find it taken.
    """
    try:
        pid = int((state / "serve.lock").read_text())
    except (OSError, ValueError):
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return pid, False
    except OSError:
        return pid, True  # somebody else's
    return pid, True


def _take(lock: Path, state: Path) -> int:
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise AlreadyServed(
                f"Pushboat already runs in {state} (process {holder}); stop it first, or give this one another `state`"
            ) from None
        if _is_still(lock, descriptor):
            return descriptor
        os.close(descriptor)  # its last holder removed the file between our open and our lock


def _is_still(lock: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(lock.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
