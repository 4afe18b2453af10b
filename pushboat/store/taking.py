"""Which letters go next: the oldest of each stream, or after an outage its last one, and what is final before the rest.

Nothing is posted by a credential that is quiet. Whoever takes a stream's letter has locked the oldest of that stream.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from pushboat.model.letter import KINDS
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.quieting import MAY_ASK, latest
from pushboat.store.turns import is_free

_KNOWN: sa.BindParameter[list[str]] = sa.bindparam("kinds", list(KINDS), expanding=True)

_FREE = f"{is_free('o')} AND (o.not_before <= :now OR o.not_before > :latest)"
_FIRST = (
    "NOT EXISTS (SELECT 1 FROM outbox older "
    "WHERE older.stream = o.stream AND older.sent_at IS NULL AND older.id < o.id)"
)
_NEXT = (
    "SELECT o.id, o.stream, o.kind, o.created_at FROM outbox o WHERE o.sent_at IS NULL AND o.kind IN :kinds "  # noqa: S608
    f"AND {_FREE} AND {_FIRST} AND o.forge = :forge AND {MAY_ASK} ORDER BY o.id LIMIT :limit"
)
# `o` is the oldest of its stream, which whoever decides about a stream has locked; `final` is its last one.
_FINAL = (
    "SELECT o.id, o.stream, o.kind, o.created_at FROM outbox final "  # noqa: S608
    "JOIN outbox o ON o.stream = final.stream AND o.sent_at IS NULL "
    "WHERE final.sent_at IS NULL AND final.ends AND final.forge = :forge AND o.kind IN :kinds "
    f"AND o.created_at < :long_ago AND {_FREE} AND {_FIRST} AND {MAY_ASK} AND NOT EXISTS (SELECT 1 FROM outbox newer "
    "WHERE newer.stream = final.stream AND newer.sent_at IS NULL AND newer.id > final.id) "
    "ORDER BY final.id LIMIT :limit"
)
_HEADS, _FINALS = (sa.text(query).bindparams(_KNOWN) for query in (_NEXT, _FINAL))
_HEADS_LOCKED, _FINALS_LOCKED = (
    sa.text(query + " FOR UPDATE OF o SKIP LOCKED").bindparams(_KNOWN) for query in (_NEXT, _FINAL)
)
_OLDEST = sa.text("SELECT created_at FROM outbox WHERE forge = :forge AND sent_at IS NULL ORDER BY id LIMIT 1")
_LAST = sa.text("SELECT max(id) FROM outbox WHERE stream = :stream AND sent_at IS NULL")
_COLLAPSE = sa.text(
    "UPDATE outbox SET sent_at = :now, outcome = 'collapsed', lease_owner = '', lease_until = 0 "
    "WHERE stream = :stream AND sent_at IS NULL AND id < :last"
)


def is_due(tx: Transaction, forge: str) -> bool:
    """Say whether anything may be posted to a forge now."""
    return tx.row(_HEADS, forge=forge, now=tx.now, far=tx.far, latest=latest(tx), limit=1) is not None


def heads(tx: Transaction, forge: str, long_ago: float, limit: int) -> Sequence[Row]:
    """Find streams that may go on: after an outage those that have come to an end, as long as there are any."""
    where = {"forge": forge, "now": tx.now, "far": tx.far, "latest": latest(tx), "limit": limit}
    oldest = tx.row(_OLDEST, forge=forge)
    if oldest is None:
        return ()
    finals = _FINALS_LOCKED if tx.postgres else _FINALS
    ended = tx.rows(finals, **where, long_ago=long_ago) if oldest["created_at"] < long_ago else ()
    return ended or tx.rows(_HEADS_LOCKED if tx.postgres else _HEADS, **where)


def collapsed(tx: Transaction, head: Row, long_ago: float) -> int:
    """Give the letter that a stream goes on with: its head, or its last one where that suffices after a long wait."""
    if head["created_at"] >= long_ago or not KINDS[head["kind"]].newest_suffices:
        return int(head["id"])
    last = int(tx.scalar(_LAST, stream=head["stream"]))
    tx.change(_COLLAPSE, stream=head["stream"], last=last, now=tx.now)
    return last
