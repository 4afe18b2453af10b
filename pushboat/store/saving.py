"""Statuses that are not posted: what the forge shows already, and what a commit has no more room for.

GitHub takes 1,000 statuses of one commit and context, ever. The last of them are kept for how things end.
"""

from hashlib import sha256

import sqlalchemy as sa

from pushboat.model.letter import ReplyLetter, StatusLetter
from pushboat.store.database.engine import Store
from pushboat.store.outbox import SAID, SENT, Envelope, Settled, settle_in
from pushboat.store.putting import put

SPARED, OUTRUN = "left out: kept for how it ends", "something newer was posted"
FULL = "the commit takes no more"
KEPT = 100
"""Of those that a commit takes: for final states alone."""

_BEFORE = sa.text(
    f"SELECT id, outcome, payload FROM outbox WHERE stream = :stream AND id < :id AND outcome IN ('{SENT}', '{FULL}') "  # noqa: S608
    "ORDER BY id DESC LIMIT 1"
)
# It was on its way, and nobody knows whether it arrived: the answer got lost before it was given up or left out.
_MAYBE = sa.text(
    "SELECT 1 FROM outbox WHERE stream = :stream AND id > :before AND id < :id AND attempts > 0 "  # noqa: S608
    f"AND outcome NOT IN ('{SAID}', '{SPARED}', '{OUTRUN}') LIMIT 1"
)
_OUTRUN = sa.text(
    f"SELECT 1 FROM outbox WHERE stream = :stream AND id > :id AND (outcome = '{SENT}' OR lease_until > :now) LIMIT 1"  # noqa: S608
)
_NUMBER = sa.text(f"SELECT count(*) FROM outbox WHERE stream = :stream AND outcome = '{SENT}'")  # noqa: S608
_REST = sa.text(
    f"UPDATE outbox SET sent_at = :now, outcome = '{FULL}', lease_owner = '', lease_until = 0 "  # noqa: S608
    "WHERE stream = :stream AND sent_at IS NULL"
)


def spared(store: Store, envelope: Envelope, letter: StatusLetter, *, most: int, repeats: bool) -> str:
    """Say why a status is not posted; nothing where it is to be.

    Args:
        most: how many the forge takes of one commit and context; 0: any number.
        repeats: the same status may bring something new below it.
    """
    with store.reading() as tx:
        if letter.again and tx.row(_OUTRUN, stream=envelope.stream, id=envelope.id, now=tx.now):
            return OUTRUN
        before = tx.row(_BEFORE, stream=envelope.stream, id=envelope.id)
        if before is None:
            return ""
        if before["outcome"] == FULL:
            return FULL
        shown = before["payload"] == envelope.payload and not repeats and not letter.again
        if shown and not tx.row(_MAYBE, stream=envelope.stream, before=before["id"], id=envelope.id):
            return SAID
        if most and not letter.status.state.ended:
            return SPARED if int(tx.scalar(_NUMBER, stream=envelope.stream)) >= most - KEPT else ""
        return ""


def full(store: Store, envelope: Envelope, letter: StatusLetter, error: str) -> None:
    """Post no more of a commit and context, and say below the commit, once, where it goes on."""
    with store.writing() as tx:
        if not settle_in(tx, Settled(envelope, FULL, error)):
            return
        tx.change(_REST, stream=envelope.stream, now=tx.now)
        context = letter.status.context
        said = (
            f"`{context}` of this commit stands still: {envelope.forge} takes no more statuses of it. "
            "How things stand is said on Pushboat's page; a new commit has room again."
        )
        marker = f"pushboat-full-{sha256(context.encode()).hexdigest()[:16]}"
        put(
            tx,
            f"{envelope.forge}/{envelope.repository}",
            ReplyLetter(number=0, body=said, marker=marker, path=letter.status.path, sha=letter.sha),
        )
