"""The tables come into being once, however many processes start at once, and match what the code expects."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pushboat.errors import StoreUnavailable
from pushboat.store import deliveries, repositories
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.schema import metadata

UPGRADE = """
import sys
from pathlib import Path
from pushboat.store.database import migrations
from pushboat.store.database.engine import open_store
store = open_store(sys.argv[1], Path("."))
print("up", flush=True)
sys.stdin.readline()
migrations.upgrade(store)
assert migrations.is_current(store)
"""


@pytest.mark.programs
@pytest.mark.programs
def test_five_processes_that_start_at_once_make_the_tables_once(empty_url: str, tmp_path: Path) -> None:
    """I start all processes of Pushboat at once on an empty database, and each of them comes up."""
    command = [sys.executable, "-c", UPGRADE, empty_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = [subprocess.Popen(command, text=True, **pipes) for _ in range(5)]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
    for process in running:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0] * 5, answers
    store = open_store(empty_url, tmp_path)
    assert migrations.is_current(store)
    store.close()


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(store: Store) -> None:
    """I can trust a migrated database to be the one that this version was written for."""
    assert repositories, "what a module of the store needs is known once that module is there"
    with store.reading() as tx:
        assert compare_metadata(MigrationContext.configure(tx.connection), metadata) == []


def test_a_store_without_tables_says_what_to_run(empty_url: str, tmp_path: Path) -> None:
    """I forgot to set up the database, and the error tells me the command."""
    store = open_store(empty_url, tmp_path)
    assert not migrations.is_current(store)
    with pytest.raises(StoreUnavailable, match="pushboat db upgrade"):
        deliveries.listed(store)
    store.close()
