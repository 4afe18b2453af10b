"""What a process does at its start with tables of another version: it refuses, and says what brings the two together.

A process that runs already goes on beside newer tables, which are made so that the version before can; one that starts
anew cannot know how much newer they are.
"""

from pathlib import Path

import sqlalchemy as sa

from pushboat.errors import StoreDamaged, StoreUnavailable
from pushboat.store.database.engine import Store

_MIGRATIONS = Path(__file__).parent / "database" / "migrations" / "versions"
_VERSION = sa.text("SELECT version_num FROM alembic_version")


def refuse_other_tables(store: Store) -> None:
    """Raise where a store's tables are not those of this version.

    Where it does not answer, or has none yet, there is nothing to refuse: who waits for it says so.

    Raises:
        StoreUnavailable: they are older.
        StoreDamaged: they are newer.
    """
    try:
        with store.reading() as tx:
            found = tx.scalar(_VERSION)
    except StoreUnavailable:
        return
    ours = newest()
    if found is None or found == ours:
        return
    if found < ours:
        sentence = f"the store's tables are of an earlier version ({found}, not {ours}): run `pushboat db upgrade`"
        raise StoreUnavailable(sentence)
    raise StoreDamaged(
        f"the store's tables are of a later version ({found}, not {ours}): start the newer Pushboat that made them, or "
        "put your newest backup in its place and run `pushboat db upgrade`"
    )


def newest() -> str:
    """Name the last migration by its file, without reading any: each process asks once, at its start."""
    return max(path.stem for path in _MIGRATIONS.glob("v[0-9]*.py"))[1:5]
