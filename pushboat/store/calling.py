"""Calls through Postgres: who writes something that is due tells dispatchers on other machines that it is there.

What a bell is on one machine (`pushboat/queue/bell.py`), and as much of a courtesy: nobody waits for a call, nothing
depends on one, many are one, and a dispatcher that hears none looks by itself. Each end has a connection of its own,
which is made again when it breaks. Behind a pooler that gives a connection to each transaction, no call arrives:
`?listen=off` in the store's URL leaves them away.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import psycopg

from pushboat.store.database.engine import Store

CHANNEL = "pushboat"
LONGEST_SILENCE = 1.0
"""Seconds between two looks whether to stop, and between two tries to connect."""

logger = logging.getLogger(__name__)


class Calls:
    """The caller's end: one thread of a process, born with the first call, so that a fork before that has none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wanted = threading.Event()
        self._begin = threading.Lock()
        self._thread: threading.Thread | None = None

    def call(self) -> None:
        """Have the others told soon; never waits and never fails."""
        if not self._store.listens:
            return
        self._wanted.set()
        with self._begin:
            if self._thread is None:
                self._thread = threading.Thread(target=self._call, name="calls", daemon=True)
                self._thread.start()

    def _call(self) -> None:
        connection: psycopg.Connection | None = None
        while self._wanted.wait():
            self._wanted.clear()
            for fresh in (False, True):  # one that broke since the last call is noticed by this one
                try:
                    if connection is None or fresh:
                        connection = _connected(self._store)
                    connection.execute(f"NOTIFY {CHANNEL}")
                    break
                except psycopg.Error:  # the dispatcher looks by itself, and whoever writes says that the store is away
                    connection = None


def call_now(store: Store) -> None:
    """Tell the others before going on, for a process that ends soon; never fails, and waits some seconds at most."""
    if store.listens:
        with suppress(psycopg.Error), _connected(store) as connection:
            connection.execute(f"NOTIFY {CHANNEL}")


class Listening:
    """The dispatcher's end, as a context manager: `heard` is called when somebody called, however often."""

    def __init__(self, store: Store, heard: Callable[[], object]) -> None:
        self._store, self._heard = store, heard
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listening", daemon=True)
        self.listens = threading.Event()
        """Is set while the connection stands."""

    def __enter__(self) -> Self:
        """Begin to listen, where the store has calls."""
        if self._store.listens:
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Stop."""
        self._stop.set()
        if self._store.listens:
            self._thread.join(5 * LONGEST_SILENCE)

    def _listen(self) -> None:
        told = False
        while not self._stop.is_set():
            try:
                with _connected(self._store) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self.listens.set()
                    told = False
                    self._heard()  # of what was called while nobody listened
                    while not self._stop.is_set():
                        if list(connection.notifies(timeout=LONGEST_SILENCE, stop_after=1)):
                            self._heard()
            except psycopg.Error as error:
                self.listens.clear()
                if not told:
                    logger.warning("no calls are heard (%s); the dispatcher looks by itself", type(error).__name__)
                told = True
                self._stop.wait(LONGEST_SILENCE)


def _connected(store: Store) -> psycopg.Connection:
    """Connect as the store does, beside its pool."""
    address = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, **store.connects)
