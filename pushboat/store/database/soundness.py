"""Refuses a damaged SQLite store before anything is done with it: never half-used, never silently made anew.

Everything here only reads. The order matters: the log first, because SQLite forgets what is broken in it when it opens
the store; then the seal; then SQLite's own check of pages, rows and indexes (1.1 s for 200 MB, measured; a start can
afford it). Postgres looks after itself.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from pushboat.errors import StoreDamaged, StoreUnavailable
from pushboat.store.database import seal, write_ahead_log
from pushboat.store.database.engine import LONGEST_WAIT, Store

_WHAT_TO_DO = (
    "Pushboat has changed nothing in it. Stop whatever uses it, then put your newest backup in its place, or move it "
    'away to begin with an empty store (docs/operations.md, "The store is damaged")'
)


def seal_at_rest(store: Store) -> None:
    """Remember what the store is, now that all processes have ended; the next start compares."""
    if not store.postgres and store.engine.url.database:
        seal.put(Path(store.engine.url.database))


def refuse_damaged(store: Store) -> None:
    """Look at the store's files; an absent store is sound where nothing of an earlier one is left.

    Raises:
        StoreDamaged: naming the file, what is wrong and what to do.
        StoreUnavailable: it cannot be read at all.
    """
    if store.postgres or not store.engine.url.database:
        return
    file = Path(store.engine.url.database)
    try:
        trouble = _trouble(file)
    except OSError as error:
        raise StoreUnavailable(f"the store {file} cannot be read: {error.strerror}") from error
    if trouble:
        raise StoreDamaged(f"the store {file} is damaged: {trouble}", _WHAT_TO_DO)


def _trouble(file: Path) -> str:
    if not _size(file):
        # Without log and seal it is new, or its first process was killed before it had written anything.
        left = [name for name in ("-wal", "-seal") if _size(file.with_name(file.name + name))]
        state = "empty (0 bytes)" if file.exists() else "gone"
        return f"it is {state}, and its {file.name}{left[0]} is still there" if left else ""
    return write_ahead_log.trouble(file) or _seal(file) or _pages(file)


def _seal(file: Path) -> str:
    trouble = seal.broken(file)
    return trouble and f"{trouble} (if you put it there yourself, remove {seal.of(file)})"


def _pages(file: Path) -> str:
    """Ask SQLite; a connection that may not write leaves log and file as they are, also when it is the last one."""
    try:
        address = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=LONGEST_WAIT)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
            raise StoreUnavailable(f"the store {file} does not answer: {error}") from error
        return str(error)
    return "" if found == ["ok"] else "; ".join(" ".join(line.split()) for line in found)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
