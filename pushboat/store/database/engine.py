"""Opens the store and gives out transactions: SQLite's and Postgres' differences end in this file.

SQLite has one writer at a time, so every writing transaction begins IMMEDIATE (a read that turns into a write later
fails at once, whatever the timeout) and the threads of one process queue up for it in memory. Postgres locks rows; the
functions that decide over a lane lock its row in a statement of their own first, since under READ COMMITTED the
sub-queries of a statement that had to wait still see the old rows. What only reads sees one moment on both: SQLite
knows nothing else, and Postgres is told so (REPEATABLE READ), or the second statement of a look would see what was
written since the first: an ask that is done, and nothing that it led to.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pushboat.errors import StoreUnavailable
from pushboat.store.database.checkpointing import Checkpoints
from pushboat.store.database.driver_errors import translated
from pushboat.store.database.texts import clean_parameters
from pushboat.store.database.transaction import Transaction

LONGEST_WAIT = 4.0
"""Seconds that a transaction waits for another process' lock or for a free connection before it gives up."""

LONGEST_NAP = 0.12
"""Seconds. SQLite's own busy handler asks again after a tenth of a second at the longest."""

CONNECTIONS = 12
"""Per process. A transaction takes milliseconds, so that over a hundred threads share these without queueing long."""

_POSTGRES = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=10s -c statement_timeout=60s"
_READS: dict[str, Any] = {"pushboat_reads": True}
_READS_ONE_MOMENT = {**_READS, "isolation_level": "REPEATABLE READ"}
_LISTEN = "listen"
_CLOCK = sa.text("SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)")


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """An open store, to be shared by all threads of one process; open it after a fork, never before.

    `notices` says that the operator's file has receivers: without any, nothing is written down for them. `traces` says
    that traces are sent, so that lines of the log name them. `listens` says that processes may call each other through
    it, with connections that are made as `connects` says.
    """

    engine: sa.Engine = field(repr=False)
    turn: AbstractContextManager[Any] = field(repr=False)
    checkpoints: Checkpoints | None = field(default=None, repr=False)
    notices: bool = False
    traces: bool = False
    listens: bool = False
    connects: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def postgres(self) -> bool:
        """Say whether rows are locked one by one."""
        return self.engine.dialect.name == "postgresql"

    @property
    def file(self) -> Path | None:
        """Give SQLite's file; None on Postgres and in memory."""
        return Path(self.engine.url.database) if not self.postgres and self.engine.url.database else None

    @property
    def address(self) -> str:
        """Say where it is, without a password."""
        url = self.engine.url
        if not self.postgres and url.database:
            url = url.set(database=str(Path(url.database).absolute()))
        return url.set(password=None).render_as_string()

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Give one transaction that may write; it is committed at the end of the block, or undone by an exception."""
        with translated(self.engine.url), self.turn, self.engine.begin() as connection:
            tx = self._transaction(connection)
            yield tx
            for step in tx.last:
                step(tx)
        if self.checkpoints:
            self.checkpoints.after_commit()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Give one transaction that only reads, waits for no writer, and sees all as it was when it began."""
        with translated(self.engine.url), self.engine.connect() as connection:
            how = _READS_ONE_MOMENT if self.postgres else _READS
            yield self._transaction(connection.execution_options(**how))

    def give_way(self) -> None:
        """Let whoever waits to write go first, between two transactions of many; Postgres' own queue does that."""
        if not self.postgres:
            time.sleep(LONGEST_NAP)

    def now(self) -> float:
        """Read the store's clock: seconds since the epoch."""
        with self.reading() as tx:
            return tx.now

    def checkpoint(self) -> None:
        """Copy SQLite's log into its file now where it is long, by whoever has time."""
        if self.checkpoints:
            self.checkpoints.copy()

    def close(self) -> None:
        """Close the connections."""
        if self.checkpoints:
            self.checkpoints.settle()
        self.engine.dispose()
        if self.checkpoints:
            self.checkpoints.close()

    def _transaction(self, connection: sa.Connection) -> Transaction:
        now = connection.execute(_CLOCK).scalar_one() if self.postgres else time.time()
        return Transaction(connection, now, self.postgres, self.notices)


def open_store(url: str, state: Path, *, notices: bool = False, traces: bool = False) -> Store:
    """Open the store at `url`, or the SQLite file below `state` where it is empty; runs no statement yet."""
    address = _address(url, state)
    if address.get_backend_name() != "sqlite":
        return _on_postgres(address, notices=notices, traces=traces)
    engine = _sqlite(address)
    clean_parameters(engine)
    turn = threading.Lock()
    checkpoints = Checkpoints(Path(address.database), turn) if address.database else None
    sa.event.listen(engine, "begin", partial(_begin, checkpoints))
    return Store(engine, turn, checkpoints, notices, traces)


def _address(url: str, state: Path) -> sa.URL:
    if not url:
        return sa.URL.create("sqlite", database=str(state / "pushboat.sqlite3"))
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        address = sa.URL.create("nothing")  # the URL may hold a password: it appears in no message
    if address.get_backend_name() in ("postgres", "postgresql"):
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "sqlite":
        return address
    raise StoreUnavailable("store: write postgresql+psycopg://user@host/database, or leave it out for SQLite")


def _on_postgres(address: sa.URL, *, notices: bool, traces: bool) -> Store:
    """Open a store on Postgres.

    With `listen=off` in its URL nothing rests on a session: no calls, and no statements that a session has prepared.
    """
    listens = address.query.get(_LISTEN, "on") != "off"
    address = address.difference_update_query([_LISTEN])
    connect: dict[str, Any] = {"connect_timeout": 5, "options": _POSTGRES, "application_name": "pushboat"}
    connect |= {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    if not listens:
        connect["prepare_threshold"] = None
    engine = sa.create_engine(
        address,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=LONGEST_WAIT,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args=connect,
        hide_parameters=True,
    )
    clean_parameters(engine)
    return Store(engine, nullcontext(), notices=notices, traces=traces, listens=listens, connects=connect)


def _sqlite(address: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        address,
        poolclass=sa.QueuePool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=LONGEST_WAIT,
        connect_args={"timeout": LONGEST_WAIT, "isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """Set a new SQLite connection up: readers beside a writer, and a commit that survives a power cut."""
    deadline = time.monotonic() + LONGEST_WAIT
    while True:  # SQLite does not apply its busy timeout to this change, and several processes start at once
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except connection.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=0")  # checkpointing.py does it
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(checkpoints: Checkpoints | None, connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get("pushboat_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
    if not reads and checkpoints and checkpoints.before_writing():
        connection.exec_driver_sql("PRAGMA user_version = 0")  # begins the log, also where nothing else is written
