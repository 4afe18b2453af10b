"""The outbox: letters on their way to the forges, strictly in order within each stream.

A letter is taken on lease, only ever the oldest of its stream. `attempts` counts the takings and so tells a poster
whose lease ran out from the one that has the letter now. Letters are written by announcing.py; a kind that only a newer
version knows stays where it is, and what follows it in its stream waits for that version.
"""

import json
import logging
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.logs import tell
from pushboat.model.letter import Letter, read
from pushboat.model.letter_subject import deployment_in
from pushboat.model.notice import EVERYBODY
from pushboat.pauses import bounded_pause
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.database.unheld import unheld
from pushboat.store.taking import collapsed, heads, is_due
from pushboat.store.turns import is_free

logger = logging.getLogger(__name__)

SENT, SAID, DEAD, NOT_SHOWN = "sent", "said already", "dead", "not shown by this forge"
FORBIDDEN = "not allowed"
"""How a letter ended that our token may not post, and that need not be posted."""
READ_BACK_AFTER = 60.0
"""Seconds, two leases of a letter: by then a poster that was frozen has woken and said what it had in hand."""
COLLAPSED_AFTER = 60.0
"""Seconds that a stream's oldest letter waits before the states between are left out."""

_WAITING = sa.text("SELECT DISTINCT forge FROM outbox WHERE sent_at IS NULL ORDER BY forge")
_TAKE = sa.text(
    "UPDATE outbox SET lease_owner = :owner, lease_until = :until, attempts = attempts + 1 WHERE id IN :ids "
    "RETURNING id, stream, forge, repository, kind, payload, attempts"
).bindparams(sa.bindparam("ids", expanding=True))
_CLOSE = sa.text(
    "UPDATE outbox SET sent_at = :now, outcome = :outcome, error = :error, lease_owner = '', lease_until = 0, "
    "read_back_at = CASE WHEN ends THEN :read_back_at ELSE 0 END "
    "WHERE id = :id AND sent_at IS NULL AND attempts = :attempts"
)
_RETRY = sa.text(
    "UPDATE outbox SET error = :error, not_before = :not_before, lease_owner = '', lease_until = 0 "
    "WHERE id = :id AND sent_at IS NULL AND attempts = :attempts"
)
_NOT_SHOWN = unheld(
    "UPDATE outbox SET sent_at = :now, outcome = :outcome, lease_owner = '', lease_until = 0",
    "outbox",
    "id",
    f"forge = :forge AND kind IN :kinds AND sent_at IS NULL AND {is_free('outbox')}",
    "kinds",
    giving=" RETURNING id, stream, forge, repository, kind, payload, attempts",
)
_SINCE = sa.text("SELECT created_at FROM outbox WHERE id = :id")
_BACKLOG = sa.text("SELECT count(*) FROM outbox WHERE sent_at IS NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A letter that was taken to be posted: where it goes, what is in it, how often it was tried (this one counts).

    `repository` is the path on the forge (`acme/shop`).
    """

    id: int
    stream: str
    forge: str
    repository: str
    kind: str
    payload: str
    attempts: int

    @property
    def ids(self) -> dict[str, str | int | None]:
        """Name it as lines of the log do; a notice's repository is whole already."""
        whole = self.repository if self.forge.startswith(EVERYBODY) else f"{self.forge}/{self.repository}"
        told = {"repository": whole, "kind": self.kind, "deployment": self.deployment}
        return {"letter": self.id, "forge": self.forge, **told}

    @property
    def deployment(self) -> int | None:
        """Give the deployment that it tells of, where it tells of one."""
        return deployment_in(self.payload)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a letter that was taken."""

    envelope: Envelope
    outcome: str
    error: str = ""


def opened(envelope: Envelope) -> Letter:
    """Read the letter in an envelope; an exception means that the version that wrote it and this one do not agree."""
    return read(envelope.kind, json.loads(envelope.payload))


def due_forges(store: Store) -> list[str]:
    """Name the forges that something may be posted to now."""
    with store.reading() as tx:
        return [row["forge"] for row in tx.rows(_WAITING) if is_due(tx, row["forge"])]


def due_head(
    store: Store,
    owner: str,
    forge: str,
    limit: int = 20,
    lease: float = 30.0,
    collapsed_after: float = COLLAPSED_AFTER,
    *,
    settled: Settled | None = None,
    not_shown: Collection[str] = (),
    after: str | None = None,
) -> list[Envelope]:
    """Take the oldest letter of each stream of a forge that may be posted now, oldest first, for `lease` seconds.

    After an outage the streams that have come to an end go first, each with its last letter.

    Args:
        settled: the letter that was posted before, to be noted in the same transaction.
        not_shown: the kinds of letters that this forge has no place for: all of them are settled beside it.
        after: the path of the repository whose turn it was; None: the oldest go first, whosever they are.
    """
    if settled is None:
        with store.reading() as tx:
            if not is_due(tx, forge):
                return []
    with store.writing() as tx:
        closed = _settle(tx, settled) if settled else []
        closed += _not_shown(tx, forge, not_shown) if not_shown else []
        long_ago = tx.now - collapsed_after
        ids = [collapsed(tx, head, long_ago) for head in heads(tx, forge, long_ago, limit, after)]
        rows = tx.rows(_TAKE, ids=ids, owner=owner, until=tx.now + lease) if ids else []
    for each in closed:
        _tell(each)
    return [_envelope(row) for row in sorted(rows, key=lambda row: int(row["id"]))]


def sent(store: Store, envelope: Envelope) -> None:
    """Note that the forge has a letter."""
    settle(store, Settled(envelope, SENT))


def unallowed(store: Store, envelope: Envelope, error: str) -> None:
    """Settle a letter that our token may not post, and that nobody misses who did not allow it."""
    settle(store, Settled(envelope, FORBIDDEN, error))


def dead(store: Store, envelope: Envelope, error: str) -> None:
    """Give a letter up that the forge will never take, so that the next one of its stream can go."""
    settle(store, Settled(envelope, DEAD, error))


def retry(store: Store, envelope: Envelope, error: str, delay: float) -> None:
    """Keep a letter, and its stream behind it, for another try in `delay` seconds, an hour at most."""
    with store.writing() as tx:
        not_before = tx.now + bounded_pause(delay)
        tx.change(_RETRY, id=envelope.id, attempts=envelope.attempts, error=error, not_before=not_before)


def age(store: Store, envelope: Envelope) -> float:
    """Say for how many seconds a letter has waited."""
    with store.reading() as tx:
        return tx.now - float(tx.scalar(_SINCE, id=envelope.id) or tx.now)


def backlog(store: Store) -> int:
    """Count the letters that are not posted yet."""
    with store.reading() as tx:
        return int(tx.scalar(_BACKLOG))


def settle(store: Store, settled: Settled) -> None:
    """Note what became of a letter."""
    with store.writing() as tx:
        _settle(tx, settled)
    _tell(settled)


def settle_in(tx: Transaction, settled: Settled) -> bool:
    """Note it in a transaction; False where another poster has the letter by now, or had it first."""
    of, said = settled.envelope, {"outcome": settled.outcome, "error": settled.error}
    read_back_at = tx.now + READ_BACK_AFTER if settled.outcome in (SENT, SAID) else 0.0
    return tx.change(_CLOSE, id=of.id, attempts=of.attempts, now=tx.now, read_back_at=read_back_at, **said) == 1


def _settle(tx: Transaction, settled: Settled) -> list[Settled]:
    settle_in(tx, settled)
    return [settled]


def _not_shown(tx: Transaction, forge: str, kinds: Collection[str]) -> list[Settled]:
    said = {"now": tx.now, "far": tx.far, "outcome": NOT_SHOWN}
    rows = tx.rows(_NOT_SHOWN[tx.postgres], forge=forge, kinds=list(kinds), **said)
    return [Settled(_envelope(row), NOT_SHOWN) for row in rows]


def _tell(settled: Settled) -> None:
    """Log what became of a letter, once that is written."""
    envelope = settled.envelope
    said = f"{settled.outcome}: {settled.error}" if settled.error else settled.outcome
    words = f"letter {envelope.id}: {envelope.stream}: {said}"
    tell(logger, words, outcome=settled.outcome, attempts=envelope.attempts, **envelope.ids)


def _envelope(row: Row) -> Envelope:
    names = ("id", "stream", "forge", "repository", "kind", "payload", "attempts")
    return Envelope(**{name: row[name] for name in names})
