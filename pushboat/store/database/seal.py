"""The seal: what a store's file was when it was closed cleanly, kept beside it until somebody writes again.

SQLite keeps no checksum of its pages, so that a flipped bit in a text, or an older file put in its place, looks sound
to it. The seal is lifted inside the first writing transaction, before anything is written: where there is one, the file
beside it must be the very same, byte for byte. After a kill or a power cut there is none: page_sums.py is for that.
"""

import hashlib
import os
import sqlite3
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path

from pushboat.errors import StoreUnavailable
from pushboat.store.database import page_sums, whole_files
from pushboat.store.database.ownership import not_ours

_PATIENCE = 4.0


@lru_cache(maxsize=8)  # each transaction that writes asks
def of(file: Path) -> Path:
    """Say where a store's seal is."""
    return file.with_name(f"{file.name}-seal")


def lift(file: Path) -> bool:
    """Take the seal away for good, by the holder of the right to write and before the first write; False: none was.

    Raises:
        StoreUnavailable: the folder cannot be written.
    """
    try:
        return whole_files.remove(of(file))
    except OSError as error:
        why = not_ours(file) or f"{of(file)}: {error.strerror}"
        raise StoreUnavailable(f"the store cannot be written: {why}") from error


def put(file: Path) -> None:
    """Seal a store that nobody uses any more; where somebody does, or it cannot be written, leave it without."""
    with suppress(OSError, sqlite3.Error):
        if not file.is_file():
            return
        with page_sums.only_one(file, _PATIENCE) as ours:
            if ours:
                _put(file)


def _put(file: Path) -> None:
    page_sums.forget(file)  # what is copied now is not noted
    with closing(sqlite3.connect(file, isolation_level=None, timeout=_PATIENCE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("BEGIN IMMEDIATE")  # whoever writes after us lifts the seal first
        if not _log_size(file):
            (page_size,) = connection.execute("PRAGMA page_size").fetchone()
            page_sums.write(file, page_sums.made_anew(file, page_size, page_sums.NO_LOG))
            whole_files.replace(of(file), f"{digest(file)}\n".encode())
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
