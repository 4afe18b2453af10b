"""What forges still let us ask, as any process heard it last; written with its sign of life."""

from collections.abc import Iterable

import sqlalchemy as sa

from pushboat.model.allowance import Allowance
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Transaction
from pushboat.store.database.unheld import unheld

_KEEP = sa.text(
    "INSERT INTO allowance (host, kind, remaining, most, resets_at) "
    "VALUES (:host, :kind, :remaining, :most, :resets_at) "
    "ON CONFLICT (host, kind) DO UPDATE SET remaining = :remaining, most = :most, resets_at = :resets_at"
)
FORGOTTEN_AFTER = 24 * 3600.0
_FORGET = unheld("DELETE FROM allowance", "allowance", "host, kind", "resets_at < :long_ago")
_LISTED = sa.text("SELECT host, kind, remaining, most, resets_at FROM allowance ORDER BY host, kind")


def keep(tx: Transaction, heard: Iterable[Allowance]) -> None:
    """Write down what was heard since the last time."""
    rows = [
        {"host": each.host, "kind": each.kind, "remaining": each.left, "most": each.most, "resets_at": each.resets_at}
        for each in sorted(heard, key=lambda each: (each.host, each.kind))  # other processes hear of the same ones
    ]
    if rows:
        tx.change_each(_KEEP, rows)
        tx.change(_FORGET[tx.postgres], long_ago=tx.now - FORGOTTEN_AFTER)


def listed(store: Store) -> list[Allowance]:
    """List what is known."""
    with store.reading() as tx:
        rows = tx.rows(_LISTED)
    return [
        Allowance(
            host=row["host"], kind=row["kind"], left=row["remaining"], most=row["most"], resets_at=row["resets_at"]
        )
        for row in rows
    ]
