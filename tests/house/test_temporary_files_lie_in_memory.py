"""Where there is room in memory, the suite writes there; anywhere else it takes the machine's own place."""

import os

import pytest

from tests.in_memory import ROOM, has_room

MUCH = ["MemTotal: 99999999 kB", f"MemAvailable:   {ROOM >> 10} kB"]


def place(free: int = ROOM, flags: int = 0) -> os.statvfs_result:
    """A file system with so much room."""
    blocks = free >> 12
    return os.statvfs_result((4096, 4096, blocks, blocks, blocks, 0, 0, 0, flags, 255))


def test_where_there_is_room_it_is_used() -> None:
    """Two cores and eight gigabytes are enough."""
    assert has_room(place(), MUCH)


@pytest.mark.parametrize("meminfo", [[], ["MemTotal: 99999999 kB"], [f"MemAvailable: {(ROOM >> 10) - 1} kB"]])
def test_little_memory_is_left_to_others(meminfo: list[str]) -> None:
    """A small machine's tests do not compete with their own files for memory."""
    assert not has_room(place(), meminfo)


def test_a_small_place_is_left_alone() -> None:
    """Containers are given 64 MB there."""
    assert not has_room(place(free=64 << 20), MUCH)


def test_a_place_where_no_program_may_run_is_left_alone() -> None:
    """Containers mount theirs so, too, and our tests write scripts that are run."""
    assert not has_room(place(flags=os.ST_NOEXEC), MUCH)
