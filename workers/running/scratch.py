"""A folder of this process's own for what it unpacks; what a killed one left goes when the next one starts."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch(state: Path) -> Iterator[Path]:
    """Make a private folder below the state folder, and remove it with the block."""
    folder = state / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    host = socket.gethostname()
    for left in folder.glob(f"{host}:*"):
        if not _lives(left.name.rpartition(":")[2]):
            shutil.rmtree(left, ignore_errors=True)
    mine = folder / f"{host}:{os.getpid()}"
    shutil.rmtree(mine, ignore_errors=True)  # a container's processes have the same number after each start
    mine.mkdir(mode=0o700)
    try:
        yield mine
    finally:
        shutil.rmtree(mine, ignore_errors=True)


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
