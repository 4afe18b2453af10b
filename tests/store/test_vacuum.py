"""Room that removed rows leave goes back to the disk, and the store is sound and the same afterwards."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.errors import StoreUnavailable
from pushboat.store import deliveries
from pushboat.store.database import seal, soundness, vacuuming
from pushboat.store.database.engine import Store
from tests.store.repository import push

pytestmark = pytest.mark.programs


def fill_and_empty(store: Store) -> int:
    """Store a delivery that stays and megabytes that do not."""
    number = deliveries.accept(store, "github", "stays", push("a" * 40)).id
    with store.writing() as tx:
        tx.change(sa.text("INSERT INTO process (name, pid, note) VALUES ('web', 1, :text)"), text="x" * 5_000_000)
    with store.writing() as tx:
        tx.change(sa.text("DELETE FROM process"))
    return number


def test_a_store_is_smaller_afterwards_and_has_what_it_had(store: Store) -> None:
    """I vacuum after retention took much away: the disk has the room again, every delivery is there."""
    number = fill_and_empty(store)
    before = vacuuming.size(store)
    vacuuming.vacuum(store)
    assert vacuuming.size(store) < before - 4_000_000 or store.postgres
    soundness.refuse_damaged(store)
    found = deliveries.find(store, number)
    assert found
    assert found.delivery == "stays"
    assert deliveries.accept(store, "github", "another", push("b" * 40)).id > number


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_sealed_store_is_sealed_anew(store: Store) -> None:
    """The vacuum is no damage: the next start finds the file that it left."""
    fill_and_empty(store)
    file = Path(store.engine.url.database or "")
    store.close()
    soundness.seal_at_rest(store)
    old = seal.of(file).read_text()
    vacuuming.vacuum(store)
    assert seal.of(file).read_text() != old
    soundness.refuse_damaged(store)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_while_somebody_writes_the_store_stays_as_it_is(store: Store) -> None:
    """A vacuum beside a writer gives up with a sentence, and harms nothing."""
    number = fill_and_empty(store)
    with store.engine.connect() as other:
        other.execute(sa.text("SELECT 1"))  # begins a transaction that may write
        with pytest.raises(StoreUnavailable, match="stays as it is"):
            vacuuming.vacuum(store)
    assert deliveries.find(store, number)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_postgres_is_vacuumed_beside_the_work(store: Store) -> None:
    """While somebody writes, Postgres gives room back all the same, and the write goes through."""
    number = fill_and_empty(store)
    with store.writing() as tx:
        tx.change(sa.text("UPDATE delivery SET source = 'late' WHERE id = :id"), id=number)
        vacuuming.vacuum(store)
    found = deliveries.find(store, number)
    assert found
    assert found.source == "late"
