"""Copies a store into an empty one, of the other kind or of the same, row by row, and holds the two against each other.

Whoever copies has closed the store before (moving.py), so that it stands still.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.errors import PushboatError
from pushboat.store.database.engine import Store
from pushboat.store.database.tables import all_tables, strange_tables
from pushboat.store.database.transaction import Transaction

AT_ONCE = 500
"""Rows that are written together."""


class StoreRefused(PushboatError):
    """A store cannot be copied there."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A table and how many rows of it were copied."""

    table: str
    rows: int


def copy(source: Store, target: Store, tell: Callable[[Copied], None]) -> int:
    """Copy everything in one transaction, and give the number of rows.

    Raises:
        StoreRefused: there is something in the target already, or it does not hold what was written; it is as before.
        StoreUnavailable: one of them does not answer; the target is as before.
    """
    total = 0
    with source.reading() as here, target.writing() as there:
        _demand_our_tables(here)
        _demand_our_tables(there)
        _demand_empty(there)
        for table in all_tables():
            rows, digest = _copied(here, there, table)
            if (rows, digest) != _digest(_rows(there, table)):
                raise StoreRefused(f"the table {table.name} does not hold what was written into it: nothing was copied")
            go_on_counting(there, table)
            total += rows
            tell(Copied(table.name, rows))
    return total


def _demand_our_tables(tx: Transaction) -> None:
    if strange := strange_tables(tx.connection):
        raise StoreRefused(f"it is not known whole here: {', '.join(sorted(strange))}; nothing was copied")


def _demand_empty(tx: Transaction) -> None:
    for table in all_tables():
        if tx.row(sa.select(sa.literal(1)).select_from(table).limit(1)):
            raise StoreRefused(
                f"there are rows in its table {table.name} already: stores are copied into empty ones. Name another "
                "database, or drop its tables first"
            )


def _copied(here: Transaction, there: Transaction, table: sa.Table) -> tuple[int, str]:
    """Copy one table, and give how many rows it had and what they say."""
    batch: list[dict[str, object]] = []

    def passing() -> Iterator[sa.RowMapping]:
        for row in _rows(here, table):
            batch.append(dict(row))
            if len(batch) == AT_ONCE:
                _put(there, table, batch)
            yield row

    said = _digest(passing())
    _put(there, table, batch)
    return said


def _put(there: Transaction, table: sa.Table, batch: list[dict[str, object]]) -> None:
    there.change_each(sa.insert(table), batch)
    batch.clear()


def _rows(tx: Transaction, table: sa.Table) -> Iterator[sa.RowMapping]:
    order = [sa.collate(key, "C" if tx.postgres else "BINARY") if _is_text(key) else key for key in table.primary_key]
    return tx.each(sa.select(table).order_by(*order))


def _is_text(column: sa.Column[object]) -> bool:
    return isinstance(column.type, sa.Text)


def _digest(rows: Iterator[sa.RowMapping]) -> tuple[int, str]:
    number, digest = 0, hashlib.sha256()
    for row in rows:
        number += 1
        digest.update(
            repr([bytes(value) if isinstance(value, memoryview) else value for value in row.values()]).encode()
        )
    return number, digest.hexdigest()


def go_on_counting(there: Transaction, table: sa.Table) -> None:
    """Let Postgres give out numbers behind those that are there; SQLite does by itself."""
    key = table.autoincrement_column
    if there.postgres and key is not None:
        sequence = sa.func.pg_get_serial_sequence(table.name, key.name)
        newest = sa.select(sa.func.coalesce(sa.func.max(key), 0) + 1).scalar_subquery()
        there.scalar(sa.select(sa.func.setval(sequence, newest, sa.false())))
