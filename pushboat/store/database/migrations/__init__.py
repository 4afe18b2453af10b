"""Brings the tables up to date: all of it in one transaction, by one process at a time, however many start at once."""

import functools
import time
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from pushboat.errors import StoreDamaged, StoreUnavailable
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Transaction

_LOCK = 0x7075736862  # "pushb": any number that nobody else takes in this database
WAIT_FOR_OTHERS = 120
"""Seconds for whoever upgrades at this moment; of several processes that start at once, one does it for all."""
_WAIT_FOR_OTHERS = sa.text(f"SET LOCAL lock_timeout = '{WAIT_FOR_OTHERS}s'")
UNKNOWN_VERSION = (
    "the store's tables are of a version that this Pushboat does not know: start the newer Pushboat that made them, or "
    "put your newest backup in its place"
)
_ALONE = sa.text("SELECT pg_advisory_xact_lock(:key)")
TABLE, OLDEST = "alembic_version", "oldest"
"""Where the store keeps its version, and the oldest one whose code may still work on it (side_by_side.py)."""
_ADD = sa.text(f"ALTER TABLE {TABLE} ADD COLUMN {OLDEST} TEXT")
_KEEP = sa.text(f"UPDATE {TABLE} SET {OLDEST} = :oldest")  # noqa: S608 - names of ours


def upgrade(store: Store, to: str = "head") -> None:
    """Create or upgrade the tables, up to a revision; does nothing where they are current.

    Raises:
        StoreDamaged: they are of a version that nobody knows here.
    """
    deadline = time.monotonic() + WAIT_FOR_OTHERS
    while not is_current(store):
        try:
            _upgrade(store, to)
        except StoreUnavailable:  # another process is at it; SQLite waits for seconds only
            if time.monotonic() >= deadline:
                raise
        else:
            return


def _upgrade(store: Store, to: str) -> None:
    with store.writing() as tx:
        if tx.postgres:
            tx.change(_WAIT_FOR_OTHERS)
            tx.rows(_ALONE, key=_LOCK)
        try:
            command.upgrade(_config(tx.connection), to)
        except CommandError as error:
            raise StoreDamaged(UNKNOWN_VERSION) from error
        if OLDEST not in marks(tx):
            tx.change(_ADD)
        tx.change(_KEEP, oldest=_oldest(to))


def marks(tx: Transaction) -> set[str]:
    """Name the columns in which the store keeps its version; none where it has no tables."""
    inspector = sa.inspect(tx.connection)
    return {each["name"] for each in inspector.get_columns(TABLE)} if inspector.has_table(TABLE) else set()


def _oldest(to: str) -> str:
    """Ask a migration for the oldest one whose code may work on its tables: its own, where it says nothing."""
    script = ScriptDirectory.from_config(_config(None)).get_revision(to)
    return str(getattr(script.module, OLDEST, script.revision))


def is_current(store: Store) -> bool:
    """Say whether the tables are those that this version of Pushboat needs."""
    with store.reading() as tx:
        return MigrationContext.configure(tx.connection).get_current_heads() == (newest(),)


def newest() -> str:
    """Name the last migration."""
    return known()[0]


@functools.cache
def known() -> tuple[str, ...]:
    """Name all migrations, the newest first; looked for once, as each look imports all of them."""
    return tuple(each.revision for each in ScriptDirectory.from_config(_config(None)).walk_revisions())


def _config(connection: sa.Connection | None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
