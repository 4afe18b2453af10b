"""Which letters go next: the oldest of each stream, or after an outage its last one, and what is final before the rest.

Repositories take turns, so that one with ten thousand letters makes nobody else wait. Nothing is posted by a credential
that is quiet. Whoever takes a stream's letter has locked the oldest of that stream.
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
    "SELECT o.id, o.stream, o.repository, o.kind, o.created_at FROM outbox o "  # noqa: S608
    "WHERE o.sent_at IS NULL AND o.kind IN :kinds "
    f"AND {_FREE} AND {_FIRST} AND o.forge = :forge AND {MAY_ASK} {{turn}}id LIMIT :limit"
)
# `o` is the oldest of its stream, which whoever decides about a stream has locked; `final` is its last one.
_FINAL = (
    "SELECT o.id, o.stream, o.repository, o.kind, o.created_at FROM outbox final "  # noqa: S608
    "JOIN outbox o ON o.stream = final.stream AND o.sent_at IS NULL "
    "WHERE final.sent_at IS NULL AND final.ends AND final.forge = :forge AND o.kind IN :kinds "
    f"AND o.created_at < :long_ago AND {_FREE} AND {_FIRST} AND {MAY_ASK} AND NOT EXISTS (SELECT 1 FROM outbox newer "
    "WHERE newer.stream = final.stream AND newer.sent_at IS NULL AND newer.id > final.id) "
    "{turn}id LIMIT :limit"
)
_OLDEST_FIRST = "ORDER BY {row}."
_AFTER = "AND {row}.repository > :after ORDER BY {row}.repository, {row}."
_FROM_THE_FIRST = "AND {row}.repository <= :after ORDER BY {row}.repository, {row}."
_OF_ONE = "AND {row}.repository = :repository ORDER BY {row}."


def _text(query: str, row: str, turn: str, lock: str) -> sa.TextClause:
    return sa.text(query.format(turn=turn.format(row=row)) + lock).bindparams(_KNOWN)


def _texts(lock: str) -> dict[str, sa.TextClause]:
    """Write each query with a turn, or for the oldest of all; the latter with the words of the turn alone."""
    heads = {turn: _text(_NEXT, "o", turn, lock) for turn in (_OLDEST_FIRST, _AFTER, _FROM_THE_FIRST)}
    return heads | {f"final {turn}": _text(_FINAL, "final", turn, lock) for turn in (_OLDEST_FIRST, _OF_ONE)}


_PLAIN, _LOCKED = _texts(""), _texts(" FOR UPDATE OF o SKIP LOCKED")
_OLDEST = sa.text("SELECT created_at FROM outbox WHERE forge = :forge AND sent_at IS NULL ORDER BY id LIMIT 1")
_LAST = sa.text("SELECT max(id) FROM outbox WHERE stream = :stream AND sent_at IS NULL")
_COLLAPSE = sa.text(
    "UPDATE outbox SET sent_at = :now, outcome = 'collapsed', lease_owner = '', lease_until = 0 "
    "WHERE stream = :stream AND sent_at IS NULL AND id < :last"
)


def is_due(tx: Transaction, forge: str) -> bool:
    """Say whether anything may be posted to a forge now."""
    where = {"forge": forge, "now": tx.now, "far": tx.far, "latest": latest(tx), "limit": 1}
    return tx.row(_PLAIN[_OLDEST_FIRST], **where) is not None


def heads(tx: Transaction, forge: str, long_ago: float, limit: int, after: str | None = None) -> Sequence[Row]:
    """Find streams that may go on: after an outage those that have come to an end, as long as there are any.

    Args:
        after: the repository whose turn it was, where only streams of the next one are wanted, those that have come to
            an end among them first; None: the oldest ones, whosever they are.
    """
    texts, where = _LOCKED if tx.postgres else _PLAIN, {"forge": forge, "now": tx.now, "far": tx.far}
    where |= {"latest": latest(tx), "limit": limit}
    oldest = tx.row(_OLDEST, forge=forge)
    if oldest is None:
        return ()
    is_late = oldest["created_at"] < long_ago
    if after is None:
        ended = tx.rows(texts[f"final {_OLDEST_FIRST}"], **where, long_ago=long_ago) if is_late else ()
        return ended or tx.rows(texts[_OLDEST_FIRST], **where)
    found = tx.rows(texts[_AFTER], **where, after=after) or tx.rows(texts[_FROM_THE_FIRST], **where, after=after)
    if not found or not is_late:
        return found
    of_one = {"repository": found[0]["repository"], "long_ago": long_ago}
    return tx.rows(texts[f"final {_OF_ONE}"], **where, **of_one) or found


def collapsed(tx: Transaction, head: Row, long_ago: float) -> int:
    """Give the letter that a stream goes on with: its head, or its last one where that suffices after a long wait."""
    if head["created_at"] >= long_ago or not KINDS[head["kind"]].newest_suffices:
        return int(head["id"])
    last = int(tx.scalar(_LAST, stream=head["stream"]))
    tx.change(_COLLAPSE, stream=head["stream"], last=last, now=tx.now)
    return last
