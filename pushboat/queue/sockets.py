"""Where our unix sockets stand: below the state folder, or, where its path is too long for one, below the temp folder.

A socket's path may have 107 bytes. The short folder's name is a digest of the state folder, so that every process that
knows the state folder finds it; it belongs to one user and nobody else may enter it.
"""

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

LONGEST_PATH = 100
"""Bytes. Linux takes 107, macOS 103."""


def socket_path(state: Path, name: str) -> Path:
    """Say where a socket stands, without touching the disk."""
    near = state.absolute() / name
    if len(os.fsencode(near)) <= LONGEST_PATH:
        return near
    digest = hashlib.sha256(os.fsencode(state.absolute())).hexdigest()[:16]
    short = f"pushboat-{os.getuid()}-{digest}"
    places = [folder / short / name for folder in _shared_folders()]
    return next((place for place in places if len(os.fsencode(place)) <= LONGEST_PATH), places[-1])


def make_room(path: Path) -> None:
    """Make the folder of a socket; one in the shared temp folder must be ours alone.

    Raises:
        PermissionError: somebody else has made that folder.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_shared(path.parent):
        return
    found = path.parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"{path.parent} is not a folder of ours alone: remove it, or shorten the path of `state`")


def leave_room(path: Path) -> None:
    """Remove a socket's folder in the shared temp folder; as long as another socket is in it, it stays."""
    if _is_shared(path.parent):
        with contextlib.suppress(OSError):
            path.parent.rmdir()


def _is_shared(folder: Path) -> bool:
    return folder.parent in _shared_folders() and folder.name.startswith("pushboat-")


def _shared_folders() -> tuple[Path, ...]:
    """Give the temp folder, and the one that is short for certain where TMPDIR itself is a long path."""
    return Path(tempfile.gettempdir()), Path("/tmp")  # noqa: S108 - make_room checks whose it is
