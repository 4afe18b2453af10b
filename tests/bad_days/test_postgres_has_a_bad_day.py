"""Postgres dies in the middle of transactions, takes no writes, or is asked by several dispatchers at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pushboat.errors import StoreUnavailable
from pushboat.store import deliveries, ending, hinting, lanes
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from tests.store import postgres
from tests.store.repository import Repository, push, time_passes
from tests.until import until

pytestmark = pytest.mark.programs
WRITERS = 6


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A server of our own, since we kill it."""
    with postgres.server() as server:
        yield server


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """Open a store that has its tables."""
    store = open_store(url, Path())
    migrations.upgrade(store)
    yield store
    store.close()


def test_what_was_acknowledged_is_there_after_a_kill_in_the_middle(server: postgres.Server) -> None:
    """Postgres is killed while pushes come in: who got a number is in it, who got none hears that, and it goes on."""
    with opened(server.fresh()) as store:
        accepted: list[str] = []
        refused, stop = threading.Event(), threading.Event()

        def write(writer: int) -> None:
            number = 0
            while not stop.is_set():
                number += 1
                name = f"{writer}-{number}"
                try:
                    deliveries.accept(store, "github", name, push("a", f"acme/shop-{writer % 3}"))
                    accepted.append(name)
                except StoreUnavailable:
                    refused.set()
                    stop.wait(0.01)

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
        for thread in threads:
            thread.start()
        until(lambda: len(accepted) > 50, what="pushes to come in")
        server.kill()
        assert refused.wait(60), "nobody was told"
        before = len(accepted)
        server.again()
        try:
            until(lambda: len(accepted) > before + 50, what="pushes to come in again, by themselves")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            lost = [name for name in accepted if not deliveries.is_known(store, "github", name)]
    assert not lost


@pytest.mark.proof
def test_a_server_that_takes_no_writes_is_unavailable_until_it_does(server: postgres.Server) -> None:
    """A failover leaves us on a standby: deliveries hear 503, pages are read, and all goes on when it is promoted."""
    url = server.fresh()
    database = url.partition("?")[0].rpartition("/")[2]
    with opened(url) as store:
        number = deliveries.accept(store, "github", "one", push("a")).id
        server.read_only(database, yes=True)
        with pytest.raises(StoreUnavailable, match="read-only"):
            deliveries.accept(store, "github", "two", push("b"))
        assert deliveries.find(store, number)
        server.read_only(database, yes=False)
        assert not deliveries.accept(store, "github", "two", push("b")).duplicate


@pytest.mark.proof
def test_nobody_waits_without_an_end(server: postgres.Server) -> None:
    """A lock, a statement or a client that hangs is ended by the server: we ask for that with each connection."""
    with opened(server.fresh()) as store, store.reading() as tx:
        shown = {
            name: tx.connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        }
    assert shown == {
        "lock_timeout": "5s",
        "statement_timeout": "1min",
        "idle_in_transaction_session_timeout": "10s",
    }


@pytest.mark.proof
def test_several_dispatchers_do_one_dispatchers_work(server: postgres.Server) -> None:
    """Four dispatchers look at the same moment: a hint goes out four times at most, a lease is taken back once."""
    with opened(server.fresh()) as store:
        shop = Repository(store)
        waiting = shop.push("a")
        together = threading.Barrier(4)
        published: list[int] = []
        swept: list[int] = []

        def dispatch() -> None:
            together.wait()
            due = hinting.due(store)
            published.extend(due)
            hinting.hinted(store, due)
            together.wait()
            published.extend(hinting.due(store))
            swept.append(ending.sweep(store))

        def all_of_them() -> None:
            threads = [threading.Thread(target=dispatch) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        all_of_them()
        assert 1 <= published.count(waiting.id) <= 4, "a hint was repeated before its pause was over"
        assert sum(swept) == 0
        assert lanes.claim(store, waiting.id, "worker")
        time_passes(store, 20)
        all_of_them()
        assert sum(swept) == 1
        assert shop.row(waiting).attempts == 1
