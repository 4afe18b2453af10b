"""What has happened in an environment since its newest release: what runs may be something else by now, or nothing."""

from collections.abc import Collection

import sqlalchemy as sa

from pushboat.model.changeset import Action
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import WRITING, Kind, State, Trigger
from pushboat.store import change_texts
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import change_sets, deployments, lanes
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, read_all
from pushboat.store.releases import newest_in

MOST_READ = 20
"""Deployments whose changes are read one by one, the newest ones."""

_ASKED_FOR_A_ROLLBACK = sa.text(  # only where an environment wants one, a failure says what becomes of it
    "SELECT 1 FROM deployment d JOIN lane l ON l.id = d.lane_id WHERE l.repository = :repository "
    "AND l.environment = :environment AND l.number = :number AND d.id > :runs AND d.state = 'failed' "
    "AND d.aftermath <> '' LIMIT 1"
)
_TRIED_ONE = sa.text(
    "SELECT 1 FROM deployment d JOIN lane l ON l.id = d.lane_id WHERE l.repository = :repository "
    "AND l.environment = :environment AND l.number = :number AND d.id > :runs AND d.mends > 0 "
    "AND d.state IN ('failed', 'errored', 'cancelled') LIMIT 1"
)


def halfway(tx: Transaction, lane: Lane, runs: int, kinds: Collection[Kind] = WRITING) -> Deployment | None:
    """Find what has written something since and did not get through, whether it failed, gave way or waits to go on."""
    begun = (
        _since(lane, runs)
        .add_columns(change_sets.c.changes)
        .join(change_sets, change_sets.c.deployment_id == deployments.c.id)
        .where(deployments.c.kind.in_(kinds))
        .where(deployments.c.state != State.SUCCEEDED, deployments.c.cause != Trigger.SELF_HEAL)
        .order_by(deployments.c.id.desc())
    )
    meant = read_all(tx, tx.rows(begun.where(change_sets.c.meant != "[]").limit(1)))
    rows = tx.rows(begun.where(change_sets.c.changes.not_in(("", "[]"))).limit(MOST_READ))
    wrote = read_all(tx, [row for row in rows if _writes(row["changes"])][:1])
    return max((*meant, *wrote), key=lambda each: each.id, default=None)


def left_halfway(store: Store, lane: Lane) -> Deployment | None:
    """Find what has written something in an environment since its newest release, and did not get through."""
    with store.reading() as tx:
        release = newest_in(tx, lane)
        return halfway(tx, lane, release.deployment if release else 0)


def owes_a_rollback(tx: Transaction, lane: Lane, runs: int) -> bool:
    """Say whether a failure since was to be answered by a rollback that never came to its turn."""
    place = {"repository": lane.repository, "environment": lane.environment, "number": lane.number, "runs": runs}
    return tx.row(_ASKED_FOR_A_ROLLBACK, **place) is not None and tx.row(_TRIED_ONE, **place) is None


def _since(lane: Lane, runs: int) -> sa.Select[tuple[object, ...]]:
    return SELECTED.where(
        lanes.c.repository == lane.repository,
        lanes.c.environment == lane.environment,
        lanes.c.number == lane.number,
        deployments.c.id > runs,
    )


def _writes(changes: str) -> bool:
    return any(each.action not in (Action.UNCHANGED, Action.REFUSED) for each in change_texts.read(changes))
