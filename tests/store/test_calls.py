"""On Postgres, dispatchers on other machines hear at once that something is due."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.store.calling import Calls, Listening
from pushboat.store.database.engine import Store, open_store
from tests.store import postgres
from tests.until import until


@pytest.fixture
def elsewhere(postgres_server: postgres.Server) -> Iterator[Store]:
    """A store that several machines share."""
    store = open_store(postgres_server.fresh(), Path())
    yield store
    store.close()


def test_a_call_is_heard_elsewhere_also_after_the_connection_broke(
    elsewhere: Store, postgres_server: postgres.Server
) -> None:
    """A web process on another machine calls: the dispatcher hears it, and again after Postgres was restarted."""
    heard, calls = threading.Event(), Calls(elsewhere)
    with Listening(elsewhere, heard.set) as listening:
        assert heard.wait(60), "it looks once when it begins to listen"
        for _ in range(2):
            until(listening.listens.is_set, what="the dispatcher to listen")
            heard.clear()
            calls.call()
            assert heard.wait(60)
            heard.clear()
            listening.listens.clear()
            postgres_server.cut_connections()
            assert heard.wait(60), "what was called meanwhile is looked for"


def test_many_calls_are_one_and_none_waits(elsewhere: Store, postgres_server: postgres.Server) -> None:
    """A thousand deliveries come at once: nobody waits, and the dispatcher is not called a thousand times."""
    times, calls = [0], Calls(elsewhere)

    def count() -> None:
        times[0] += 1

    with Listening(elsewhere, count) as listening:
        until(listening.listens.is_set, what="the dispatcher to listen")
        for _ in range(1000):
            calls.call()
        until(lambda: times[0] > 1, what="a call")
    assert times[0] < 500
    postgres_server.cut_connections()
    calls.call()


def test_behind_a_pooler_nobody_calls(postgres_server: postgres.Server) -> None:
    """I say `?listen=off`, as a pooler gives each transaction another connection: nothing rests on a session."""
    url = postgres_server.fresh()
    store = open_store(f"{url}&listen=off", Path())
    try:
        assert store.now() > 0
        with Listening(store, pytest.fail) as listening:
            Calls(store).call()
            assert not listening.listens.is_set()
        with store.reading() as tx:
            driver = tx.connection.connection.driver_connection
            assert getattr(driver, "prepare_threshold", "") is None
    finally:
        store.close()


def test_one_machine_has_its_bell(tmp_path: Path) -> None:
    """SQLite has no calls, and needs none."""
    store = open_store("", tmp_path)
    with Listening(store, pytest.fail):
        Calls(store).call()
    store.close()
