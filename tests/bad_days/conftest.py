"""The nouns of a bad day: a store, a broker of our own, and a dispatcher between them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from pushboat.config.operator import Operator
from pushboat.pulse import Pulse
from pushboat.store import processes
from pushboat.store.database.engine import Store, open_store
from tests.queue.conftest import Start, of, start
from tests.store.conftest import migrated_file
from tests.until import until
from workers import dispatching
from workers.application import make_app

__all__ = ["Start", "migrated_file", "start"]


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """An operator who uses the embedded broker."""
    return of(tmp_path)


@pytest.fixture
def store(migrated_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store with our tables in that operator's state folder."""
    (tmp_path / "pushboat.sqlite3").write_bytes(migrated_file.read_bytes())
    store = open_store("", tmp_path)
    yield store
    store.close()


class Dispatcher:
    """A dispatcher that runs, and what it says of its broker."""

    def __init__(self, store: Store, thread: threading.Thread) -> None:
        self._store, self._thread = store, thread

    def says(self, note: str) -> None:
        """Wait until it says so; fail where it has ended instead."""
        until(lambda: self._note() == note or not self._thread.is_alive(), what=note)
        assert self._thread.is_alive(), "the dispatcher has ended"

    def _note(self) -> str:
        return next((beat.note for beat in processes.beats(self._store) if beat.name == "dispatcher"), "")


@pytest.fixture
def dispatch(operator: Operator, store: Store) -> Iterator[Callable[[], Dispatcher]]:
    """Starts a dispatcher."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(_dispatching(operator, store))


@contextmanager
def _dispatching(operator: Operator, store: Store) -> Iterator[Dispatcher]:
    stop, app = threading.Event(), make_app(operator)
    thread = threading.Thread(target=dispatching.run, args=(lambda: operator, store, app, stop, Pulse({})))
    thread.start()
    try:
        yield Dispatcher(store, thread)
    finally:
        stop.set()
        thread.join()
        app.close()
