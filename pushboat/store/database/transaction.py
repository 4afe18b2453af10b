"""One transaction of the store: statements in, plain rows out, and the store's clock at its beginning."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import NoneType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

Row = sa.RowMapping

ONE = (str, int, float, bytes, NoneType)
"""What is one value; several are written into a text one by one, by SQLAlchemy."""

FARTHEST_LEASE_SECONDS = 300.0
"""Seconds. No lease and no hint lies further ahead; one that does was written before the clock was set back."""
AT_ONCE = 500
"""Rows in memory, of a statement whose rows are given one by one."""
TEXTS = 1_000
"""How many statements that are written as text are kept as their driver takes them; we have a quarter of that."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the functions of the store speak through; `now` is the store's clock, read when the transaction began, and
    `began` that moment by `time.monotonic`.

    What is put on `last` is done at its end, when everything else is: it may hold what everybody wants to have.
    `notices` says that somebody listens to what becomes of environments.
    """

    connection: sa.Connection = field(repr=False)
    now: float
    postgres: bool
    notices: bool = False
    began: float = field(default_factory=time.monotonic, compare=False)
    last: list[Callable[["Transaction"], None]] = field(default_factory=list, repr=False, compare=False)

    @property
    def far(self) -> float:
        """Give the time beyond which a lease cannot end by rights."""
        return self.now + FARTHEST_LEASE_SECONDS

    def rows(self, statement: sa.Executable, **values: Any) -> list[Row]:
        """Run a statement and return all its rows."""
        return list(self._run(statement, values).mappings())

    def each(self, statement: sa.Select[Any]) -> Iterator[Row]:
        """Run a statement and give its rows one by one, however many there are; all as they were when it began."""
        with self.connection.execute(statement.execution_options(yield_per=AT_ONCE)) as result:
            yield from result.mappings()

    def row(self, statement: sa.Executable, **values: Any) -> Row | None:
        """Run a statement and return its first row, if it has one."""
        return self._run(statement, values).mappings().first()

    def scalar(self, statement: sa.Executable, **values: Any) -> Any:
        """Run a statement and return the first column of its first row."""
        return self._run(statement, values).scalar()

    def change(self, statement: sa.Executable, **values: Any) -> int:
        """Run an INSERT, UPDATE or DELETE and return how many rows it touched."""
        result = self._run(statement, values)
        return int(getattr(result, "rowcount", 0))

    def change_each(self, statement: sa.Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run an INSERT, UPDATE or DELETE once for each of these values, in their order, where there are any."""
        if rows:
            self.connection.execute(statement, rows)

    def _run(self, statement: sa.Executable, values: dict[str, Any]) -> sa.CursorResult[Any]:
        if isinstance(statement, sa.TextClause) and all(isinstance(value, ONE) for value in values.values()):
            text = _as_sent(statement.text, self.connection.dialect)
            if text.binds.keys() <= values.keys():
                return self.connection.exec_driver_sql(text.string, _in_place(text, values))
        return self.connection.execute(statement, values)


def _in_place(text: SQLCompiler, values: dict[str, Any]) -> Any:
    """Give a text's values in the form that its driver wants."""
    return values if text.positiontup is None else tuple(values[name] for name in text.positiontup)


@lru_cache(maxsize=TEXTS)
def _as_sent(text: str, dialect: sa.Dialect) -> SQLCompiler:
    """Write a text as its driver takes it, once: SQLAlchemy's own way to what it has kept costs as much as SQLite."""
    return sa.text(text).compile(dialect=dialect)
