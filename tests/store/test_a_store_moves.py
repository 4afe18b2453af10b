"""A store is copied into an empty one of the other kind, and whoever has the old one open writes no more into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.errors import StoreUnavailable
from pushboat.store import deliveries
from pushboat.store.database import copying, migrations, moving
from pushboat.store.database.copying import Copied, StoreRefused
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.moving import StoreMoved
from pushboat.store.database.schema import deliveries as received
from pushboat.store.database.tables import all_tables
from tests.store import postgres
from tests.store.filled import fill
from tests.store.filled_readings import readings
from tests.store.repository import push

ELSEWHERE = "postgresql://db.example.com/pushboat"


@pytest.fixture
def target(store: Store, postgres_server: postgres.Server, tmp_path: Path) -> Iterator[Store]:
    """An empty store of the other kind."""
    (tmp_path / "new").mkdir()
    opened = open_store("" if store.postgres else postgres_server.fresh(), tmp_path / "new")
    migrations.upgrade(opened)
    yield opened
    opened.close()


def nothing(_copied: Copied) -> None:
    """Tell nobody."""


def test_everything_is_there_and_goes_on(store: Store, target: Store) -> None:
    """I move a store with a row of every sort, and it says the same; what comes next has the next number."""
    fill(store)
    before = readings(store)
    told: list[Copied] = []
    assert moving.close(store, ELSEWHERE)
    assert copying.copy(store, target, told.append) == sum(each.rows for each in told)
    assert readings(target) == before
    with store.reading() as here, target.reading() as there:
        for table in all_tables():
            count = sa.select(sa.func.count()).select_from(table)
            assert here.scalar(count) == there.scalar(count) > 0, table.name
    newest = max(each["id"] for each in before["deliveries"])
    assert deliveries.accept(target, "github", "the next", push("f" * 40)).id == newest + 1
    for table in all_tables():
        _demand_next_number(target, table)


def _demand_next_number(store: Store, table: sa.Table) -> None:
    """See that what comes next into a table does not take the number of what is there."""
    key = table.autoincrement_column
    if key is not None and store.postgres:
        with store.reading() as tx:
            following = tx.scalar(sa.select(sa.func.nextval(sa.func.pg_get_serial_sequence(table.name, key.name))))
            assert following > tx.scalar(sa.select(sa.func.max(key))), table.name


def test_nobody_writes_into_a_store_that_has_moved(store: Store) -> None:
    """A process that has it open still reads, is told what to do, and takes nothing in that would be lost."""
    kept = deliveries.accept(store, "github", "before", push("a" * 40)).id
    assert moving.close(store, ELSEWHERE)
    assert not moving.close(store, ELSEWHERE)
    with pytest.raises(StoreUnavailable, match="has moved"):
        deliveries.accept(store, "github", "after", push("b" * 40))
    for table in all_tables():
        row = {column.name: column.type.python_type() for column in table.columns}
        with pytest.raises(StoreUnavailable, match="has moved"), store.writing() as tx:
            tx.change(sa.insert(table).values(row))
    for change in (sa.delete(received), sa.update(received).values(reason="")):
        with pytest.raises(StoreUnavailable, match="has moved"), store.writing() as tx:
            tx.change(change)
    assert deliveries.find(store, kept)
    with pytest.raises(StoreMoved, match=ELSEWHERE):
        moving.refuse_moved(store)
    assert moving.reopen(store)
    assert not moving.reopen(store)
    moving.refuse_moved(store)
    assert deliveries.accept(store, "github", "after", push("b" * 40)).id == kept + 1


def test_a_store_with_anything_in_it_is_no_target(store: Store, target: Store) -> None:
    """What is there already stays, and is named."""
    deliveries.accept(store, "github", "one", push("a" * 40))
    deliveries.accept(target, "github", "another", push("b" * 40))
    before = readings(target)
    with pytest.raises(StoreRefused, match="in its table"):
        copying.copy(store, target, nothing)
    assert readings(target) == before


def test_a_table_that_nobody_knows_is_no_loss(store: Store, target: Store) -> None:
    """Somebody put a table of their own beside ours: I am told, and nothing is copied without it."""
    with store.writing() as tx:
        tx.change(sa.text("CREATE TABLE notes_of_ann (text TEXT)"))
    with pytest.raises(StoreRefused, match="notes_of_ann"):
        copying.copy(store, target, nothing)


def test_what_breaks_off_leaves_the_target_empty(store: Store, target: Store) -> None:
    """Somebody ends it halfway; I say it again, and it is whole."""
    fill(store)

    def enough(copied: Copied) -> None:
        if copied.rows:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copying.copy(store, target, enough)
    copying.copy(store, target, nothing)
    assert readings(target) == readings(store)
