"""Environments that have left their repository's file while something of theirs still runs: with which commit.

It is said beside that commit until the environment is back in the file or destroyed.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import Kind, State
from pushboat.model.status import FILE_CONTEXT, Status
from pushboat.store.announcing import announce_status
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import lanes
from pushboat.store.database.transaction import Transaction

_LEAVE = sa.text(
    "UPDATE lane SET left_with = :sha "
    "WHERE repository = :repository AND environment = :environment AND number = 0 AND left_with = ''"
)
_OTHERS = sa.text("SELECT count(*) FROM lane WHERE repository = :repository AND left_with = :sha")
_COME_BACK = sa.text(
    "UPDATE lane SET left_with = '' WHERE repository = :repository AND environment = :environment AND number = 0"
)


def leave(tx: Transaction, repository: str, environment: str, sha: str) -> None:
    """Note that a commit's file has an environment no more; the first such commit stays the one that is named."""
    tx.change(_LEAVE, repository=repository, environment=environment, sha=sha)


def settle_left(tx: Transaction, deployment: Deployment) -> None:
    """Let an environment be left behind no longer, once it is deployed to again, or destroyed."""
    lane = deployment.lane
    row = tx.row(sa.select(lanes.c.left_with).where(lanes.c.id == _lane_of(lane)))
    left = row["left_with"] if row else ""
    if lane.number or not left or deployment.again:
        return
    tx.change(_COME_BACK, repository=lane.repository, environment=lane.environment)
    if tx.scalar(_OTHERS, repository=lane.repository, sha=left):
        return
    how = "is destroyed" if deployment.kind is Kind.REMOVAL else "is deployed to again"
    shown = Status(
        context=FILE_CONTEXT,
        state=State.SUCCEEDED,
        description=f"{lane.environment}, which left .pushboat.yaml here, {how}",
        path=deployment.path,
    )
    announce_status(tx, lane.repository, left, shown)


def left_with(store: Store) -> Mapping[tuple[str, str], str]:
    """Name the environments that have left their repository's file, each with the commit that did it."""
    with store.reading() as tx:
        gone = sa.select(lanes.c.repository, lanes.c.environment, lanes.c.left_with).where(lanes.c.left_with != "")
        rows = tx.rows(gone)
    return {(row["repository"], row["environment"]): row["left_with"] for row in rows}


def _lane_of(lane: Lane) -> sa.ScalarSelect[int]:
    same = sa.and_(
        lanes.c.repository == lane.repository, lanes.c.environment == lane.environment, lanes.c.number == lane.number
    )
    return sa.select(lanes.c.id).where(same).scalar_subquery()
