"""One transaction of the store: statements in, plain rows out, and the store's clock at its beginning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

Row = sa.RowMapping

FARTHEST_LEASE_SECONDS = 300.0
"""Seconds. No lease and no hint lies further ahead; one that does was written before the clock was set back."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the functions of the store speak through; `now` is the store's clock, read when the transaction began."""

    connection: sa.Connection = field(repr=False)
    now: float
    postgres: bool

    @property
    def far(self) -> float:
        """Give the time beyond which a lease cannot end by rights."""
        return self.now + FARTHEST_LEASE_SECONDS

    def rows(self, statement: sa.Executable, **values: Any) -> list[Row]:
        """Run a statement and return all its rows."""
        return list(self._run(statement, values).mappings())

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
        return self.connection.execute(statement, values)
