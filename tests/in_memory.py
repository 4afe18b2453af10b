"""Keeps in memory what tests write, where the machine has room: beside other work, a disk is what a store waits for.

No test asks a disk what it kept. What a power cut leaves is computed from what was synced (tests/power), and that is
the same in memory.
"""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

MEMORY, SAID = Path("/dev/shm"), Path("/proc/meminfo")
ROOM = 4 << 30
"""Bytes that must be free there, and be free memory: a run writes a few hundred megabytes, and is not alone."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Choose where temporary files lie, for us and all that we start, unless somebody has chosen."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or not SAID.exists() or not os.access(MEMORY, os.W_OK):
        return
    if has_room(os.statvfs(MEMORY), SAID.read_text().splitlines()):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def has_room(memory: os.statvfs_result, meminfo: Iterable[str]) -> bool:
    """Say whether a run finds room in a file system that lies in memory, and may start what it writes there."""
    available = next((int(line.split()[1]) << 10 for line in meminfo if line.startswith("MemAvailable:")), 0)
    return not memory.f_flag & os.ST_NOEXEC and min(memory.f_bavail * memory.f_frsize, available) >= ROOM
