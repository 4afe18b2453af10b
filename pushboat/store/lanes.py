"""Lanes: one deployment at a time, by lease and fence. A fence only grows; whoever holds an older one changes nothing.

Each decision locks the lane's row first (see engine.py). How a lane is let go again stands in ending.py, how workers
learn that one is free in hinting.py, which deployment goes first in superseding.py.
"""

import sqlalchemy as sa

from pushboat.model.deployment import Claim, Deployment
from pushboat.store.announcing import announce_work
from pushboat.store.database.engine import Store
from pushboat.store.deployments import find_in
from pushboat.store.holds import startable
from pushboat.store.superseding import newest_queued, pass_by
from pushboat.store.turns import take
from pushboat.store.waiting import holds_in

_LOCK = sa.text("SELECT id FROM lane WHERE id = (SELECT lane_id FROM deployment WHERE id = :id) FOR UPDATE")
_LOCK_REPOSITORY = sa.text(
    "SELECT name FROM repository WHERE name = (SELECT l.repository FROM deployment d JOIN lane l ON l.id = d.lane_id "
    "WHERE d.id = :id) FOR UPDATE"
)
_TAKE = sa.text(
    f"UPDATE lane SET {take('lane')}, running = :id FROM deployment d "  # noqa: S608
    f"WHERE d.id = :id AND lane.id = d.lane_id AND {startable('d', 'lane')} RETURNING lane.fence, lane.took_over"
)
_START = sa.text(
    "UPDATE deployment SET state = 'running', fence = :fence, attempts = attempts + 1, reason = '', "
    "started_at = coalesce(started_at, :now) WHERE id = :id AND state = 'queued'"
)


def claim(store: Store, deployment_id: int, owner: str, ttl: float = 15.0) -> Claim | None:
    """Take the lane for this deployment; None where it is busy, not yet time, held or not the newest."""
    with store.writing() as tx:
        if tx.postgres:
            tx.rows(_LOCK_REPOSITORY, id=deployment_id)  # what it tells, and whom it passes by, is told beside others'
            tx.rows(_LOCK, id=deployment_id)
        until = tx.now + ttl
        taken = tx.row(_TAKE, id=deployment_id, owner=owner, until=until, now=tx.now)
        if taken is None:
            return None
        started = tx.change(_START, id=deployment_id, fence=taken["fence"], now=tx.now)
        deployment = find_in(tx, deployment_id)
        assert started, "the lane was taken for a deployment that does not wait any more"
        assert deployment
        pass_by(tx, deployment)
        announce_work(tx, deployment)
    return Claim(
        deployment=deployment,
        fence=taken["fence"],
        owner=owner,
        lease_until=until,
        took_over=bool(taken["took_over"]),
    )


def newer_waits(store: Store, held: Claim) -> Deployment | None:
    """Find the newer deployment that waits for this lane to be free, and for nothing else."""
    with store.reading() as tx:
        newer = newest_queued(tx, held.deployment)
        if newer and any(hold.binds(newer, tx.now) for hold in holds_in(tx)):
            return None
    return newer
