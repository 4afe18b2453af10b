"""The store as a state among others: its rows are taken down, put back, and changed by one transaction at a time.

What runs is the code and the SQL of `pushboat/store`, in an SQLite in memory. A step is one transaction of a function;
where a function has several, it is begun anew for the next one, and its earlier ones see again what they saw then. A
step that was taken once from the same rows at the same time is not taken again: it would do the same.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pushboat.store.database import engine
from pushboat.store.database.engine import Store
from pushboat.store.database.texts import clean_parameters
from pushboat.store.database.transaction import Transaction

NOW = 1_800_000_000.0
"""Seconds since the epoch, always: time passes in that what has happened gets older."""

Rows = tuple[tuple[tuple[Any, ...], ...], ...]


@cache
def _written(statement: str) -> str:
    """Name the table that a statement writes, if it writes one; a query may begin with WITH, no change of ours does."""
    found = re.match(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)", statement)
    assert found or not re.search(r"\b(?:INSERT INTO|DELETE FROM)\b|\bUPDATE \w+ SET\b", statement), statement
    return found[1] if found else ""


class Between(BaseException):
    """A function has come to the end of the transactions that it was given."""


class Stored(Store):
    """Numbers each content that it meets; only the one that is asked for lies in the database."""

    __setattr__ = object.__setattr__  # a store is frozen; this one keeps what it meets

    def __init__(self, migrated: Path) -> None:
        """Copy the tables of a file."""
        self._raw = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        with closing(sqlite3.connect(migrated)) as file:
            file.backup(self._raw)
        file.close()
        plain = sa.create_engine("sqlite://", creator=lambda: self._raw, poolclass=sa.StaticPool)
        sa.event.listen(plain, "begin", partial(engine._begin, None))
        clean_parameters(plain)
        super().__init__(plain, nullcontext())
        named = self._raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'")
        self._tables = tuple(name for (name,) in named)
        self._columns = {
            table: [name for _, name, *_ in self._raw.execute(f"PRAGMA table_info({table})")] for table in self._tables
        }
        self._numbers: dict[Rows, int] = {}
        self._contents: list[Rows] = []
        self._rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self._known: dict[Any, tuple[int, Any]] = {}
        self._given: tuple[int, ...] = ()
        self._begun = 0
        self._written = set(self._tables)
        self._there: dict[str, tuple[Any, ...]] = dict.fromkeys(self._tables, ())
        sa.event.listen(plain, "before_cursor_execute", self._note)
        self.taken = 0
        self.current = self._take_down()

    def step(self, name: Any, act: Callable[[Store], Any], given: tuple[int, ...]) -> tuple[int, Any]:
        """Run a function with these contents for its transactions; give what the last one left, and what came of it.

        What comes of it is None as long as it has more to do. `name` says all that the function rests on.
        """
        key = (name, given)
        if key not in self._known:
            self._known[key] = self._stepped(act, given)
        return self._known[key]

    def look(self, content: int, act: Callable[[Store], Any]) -> Any:
        """Run a function that only reads."""
        self._put_back(content)
        self._given = ()
        return act(self)

    def rows(self, content: int, table: str) -> list[dict[str, Any]]:
        """Read a table of a content."""
        names = self._columns[table]
        return [dict(zip(names, row, strict=True)) for row in self._contents[content][self._tables.index(table)]]

    @property
    def contents(self) -> int:
        """Count what was met."""
        return len(self._contents)

    def close(self) -> None:
        """Let go of the memory."""
        self.engine.dispose()
        self._raw.close()

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Begin the next transaction of a step, on the content that it is to see."""
        self._enter()
        with super().writing() as tx:
            yield tx
        self._leave()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Begin one that reads."""
        self._enter()
        with super().reading() as tx:
            yield tx
        self._leave()

    def _stepped(self, act: Callable[[Store], Any], given: tuple[int, ...]) -> tuple[int, Any]:
        self._given, self._begun, came = given, 0, None
        self.taken += 1
        with suppress(Between):
            came = act(self)
        return self.current, came

    def _enter(self) -> None:
        if not self._given:
            return
        if self._begun == len(self._given):
            raise Between
        self._put_back(self._given[self._begun])

    def _leave(self) -> None:
        if not self._given:
            return
        self._begun += 1
        if self._raw.total_changes != self._changes:
            self.current = self._take_down()

    def _transaction(self, connection: sa.Connection) -> Transaction:
        return Transaction(connection, NOW, postgres=False)

    def _note(self, *said: Any) -> None:
        """Note the table that a statement is about to write."""
        table = _written(said[2])
        if table:
            self._written.add(table)

    def _take_down(self) -> int:
        same = self._rows.setdefault  # of rows that many contents have, one is kept
        for table in self._written:
            rows = self._raw.execute(f"SELECT * FROM {table}")
            self._there[table] = tuple(same(row, row) for row in rows)
        self._written.clear()
        rows = tuple(self._there.values())
        if rows not in self._numbers:
            self._numbers[rows] = len(self._contents)
            self._contents.append(rows)
        self._changes = self._raw.total_changes
        return self._numbers[rows]

    def _put_back(self, content: int) -> None:
        if content == self.current and self._raw.total_changes == self._changes:
            return
        self._raw.execute("BEGIN")
        self._raw.execute("PRAGMA defer_foreign_keys = ON")
        for table, wanted in zip(self._tables, self._contents[content], strict=True):
            if self._there[table] == wanted:
                continue
            self._there[table] = wanted
            self._raw.execute(f"DELETE FROM {table}")
            if wanted:
                places = ", ".join("?" * len(wanted[0]))
                self._raw.executemany(f"INSERT INTO {table} VALUES ({places})", wanted)
        self._raw.execute("COMMIT")
        self.current, self._changes = content, self._raw.total_changes
