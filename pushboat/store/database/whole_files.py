"""Writes a small file so that it is there whole or not at all, also after a power cut."""

import os
from pathlib import Path


def replace(place: Path, content: bytes) -> None:
    """Put a file in its place in one step; when this returns, it is on the disk.

    Raises:
        OSError: it is as it was.
    """
    fresh = place.with_name(f"{place.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(place)
    sync(place.parent)


def remove(place: Path) -> bool:
    """Take a file away for good; False: there was none."""
    try:
        place.unlink()
    except FileNotFoundError:
        return False
    sync(place.parent)
    return True


def sync(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
