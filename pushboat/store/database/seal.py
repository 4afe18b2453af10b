"""The seal: what a store's file was when it was closed cleanly, kept beside it until somebody writes again.

SQLite keeps no checksum of its pages, so that a flipped bit in a text, or an older file put in its place, looks sound
to it. The seal is lifted inside the first writing transaction, before anything is written: where there is one, the file
beside it must be the very same, byte for byte. After a kill or a power cut there is none, and no harm is done.
"""

import hashlib
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from pushboat.errors import StoreUnavailable

_PATIENCE = 4.0


def of(file: Path) -> Path:
    """Say where a store's seal is."""
    return file.with_name(f"{file.name}-seal")


def lift(file: Path) -> None:
    """Take the seal away for good, by the holder of the right to write and before the first write.

    Raises:
        StoreUnavailable: the folder cannot be written.
    """
    try:
        of(file).unlink()
        _sync(file.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreUnavailable(f"the store does not answer: {of(file)}: {error.strerror}") from error


def put(file: Path) -> None:
    """Seal a store that nobody uses any more; where somebody does, or it cannot be written, leave it without."""
    with suppress(OSError, sqlite3.Error):
        if not file.is_file():
            return
        with closing(sqlite3.connect(file, isolation_level=None, timeout=_PATIENCE)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("BEGIN IMMEDIATE")  # whoever writes after us lifts the seal first
            if not _log_size(file):
                _write(of(file), digest(file))
            connection.execute("ROLLBACK")


def broken(file: Path) -> str:
    """Say what is wrong where the file is not the one that was sealed; empty: it is, or there is no seal."""
    try:
        digest_then, _, size_then = of(file).read_text().strip().partition(" ")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError):
        return "its seal cannot be read"
    digest_now, _, size_now = digest(file).partition(" ")
    if size_now != size_then:
        return f"it has {size_now} bytes, and had {size_then} when Pushboat closed it"
    return "" if digest_now == digest_then else "its content is not what it was when Pushboat closed it"


def digest(file: Path) -> str:
    """Give a file's digest and size: a fifth of a second for 200 MB."""
    with file.open("rb") as content:
        return f"{hashlib.file_digest(content, 'sha256').hexdigest()} {os.fstat(content.fileno()).st_size}"


def _log_size(file: Path) -> int:
    try:
        return file.with_name(f"{file.name}-wal").stat().st_size
    except FileNotFoundError:
        return 0


def _write(place: Path, text: str) -> None:
    fresh = place.with_name(f"{place.name}.new")
    with fresh.open("w") as seal:
        seal.write(f"{text}\n")
        seal.flush()
        os.fsync(seal.fileno())
    fresh.rename(place)
    _sync(place.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
