"""Whoever decides in a transaction decides about what is so when it writes: nobody changes it in between."""

import shutil
import threading
from pathlib import Path

import sqlalchemy as sa

from pushboat.store import deliveries
from pushboat.store.database.engine import open_store
from pushboat.store.database.schema import deliveries as table
from tests.known_statements import with_known_statements
from tests.store.repository import push

MOMENT = 0.3
"""Seconds in which somebody else could write, if anything let them."""


def test_nobody_writes_between_a_transactions_look_and_its_write(migrated_file: Path, tmp_path: Path) -> None:
    """Two processes decide on one SQLite file: the second waits for the first, and neither is refused."""
    shutil.copy(migrated_file, tmp_path / "pushboat.sqlite3")
    first, second = (with_known_statements(open_store("", tmp_path)) for _ in range(2))
    try:
        other = threading.Thread(target=deliveries.accept, args=(second, "github", "theirs", push("b")))
        with first.writing() as tx:
            seen = tx.scalar(sa.select(sa.func.count()).select_from(table))
            other.start()
            other.join(MOMENT)
            assert other.is_alive(), "somebody else wrote what this one had looked at"
            deliveries.accept_in(tx, "github", "ours", push("a"))
            assert tx.scalar(sa.select(sa.func.count()).select_from(table)) == seen + 1
        other.join()
        assert [row.event.sha for row in deliveries.listed(first)] == ["b", "a"]
    finally:
        first.close()
        second.close()
