"""A database that is gone is told from a mistake of ours, and comes back without a restart."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pushboat.errors import StoreUnavailable
from pushboat.store import deliveries, processes
from pushboat.store.database import migrations
from pushboat.store.database.engine import CONNECTIONS, Store, open_store
from tests.store import postgres
from tests.store.repository import push, time_passes


def test_a_state_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """I mistype the state folder, and nothing is accepted that could not be stored."""
    store = open_store("", tmp_path / "nowhere")
    with pytest.raises(StoreUnavailable, match="unable to open database file"):
        deliveries.accept(store, "github", "one", push("a"))
    store.close()


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    """Somebody overwrites the file, and the error says what it is not."""
    (tmp_path / "pushboat.sqlite3").write_text("hello, this is not a database at all\n" * 100)
    store = open_store("", tmp_path)
    with pytest.raises(StoreUnavailable, match="not a database"):
        deliveries.listed(store)
    store.close()


def test_postgres_may_be_restarted_or_gone(tmp_path: Path) -> None:
    """Postgres stops: deliveries are refused for a while; nothing accepted is lost."""
    with postgres.server() as server:
        store = open_store(server.fresh(), tmp_path)
        migrations.upgrade(store)
        number = deliveries.accept(store, "github", "one", push("a")).id
        server.cut_connections()
        assert deliveries.find(store, number)
        server.stop()
        with pytest.raises(StoreUnavailable, match="does not answer"):
            deliveries.accept(store, "github", "two", push("b"))
        store.close()


def test_an_address_we_cannot_use_is_refused_without_showing_it() -> None:
    """I write a wrong store address, and my password does not end up in a log."""
    for url in ("mysql://ann:secret@db/x", "postgres//ann:secret@db"):
        with pytest.raises(StoreUnavailable) as refusal:
            open_store(url, Path())
        assert "secret" not in str(refusal.value)
    store = open_store("postgres://ann:secret@db.example/x", Path())
    assert "secret" not in repr(store)
    store.close()


def test_a_hundred_threads_share_a_few_connections(store: Store) -> None:
    """A worker with over a hundred threads does not use up the database's connections."""
    with ThreadPoolExecutor(130) as threads:
        list(threads.map(lambda number: processes.beat(store, f"thread-{number}", 1), range(260)))
    assert len(processes.beats(store)) == 260
    assert store.engine.pool.checkedin() <= CONNECTIONS  # type: ignore[attr-defined]  # every pool of ours is a queue


def test_signs_of_life_are_kept_while_they_are_fresh(store: Store) -> None:
    """I see which processes live, and those of last week are gone."""
    processes.beat(store, "worker", 11)
    time_passes(store, 3700)
    processes.beat(store, "dispatcher", 12, "broker: unknown")
    processes.beat(store, "dispatcher", 12, "broker: ok")
    (beat,) = processes.beats(store)
    assert (beat.name, beat.pid, beat.note) == ("dispatcher", 12, "broker: ok")
    assert beat.at == pytest.approx(store.now(), abs=5)
