"""The outbox: statuses and comments on their way to the forges, strictly in order within each stream.

A letter is taken on lease, only ever the oldest of its stream. `attempts` counts the takings and so tells a poster
whose lease ran out from the one that has the letter now. Letters are written by announcing.py.
"""

import logging
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.logs import tell
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Row, Transaction

logger = logging.getLogger(__name__)

COLLAPSED_AFTER = 60.0
"""Seconds that a stream's oldest letter waits before the states between are left out."""

_DUE = (
    "SELECT o.id FROM outbox o LEFT JOIN forge_hold h ON h.forge = o.forge WHERE o.sent_at IS NULL "
    "AND (o.lease_until <= :now OR o.lease_until > :far) AND o.not_before <= :now "
    "AND coalesce(h.held_until, 0) <= :now AND NOT EXISTS "
    "(SELECT 1 FROM outbox older WHERE older.stream = o.stream AND older.sent_at IS NULL AND older.id < o.id) "
    "ORDER BY o.id LIMIT :limit"
)
_HEADS = sa.text(_DUE)
_HEADS_LOCKED = sa.text(_DUE + " FOR UPDATE OF o SKIP LOCKED")
_TAKE = sa.text(
    "UPDATE outbox SET lease_owner = :owner, lease_until = :until, attempts = attempts + 1 WHERE id IN :ids "
    "RETURNING id, forge, repository, kind, sha, context, state, description, path, ref, number, body, marker, attempts"
).bindparams(sa.bindparam("ids", expanding=True))
_STALE = sa.text(
    "SELECT stream, max(id) AS last FROM outbox WHERE sent_at IS NULL AND kind = 'status' "
    "GROUP BY stream HAVING count(*) > 1 AND min(created_at) < :long_ago LIMIT 200"
)
_COLLAPSE = sa.text(
    "UPDATE outbox SET sent_at = :now, outcome = 'collapsed' "
    "WHERE stream = :stream AND sent_at IS NULL AND id < :last AND lease_until <= :now RETURNING not_before"
)
_DELAY = sa.text("UPDATE outbox SET not_before = :not_before WHERE id = :id AND not_before < :not_before")
_CLOSE = sa.text(
    "UPDATE outbox SET sent_at = :now, outcome = :outcome, error = :error, lease_owner = '', lease_until = 0 "
    "WHERE id = :id AND sent_at IS NULL AND attempts = :attempts"
)
_RETRY = sa.text(
    "UPDATE outbox SET error = :error, not_before = :not_before, lease_owner = '', lease_until = 0 "
    "WHERE id = :id AND sent_at IS NULL AND attempts = :attempts"
)
_HOLD = sa.text(
    "INSERT INTO forge_hold (forge, held_until) VALUES (:forge, :until) "
    "ON CONFLICT (forge) DO UPDATE SET held_until = :until WHERE forge_hold.held_until < :until"
)
_BACKLOG = sa.text("SELECT count(*) FROM outbox WHERE sent_at IS NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One post to a forge: a `status` beside a commit, or a `comment` on a pull request.

    `repository` is the path on the forge (`acme/shop`). `attempts` counts this one.
    """

    id: int
    forge: str
    repository: str
    kind: str
    sha: str = ""
    status: Status | None = None
    number: int = 0
    body: str = ""
    marker: str = ""
    attempts: int = 0


def due_head(
    store: Store, owner: str, limit: int = 20, lease: float = 30.0, collapsed_after: float = COLLAPSED_AFTER
) -> list[Letter]:
    """Take the oldest letter of each stream that may be posted now, oldest streams first, for `lease` seconds."""
    if not has_due(store):
        return []
    with store.writing() as tx:
        _collapse(tx, tx.now - collapsed_after)
        ids = [
            row["id"] for row in tx.rows(_HEADS_LOCKED if tx.postgres else _HEADS, now=tx.now, far=tx.far, limit=limit)
        ]
        rows = tx.rows(_TAKE, ids=ids, owner=owner, until=tx.now + lease) if ids else []
    return [_letter(row) for row in sorted(rows, key=lambda row: int(row["id"]))]


def sent(store: Store, letter: Letter) -> None:
    """Note that the forge has a letter."""
    with store.writing() as tx:
        tx.change(_CLOSE, id=letter.id, attempts=letter.attempts, now=tx.now, outcome="sent", error="")
    _tell(letter, "sent")


def dead(store: Store, letter: Letter, error: str) -> None:
    """Give a letter up that the forge will never take, so that the next one of its stream can go."""
    with store.writing() as tx:
        tx.change(_CLOSE, id=letter.id, attempts=letter.attempts, now=tx.now, outcome="dead", error=error)
    _tell(letter, f"given up: {error}")


def _tell(letter: Letter, outcome: str) -> None:
    """Log what became of a letter."""
    about = f"{letter.sha[:7]} {letter.status.context} {letter.status.state}" if letter.status else f"#{letter.number}"
    tell(
        logger,
        f"letter {letter.id} to {letter.forge}/{letter.repository}: {letter.kind} {about} {outcome}",
        letter=letter.id,
        forge=letter.forge,
        repository=letter.repository,
        kind=letter.kind,
        sha=letter.sha,
        attempts=letter.attempts,
        outcome=outcome,
    )


def retry(store: Store, letter: Letter, error: str, delay: float) -> None:
    """Keep a letter, and its stream behind it, for another try in `delay` seconds."""
    with store.writing() as tx:
        tx.change(_RETRY, id=letter.id, attempts=letter.attempts, error=error, not_before=tx.now + delay)


def hold(store: Store, forge: str, delay: float) -> None:
    """Post nothing to a forge for `delay` seconds: it asked the whole credential to wait."""
    with store.writing() as tx:
        tx.change(_HOLD, forge=forge, until=tx.now + delay)


def has_due(store: Store) -> bool:
    """Say whether something may be posted now."""
    with store.reading() as tx:
        return tx.row(_HEADS, now=tx.now, far=tx.far, limit=1) is not None


def backlog(store: Store) -> int:
    """Count the letters that are not posted yet."""
    with store.reading() as tx:
        return int(tx.scalar(_BACKLOG))


def _collapse(tx: Transaction, long_ago: float) -> None:
    """Leave out the states between of streams that waited long; the newest one inherits their back-off."""
    for row in tx.rows(_STALE, long_ago=long_ago):
        closed = tx.rows(_COLLAPSE, stream=row["stream"], last=row["last"], now=tx.now)
        if closed:
            tx.change(_DELAY, id=row["last"], not_before=max(each["not_before"] for each in closed))


def _letter(row: Row) -> Letter:
    status = None
    if row["kind"] == "status":
        status = Status(
            context=row["context"],
            state=State(row["state"]),
            description=row["description"],
            path=row["path"],
            ref=row["ref"],
        )
    return Letter(
        id=row["id"],
        forge=row["forge"],
        repository=row["repository"],
        kind=row["kind"],
        sha=row["sha"],
        status=status,
        number=row["number"],
        body=row["body"],
        marker=row["marker"],
        attempts=row["attempts"],
    )
