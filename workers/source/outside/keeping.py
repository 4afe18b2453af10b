"""What was fetched, kept by digest and address: complete or not at all, and judged again when it is read.

By the address as well, for a digest is no secret: what one entry of `sources` lets in is not to be had under another,
and a lock file that names a wrong place is wrong on every machine. Many processes share the folder and none of them
waits for another: two that fetch the same write the same.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pushboat.errors import RenderFailed


def kept(folder: Path, digest: str, address: str, fetch: Callable[[], bytes], named: str) -> bytes:
    """Give the content of a digest (`sha256:…`), fetched where it has not come from this address yet.

    Raises:
        RenderFailed: what was fetched is not what was locked; nothing of it is kept.
    """
    at = folder / hashlib.sha256(f"{digest} {address}".encode()).hexdigest()
    with suppress(OSError):
        content = at.read_bytes()
        if digest_of(content) == digest:
            os.utime(at)
            return content
        at.unlink()
    content = fetch()
    if digest_of(content) != digest:
        raise RenderFailed(
            f"{named} is not what was locked: {digest_of(content)[:19]}… came instead of {digest[:19]}…; "
            "find out who changed it, then run `pushboat sources lock`"
        )
    _write(at, content)
    return content


def digest_of(content: bytes) -> str:
    """Name content by what it is."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def remove_unread(folder: Path, longest: float) -> int:
    """Remove what was last read more than `longest` seconds ago, and say how many; whoever reads it now goes on."""
    gone, long_ago = 0, time.time() - longest
    for at in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):
            if at.stat().st_mtime < long_ago:
                at.unlink()
                gone += 1
    return gone


def _write(at: Path, content: bytes) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=at.parent, prefix=".fetching-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(name).rename(at)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
