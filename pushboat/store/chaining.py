"""Binds entries of the audit to those before them: last of all in the transaction that writes them.

Whoever binds holds the chain's end until its commit, and asks for nothing more after it; so nobody waits in a circle.
Entries of an older version beside us, which binds nothing, are bound with the next of ours.
"""

from typing import Any, cast

import sqlalchemy as sa

from pushboat.model.ask import AskVerdict, AuditEntry, Source
from pushboat.model.chain import BEGINNING, Link, after
from pushboat.store.database.ask_tables import audit
from pushboat.store.database.transaction import Row, Transaction

_ALONE = sa.text("SELECT pg_advisory_xact_lock(7372)")
MOST = 5_000
"""Entries of one transaction; there are more only where an older version wrote for years."""
_UNBOUND = sa.select(audit).where(audit.c.position.is_(None)).order_by(audit.c.id).limit(MOST)
_LAST = sa.text("SELECT position, link FROM audit WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1")
_LAST_STAMP = sa.text("SELECT position, link FROM audit_stamp ORDER BY position DESC LIMIT 1")
_BIND = sa.text("UPDATE audit SET position = :position, link = :link WHERE id = :id AND position IS NULL")


def bind(tx: Transaction) -> None:
    """Bind all entries that are not; the last thing that a transaction does."""
    if tx.postgres:
        tx.rows(_ALONE)
    here, bound = last(tx), []
    for row in tx.rows(_UNBOUND):
        here = after(here, as_stored(row))
        bound.append({"id": row["id"], "position": here.position, "link": here.digest})
    tx.change_each(_BIND, bound)


def last(tx: Transaction) -> Link:
    """Give the chain's end: its last entry, or the stamp of what retention took."""
    ends = [Link(row["position"], row["link"]) for text in (_LAST, _LAST_STAMP) if (row := tx.row(text))]
    return max(ends, key=lambda link: link.position, default=BEGINNING)


def as_stored(row: Row) -> AuditEntry:
    """Give an entry with every word that stands there: somebody else may have put anything into it."""
    said: dict[str, Any] = {name: str(each) if isinstance(each, bytes) else each for name, each in row.items()}
    return AuditEntry(
        id=said["id"],
        at=said["at"],
        who=said["who"],
        source=cast("Source", said["source"]),
        repository=said["repository"],
        environment=said["environment"],
        word=said["word"],
        verdict=cast("AskVerdict", said["verdict"]),
        reason=said["reason"],
        delivery=said["delivery_id"],
        ask=said["ask_id"],
        deployment=said["deployment_id"],
    )
