"""While an upgrade goes round, processes of the version before read and write the new tables beside the new ones."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store

Columns = dict[tuple[str, str], dict[str, object]]


def columns(store: Store) -> Columns:
    """Give each column of each table as the database has it."""
    with store.reading() as tx:
        found = sa.inspect(tx.connection)
        return {
            (table, column["name"]): {"type": str(column["type"]), "needed": not column["nullable"], **_given(column)}
            for table in found.get_table_names()
            for column in found.get_columns(table)
        }


def _given(column: object) -> dict[str, object]:
    default = column["default"]  # type: ignore[index]
    return {"given": default is not None or bool(column.get("primary_key"))}  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_newest_migration_takes_nothing_away_and_asks_for_nothing(empty_url: str, tmp_path: Path) -> None:
    """I upgrade one process after the other: what an old one writes is whole, and what it reads is still there."""
    scripts = ScriptDirectory.from_config(migrations._config(None))
    newest = scripts.get_revision(migrations.newest())
    assert newest
    store = open_store(empty_url, tmp_path)
    migrations._upgrade(store, str(newest.down_revision))
    before = columns(store)
    migrations.upgrade(store)
    after = columns(store)
    store.close()
    gone = before.keys() - after.keys()
    assert not gone, "the version before still reads and writes these"
    changed = [name for name in before if after[name]["type"] != before[name]["type"]]
    assert not changed, "the version before reads these as they were"
    tables = {table for table, _ in before}
    asked = [
        name
        for name, column in after.items()
        if name not in before and name[0] in tables and column["needed"] and not column["given"]
    ]
    assert not asked, "the version before does not know these when it writes a row: give them a server's default"
    tightened = [name for name in before if after[name]["needed"] and not before[name]["needed"]]
    assert not tightened, "the version before leaves these empty"
