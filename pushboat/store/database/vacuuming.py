"""Gives the room of removed rows back to the disk; only then does a store that shrank become a smaller file.

SQLite writes the whole store anew: once into a temporary file, once into its log. Nobody may write meanwhile, so this
is for while Pushboat is stopped. Postgres marks the room as free beside the work and renews its statistics.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from pushboat.errors import StoreUnavailable
from pushboat.store.database import page_sums, seal, soundness
from pushboat.store.database.driver_errors import translated
from pushboat.store.database.engine import LONGEST_WAIT, Store

NEEDED = 2
"""Times its size that a SQLite store needs free on its disk."""


def size(store: Store) -> int:
    """Say how many bytes the store takes on the disk, with its log."""
    if store.postgres:
        with store.reading() as tx:
            return int(tx.scalar(sa.text("SELECT pg_database_size(current_database())")))
    file = Path(store.engine.url.database or "")
    return sum(part.stat().st_size for part in (file, file.with_name(f"{file.name}-wal")) if part.is_file())


def vacuum(store: Store) -> None:
    """Give free room back.

    Raises:
        StoreUnavailable: there is too little room on the disk, or somebody else uses the store; it is as it was.
    """
    if store.postgres:
        _postgres(store)
        return
    file = Path(store.engine.url.database or "")
    store.engine.dispose()
    _refuse_without_room(file)
    try:
        _sqlite(file)
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(f"the store {file} stays as it is: {error}") from error
    soundness.seal_at_rest(store)


def _refuse_without_room(file: Path) -> None:
    free, needed = shutil.disk_usage(file.parent).free, NEEDED * file.stat().st_size
    if free < needed:
        raise StoreUnavailable(
            f"the store is written anew for that and needs {needed / 2**20:,.0f} MiB free in {file.parent}; "
            f"there are {free / 2**20:,.0f}: make room first, the store is as it was"
        )


def _sqlite(file: Path) -> None:
    with (
        page_sums.only_one(file, LONGEST_WAIT) as ours,
        closing(sqlite3.connect(file, isolation_level=None, timeout=LONGEST_WAIT)) as connection,
    ):
        if not ours:
            raise sqlite3.OperationalError("another process copies its log")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("BEGIN IMMEDIATE")
        seal.lift(file)  # as every writer does, before the first write
        page_sums.forget(file)  # every page moves
        connection.execute("COMMIT")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _postgres(store: Store) -> None:
    with (
        translated(store.engine.url),
        store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        connection.execute(sa.text("SET statement_timeout = 0"))
        connection.execute(sa.text("VACUUM (ANALYZE)"))
        connection.execute(sa.text("RESET statement_timeout"))
