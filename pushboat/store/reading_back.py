"""Final states, read back: a poster that was frozen may wake and say something older after the last word.

The last word is said again in its own place in the stream, never behind it: what was begun since keeps its turn.
"""

import json

import sqlalchemy as sa

from pushboat.model.letter import Letter, kind_of
from pushboat.pauses import bounded_pause
from pushboat.store.database.engine import Store
from pushboat.store.database.texts import cleaned
from pushboat.store.database.transaction import Transaction
from pushboat.store.database.unheld import unheld
from pushboat.store.outbox import Envelope
from pushboat.store.quieting import MAY_ASK, latest
from pushboat.store.turns import is_free

# ruff: noqa: S608 - the statements are put together from constants only
_NEWER = "SELECT 1 FROM outbox newer WHERE newer.stream = {row}.stream AND newer.id > {row}.id"
_DUE = (
    "{row}.read_back_at > 0 AND {row}.forge = :forge AND ({row}.read_back_at <= :now OR {row}.read_back_at > :latest)"
)
_OVER = unheld(
    "UPDATE outbox SET read_back_at = 0",
    "outbox",
    "id",
    f"{_DUE.format(row='outbox')} AND EXISTS ({_NEWER.format(row='outbox')})",
)
_NEXT = (
    f"SELECT o.id FROM outbox o WHERE {_DUE.format(row='o')} AND {is_free('o')} AND {MAY_ASK} "
    "ORDER BY o.read_back_at LIMIT 1"
)
_FIND, _FIND_LOCKED = sa.text(_NEXT), sa.text(f"{_NEXT} FOR UPDATE OF o SKIP LOCKED")
_FORGES = sa.text("SELECT DISTINCT forge FROM outbox WHERE read_back_at > 0")
_TAKE = sa.text(
    "UPDATE outbox SET lease_owner = :owner, lease_until = :until, attempts = attempts + 1 WHERE id = :id "
    "RETURNING id, stream, forge, repository, kind, payload, attempts"
)
_MINE = "WHERE id = :id AND attempts = :attempts AND read_back_at > 0"
_DONE = sa.text(f"UPDATE outbox SET read_back_at = :again_at, lease_owner = '', lease_until = 0 {_MINE}")
_REOPEN = sa.text(
    "UPDATE outbox SET read_back_at = 0, sent_at = NULL, outcome = '', payload = :payload, not_before = 0, "
    f"lease_owner = '', lease_until = 0 {_MINE} AND NOT EXISTS ({_NEWER.format(row='outbox')})"
)


def due_forges(store: Store) -> list[str]:
    """Name the forges of which something is to be read back now."""
    with store.reading() as tx:
        named = [row["forge"] for row in tx.rows(_FORGES)]
        return [forge for forge in named if _is_due(tx, forge)]


def take(store: Store, owner: str, forge: str, lease: float) -> Envelope | None:
    """Take the final letter that has waited longest to be read back; what something newer follows, nobody reads."""
    with store.reading() as tx:
        if not _is_due(tx, forge):
            return None
    with store.writing() as tx:
        when = {"forge": forge, "now": tx.now, "latest": latest(tx)}
        tx.change(_OVER[tx.postgres], **when)
        found = tx.row(_FIND_LOCKED if tx.postgres else _FIND, **when, far=tx.far)
        row = tx.row(_TAKE, id=found["id"], owner=owner, until=tx.now + lease) if found else None
    return Envelope(**row) if row else None


def done(store: Store, envelope: Envelope) -> None:
    """Note that the forge shows it, or cannot be asked."""
    _put_off(store, envelope, None)


def put_off(store: Store, envelope: Envelope, delay: float) -> None:
    """Ask again in `delay` seconds, an hour at most."""
    _put_off(store, envelope, delay)


def say_again(store: Store, envelope: Envelope, letter: Letter) -> bool:
    """Let the last word be posted once more; False where it is the last no more."""
    payload = json.dumps(cleaned(kind_of(letter).write(letter)), ensure_ascii=False)
    with store.writing() as tx:
        return tx.change(_REOPEN, id=envelope.id, attempts=envelope.attempts, payload=payload) == 1


def _is_due(tx: Transaction, forge: str) -> bool:
    return tx.row(_FIND, forge=forge, now=tx.now, far=tx.far, latest=latest(tx)) is not None


def _put_off(store: Store, envelope: Envelope, delay: float | None) -> None:
    with store.writing() as tx:
        again_at = 0.0 if delay is None else tx.now + bounded_pause(delay)
        tx.change(_DONE, id=envelope.id, attempts=envelope.attempts, again_at=again_at)
