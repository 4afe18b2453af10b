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

_LOCK = 0x7075736862  # "pushb": any number that nobody else takes in this database
WAIT_FOR_OTHERS = 120
"""Seconds for whoever upgrades at this moment; of several processes that start at once, one does it for all."""
_WAIT_FOR_OTHERS = sa.text(f"SET LOCAL lock_timeout = '{WAIT_FOR_OTHERS}s'")
_UNKNOWN_VERSION = (
    "the store's tables are of a version that this Pushboat does not know: start the newer Pushboat that made them, or "
    "put your newest backup in its place"
)
_ALONE = sa.text("SELECT pg_advisory_xact_lock(:key)")


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
            raise StoreDamaged(_UNKNOWN_VERSION) from error


def is_current(store: Store) -> bool:
    """Say whether the tables are those that this version of Pushboat needs."""
    with store.reading() as tx:
        return MigrationContext.configure(tx.connection).get_current_heads() == (newest(),)


@functools.cache
def newest() -> str:
    """Name the last migration; looked for once, as each look imports all of them."""
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    assert head, "a store without a first migration"
    return head


def _config(connection: sa.Connection | None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
