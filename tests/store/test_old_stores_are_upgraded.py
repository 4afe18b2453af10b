"""A store that an earlier version has filled is brought up to date and means the same as before.

The stores lie in `tests/data/store`, three files per release; tests/store/dumped.py makes the next ones.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pushboat.store import processes
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.schema import metadata
from tests.store.dumped import FOLDER
from tests.store.filled import Clocked, fill
from tests.store.filled_readings import due, readings

VERSIONS = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """The migration that the old store stopped at."""
    return str(request.param)


@pytest.fixture
def old_store(version: str, empty_url: str, tmp_path: Path) -> Iterator[Store]:
    """A store as that version left it."""
    store = open_store(empty_url, tmp_path)
    kind = "postgres" if store.postgres else "sqlite"
    text = (FOLDER / f"{version}.{kind}.sql").read_text()
    if store.postgres:
        with psycopg.connect(empty_url.replace("+psycopg", "")) as connection:
            connection.execute(text.encode())
    else:
        with sqlite3.connect(tmp_path / "pushboat.sqlite3") as file:
            file.executescript(text)
        file.close()
    yield store
    store.close()


def test_an_upgraded_store_has_the_tables_of_this_version_and_says_the_same(version: str, old_store: Store) -> None:
    """I install a new version over an old one: everything is still there, and what was due goes on."""
    assert migrations.is_current(old_store) == (version == f"v{migrations.newest()}")
    migrations.upgrade(old_store)
    assert migrations.is_current(old_store)
    with old_store.reading() as tx:
        assert compare_metadata(MigrationContext.configure(tx.connection), metadata) == []
    expected = json.loads((FOLDER / f"{version}.json").read_text())
    for subject in ("hinted", "claimed"):  # in which order workers are told is no matter of a store
        expected["next"][subject].sort()
    filled_at = max(beat.at for beat in processes.beats(old_store))
    store = Clocked(old_store, since=filled_at)
    found = json.loads(json.dumps({**readings(store), "next": due(store)}))
    for subject, value in expected.items():
        assert _without_news(found[subject], value) == value, subject


def test_the_oldest_store_holds_every_table_and_every_state() -> None:
    """An upgrade that forgets a table or a state of the first version is noticed."""
    text = (FOLDER / "v0001.sqlite.sql").read_text()
    tables = {line.split('"')[1] for line in text.splitlines() if line.startswith("INSERT INTO")}
    assert tables >= {"repository", "delivery", "lane", "deployment", "change_set", "progress", "outbox", "process"}
    assert "forge_hold" in tables
    expected = json.loads((FOLDER / "v0001.json").read_text())
    states = {row["state"] for row in expected["deployments"]}
    assert states == {"queued", "running", "succeeded", "failed", "errored", "superseded", "cancelled"}
    assert {row["verdict"] for row in expected["deliveries"]} == {"accepted", "ignored", "rejected"}
    assert all(expected["next"].values())


def test_the_next_dump_will_hold_every_table_and_column(store: Store) -> None:
    """What this version can write is in the store that later versions will have to upgrade."""
    fill(store)
    with store.reading() as tx:
        rows = {table: tx.rows(sa.select(table)) for table in metadata.sorted_tables}
        default = {
            f"{table.name}.{column.name}"
            for table in rows
            for column in table.columns
            if {row[column.name] for row in rows[table]} <= {None, "", 0, "[]", "{}"}
        }
    assert default == set()
    assert readings(store)["meant"]
    assert all(due(store).values())


def _without_news(found: Any, expected: Any) -> Any:
    """Leave out the fields that a later version added to a form; every one that was there must be as it was."""
    if isinstance(found, dict) and isinstance(expected, dict):
        return {name: _without_news(found.get(name), value) for name, value in expected.items()}
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        return [_without_news(one, other) for one, other in zip(found, expected, strict=True)]
    return found
