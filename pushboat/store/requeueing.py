"""Queues what waits once more, behind everything in its lane: a deployment's number and its place never disagree."""

import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.store import mending
from pushboat.store.audit import note_begun
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import find_in
from pushboat.store.hold_rows import hand_on_own

CARRIED = (
    "lane_id, kind, ref, sha, author, cause, delivery_id, prune_many, skip_hooks, base, pull_request, forge_number, "
    "glass, promoted_from, promoted_release, approvals, created_at"
)
"""Columns of what was asked for; what became of it so far begins anew."""

_QUEUE_AGAIN = sa.text(
    f"INSERT INTO deployment ({CARRIED}, seq, state) SELECT {CARRIED}, :seq, 'queued' "  # noqa: S608
    "FROM deployment WHERE id = :id RETURNING id"
)


def queue_again(tx: Transaction, held: Deployment) -> Deployment:
    """Queue it anew with what it waits for itself; the caller lets the former one step back for it."""
    again = find_in(tx, int(tx.scalar(_QUEUE_AGAIN, id=held.id, seq=tx.scalar(mending.NEXT_PLACE, id=held.id))))
    assert again, "it was queued just now"
    hand_on_own(tx, held.id, again.id)
    note_begun(tx, (again,))
    return again
