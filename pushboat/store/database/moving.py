"""A store that has moved: nobody writes into it any more, whoever still has it open, and everybody is told where it is.

Triggers refuse what is written, in the database itself: processes that run go on for a while with what they know.
"""

from collections.abc import Iterator
from contextlib import suppress

import sqlalchemy as sa

from pushboat.errors import PushboatError, StoreUnavailable
from pushboat.store.database.driver_errors import MOVED
from pushboat.store.database.engine import Store
from pushboat.store.database.tables import all_tables
from pushboat.store.database.transaction import Transaction

TRIES = 5
_NOTE = sa.Table("moved", sa.MetaData(), sa.Column("place", sa.Text, nullable=False))
"""Is there where a store has moved, with one row; no migration makes it."""
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION pushboat_moved() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{MOVED}'; END $$"
)
_WAYS = ("INSERT", "UPDATE", "DELETE")


class StoreMoved(PushboatError):
    """The store is elsewhere now; nothing is written into this one."""


def close(store: Store, place: str) -> bool:
    """Let nobody write into a store any more; False where nobody could already.

    Args:
        store: the store that moves.
        place: where it goes, without a password.

    Raises:
        StoreUnavailable: it does not answer, or is written to all the time.
    """
    for _ in range(TRIES - 1):
        with suppress(StoreUnavailable):  # on Postgres whoever writes just now may want what we hold
            return _close(store, place)
    return _close(store, place)


def _close(store: Store, place: str) -> bool:
    with store.writing() as tx:
        if moved_in(tx):
            tx.change(sa.update(_NOTE).values(place=place))
            return False
        if tx.postgres:
            tx.change(
                sa.text(f"LOCK TABLE {', '.join(table.name for table in all_tables())} IN SHARE ROW EXCLUSIVE MODE")
            )
            tx.change(sa.text(_FUNCTION))
        for name, way, table in _triggers():
            tx.change(sa.text(_refusal(name, way, table, postgres=tx.postgres)))
        _NOTE.create(tx.connection)
        tx.change(sa.insert(_NOTE), place=place)
    return True


def reopen(store: Store) -> bool:
    """Let everybody write again; False where nobody was kept from it."""
    with store.writing() as tx:
        if not moved_in(tx):
            return False
        for name, _, table in _triggers():
            tx.change(sa.text(f"DROP TRIGGER {name} ON {table}" if tx.postgres else f"DROP TRIGGER {name}"))
        _NOTE.drop(tx.connection)
    return True


def moved_in(tx: Transaction) -> str:
    """Say where the store has moved; empty where it has not."""
    if not sa.inspect(tx.connection).has_table(_NOTE.name):
        return ""
    return str(tx.scalar(sa.select(_NOTE.c.place)))


def refuse_moved(store: Store) -> None:
    """Begin nothing with a store that has moved.

    Raises:
        StoreMoved: it says where it is now, and how to come back.
        StoreUnavailable: it does not answer.
    """
    with store.reading() as tx:
        place = moved_in(tx)
    if place:
        raise StoreMoved(
            f"this store has moved to {place}: say so under `store` in the operator's file; "
            "`pushboat db reopen` takes it back, with what was accepted until then"
        )


def _triggers() -> Iterator[tuple[str, str, str]]:
    for table in all_tables():
        for way in _WAYS:
            yield f"moved_{table.name}_{way.lower()}", way, table.name


def _refusal(name: str, way: str, table: str, *, postgres: bool) -> str:
    if postgres:
        return f"CREATE TRIGGER {name} BEFORE {way} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION pushboat_moved()"
    return f"CREATE TRIGGER {name} BEFORE {way} ON {table} BEGIN SELECT RAISE(ABORT, '{MOVED}'); END"
