"""Which letters go next: the oldest of each stream, or after an outage its last one, and what is final before the rest.

Repositories take turns, so that one with ten thousand letters makes nobody else wait. Nothing is posted by a credential
that is quiet. Whoever takes a stream's letter has locked the oldest of that stream.
"""

from collections.abc import Mapping, Sequence

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
    f"AND {_FREE} AND {_FIRST} AND o.forge = :forge AND {MAY_ASK} {{turn}}o.id LIMIT :limit"
)
# `o` is the oldest of its stream, which whoever decides about a stream has locked; `final` is its last one.
_FINAL = (
    "SELECT o.id, o.stream, o.kind, o.created_at FROM outbox final "  # noqa: S608
    "JOIN outbox o ON o.stream = final.stream AND o.sent_at IS NULL "
    "WHERE final.sent_at IS NULL AND final.ends AND final.forge = :forge AND o.kind IN :kinds "
    f"AND o.created_at < :long_ago AND {_FREE} AND {_FIRST} AND {MAY_ASK} AND NOT EXISTS (SELECT 1 FROM outbox newer "
    "WHERE newer.stream = final.stream AND newer.sent_at IS NULL AND newer.id > final.id) "
    "{turn}final.id LIMIT :limit"
)


_AFTER, _FIRST_ONES = "> :after", "<= :after"


def _texts(query: str, row: str, lock: str) -> tuple[sa.TextClause, ...]:
    """Write a query for the oldest of all, for the repositories after one, and for the first ones again."""
    turns = (
        "ORDER BY ",
        *(f"AND {row}.repository {after} ORDER BY {row}.repository, " for after in (_AFTER, _FIRST_ONES)),
    )
    return tuple(sa.text(query.format(turn=turn) + lock).bindparams(_KNOWN) for turn in turns)


_HEADS, _FINALS = _texts(_NEXT, "o", ""), _texts(_FINAL, "final", "")
_HEADS_LOCKED, _FINALS_LOCKED = (
    _texts(query, row, " FOR UPDATE OF o SKIP LOCKED") for query, row in ((_NEXT, "o"), (_FINAL, "final"))
)
_OLDEST = sa.text("SELECT created_at FROM outbox WHERE forge = :forge AND sent_at IS NULL ORDER BY id LIMIT 1")
_LAST = sa.text("SELECT max(id) FROM outbox WHERE stream = :stream AND sent_at IS NULL")
_COLLAPSE = sa.text(
    "UPDATE outbox SET sent_at = :now, outcome = 'collapsed', lease_owner = '', lease_until = 0 "
    "WHERE stream = :stream AND sent_at IS NULL AND id < :last"
)


def is_due(tx: Transaction, forge: str) -> bool:
    """Say whether anything may be posted to a forge now."""
    return tx.row(_HEADS[0], forge=forge, now=tx.now, far=tx.far, latest=latest(tx), limit=1) is not None


def heads(tx: Transaction, forge: str, long_ago: float, limit: int, after: str | None = None) -> Sequence[Row]:
    """Find streams that may go on: after an outage those that have come to an end, as long as there are any.

    Args:
        after: the repository whose turn it was; None: the oldest letters first, whosever they are.
    """
    where = {"forge": forge, "now": tx.now, "far": tx.far, "latest": latest(tx), "limit": limit}
    oldest = tx.row(_OLDEST, forge=forge)
    if oldest is None:
        return ()
    if oldest["created_at"] < long_ago:
        finals = _FINALS_LOCKED if tx.postgres else _FINALS
        if ended := _in_turn(tx, finals, after, {**where, "long_ago": long_ago}):
            return ended
    return _in_turn(tx, _HEADS_LOCKED if tx.postgres else _HEADS, after, where)


def _in_turn(
    tx: Transaction, texts: tuple[sa.TextClause, ...], after: str | None, where: Mapping[str, object]
) -> Sequence[Row]:
    oldest, later, first = texts
    if after is None:
        return tx.rows(oldest, **where)
    return tx.rows(later, **where, after=after) or tx.rows(first, **where, after=after)


def collapsed(tx: Transaction, head: Row, long_ago: float) -> int:
    """Give the letter that a stream goes on with: its head, or its last one where that suffices after a long wait."""
    if head["created_at"] >= long_ago or not KINDS[head["kind"]].newest_suffices:
        return int(head["id"])
    last = int(tx.scalar(_LAST, stream=head["stream"]))
    tx.change(_COLLAPSE, stream=head["stream"], last=last, now=tx.now)
    return last
