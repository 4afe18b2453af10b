"""Two decisions on a real Postgres, statement by statement: one stops before any of its own while the other goes on.

Each has a connection of its own. Who waits for a lock of the other is let wait, as the server says that it does.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from pushboat.store.database.engine import Store, open_store

_WAITS = b"SELECT 1 FROM pg_stat_activity WHERE pid = ANY(%s) AND wait_event_type = 'Lock'"


class Side:
    """One of the two: what it does, a statement at a time."""

    def __init__(self, url: str, state: Path) -> None:
        self.store = open_store(url, state)
        self.pids: set[int] = set()
        self.may, self.is_there = threading.Semaphore(0), threading.Event()
        self.gated = False
        self.done: Future[Any] | None = None
        sa.event.listen(self.store.engine, "before_cursor_execute", self._stop)
        sa.event.listen(self.store.engine, "commit", self._stop)

    def _stop(self, connection: sa.Connection, *_said: Any) -> None:
        if self.gated:
            driver: Any = connection.connection.driver_connection
            self.pids.add(driver.info.backend_pid)
            self.is_there.set()
            assert self.may.acquire(timeout=60), "nobody let it go on"


class Two:
    """Two sides on one database, and who looks at their locks."""

    def __init__(self, url: str, state: Path) -> None:
        self.sides = Side(url, state), Side(url, state)
        self._onlooker = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self._threads = ThreadPoolExecutor(2)

    def close(self) -> None:
        """Let go of all connections."""
        self._threads.shutdown()
        self._onlooker.close()
        for side in self.sides:
            side.store.close()

    def interleave(self, acts: tuple[Callable[[Store], Any], Callable[[Store], Any]], first: int, steps: int) -> bool:
        """Let one side take some steps, then the other go as far as it can, then both to their ends.

        False where the first side had no more steps than that: there is no other way to stop it then.
        """
        one, other = self.sides[first], self.sides[1 - first]
        for side, act in zip(self.sides, acts, strict=True):
            side.gated, side.done = True, None
            side.is_there.clear()
            side.done = self._threads.submit(self._run, side, act)
            side.is_there.wait(60)
        taken = sum(self._step(one) for _ in range(steps))
        while any(side.gated for side in self.sides):
            for side in (other, one):
                while self._step(side):
                    pass
        for side in self.sides:
            assert side.done
            side.done.result(60)
        return taken == steps

    def _run(self, side: Side, act: Callable[[Store], Any]) -> Any:
        try:
            return act(side.store)
        finally:
            side.gated = False
            side.is_there.set()

    def _step(self, side: Side) -> bool:
        """Let a side run its next statement; False where it has ended, or waits for a lock and will for a while."""
        if not self._is_there(side) or not side.gated:
            return False
        side.is_there.clear()
        side.may.release()
        return self._is_there(side)

    def _is_there(self, side: Side) -> bool:
        """Wait until a side has come to its next statement, or to its end; False where it waits for a lock."""
        deadline = time.monotonic() + 60
        while not side.is_there.wait(0.002):
            if self._onlooker.execute(_WAITS, (list(side.pids),)).fetchone():
                return False
            assert time.monotonic() < deadline, "a side neither goes on nor waits for a lock"
        return True
