"""What waits until another environment is healthy at its commit: let go when that one is, told what became of it else.

All of it happens in the transaction in which the other deployment ends or begins, so no end is missed.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model.deployment import Deployment, Lane, short
from pushboat.model.state import Kind, State, Trigger
from pushboat.store.database.schema import deployments, holds, lanes
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, of_lane, read_all

NEEDS = "needs"
_LOCK = sa.text("SELECT id FROM lane WHERE repository = :repository AND number = 0 ORDER BY id FOR UPDATE")
_HOLDS = sa.and_(holds.c.kind == NEEDS, holds.c.deployment == deployments.c.id)
_WHY_NOT = {
    State.FAILED: "it failed there",
    State.ERRORED: "it could not be brought there",
    State.CANCELLED: "it was cancelled there",
}


def settle_met(tx: Transaction, number: int) -> None:
    """Let a new deployment not wait for what got through already; the newest of its commit there counts.

    What only brings a release back, or puts drift back, says nothing of that: its end lets nobody go either. Nor does
    what was only found in a cluster: whoever may write Secrets there may have said so, and nobody saw it healthy.
    """
    for row in tx.rows(sa.select(holds).where(holds.c.kind == NEEDS, holds.c.deployment == number)):
        there = Lane(repository=row["repository"], environment=row["subject"])
        newest = SELECTED.where(of_lane(there), deployments.c.sha == row["sha"], deployments.c.kind == Kind.DEPLOY)
        newest = newest.where(deployments.c.again == 0, deployments.c.cause != Trigger.RECOVERY)
        found = tx.row(newest.order_by(deployments.c.id.desc()).limit(1))
        state = later_words.read(State, found["state"]) if found else None
        if state is State.SUCCEEDED:
            tx.change(sa.delete(holds).where(holds.c.id == row["id"]))
        elif found is not None and state is not None and state.ended:
            _despair(tx, [row["id"]], _why_not(state, found["successor_sha"]))


def tell(tx: Transaction, ended: Deployment) -> list[Deployment]:
    """Tell what needs a commit in an environment how its deployment there ended; give those, newest first."""
    if ended.kind is not Kind.DEPLOY or ended.again or not ended.state.ended:
        return []
    if ended.state is State.SUPERSEDED and ended.successor_sha == ended.sha:  # only queued anew, it ends later
        return []
    query = SELECTED.add_columns(holds.c.id.label("hold")).join(holds, _HOLDS)
    query = query.where(
        lanes.c.repository == ended.lane.repository,
        holds.c.subject == ended.lane.environment,
        deployments.c.sha == ended.sha,
        deployments.c.state == State.QUEUED,
    )
    if not tx.row(query):
        return []
    if tx.postgres:
        tx.rows(_LOCK, repository=ended.lane.repository)
    rows = tx.rows(query.order_by(deployments.c.id.desc()))
    numbers = [row["hold"] for row in rows]
    if ended.state is State.SUCCEEDED:
        tx.change(sa.delete(holds).where(holds.c.id.in_(numbers)))
    else:
        _despair(tx, numbers, _why_not(ended.state, ended.successor_sha))
    again = SELECTED.where(deployments.c.id.in_([row["id"] for row in rows]), deployments.c.state == State.QUEUED)
    return read_all(tx, tx.rows(again.order_by(deployments.c.id.desc())))


def _why_not(state: State, successor: str) -> str:
    if state is State.SUPERSEDED:
        return f"{short(successor)} took its place there" if successor else "it is not deployed there any more"
    return _WHY_NOT.get(state, f"it is {state} there")


def _despair(tx: Transaction, numbers: Iterable[int], why: str) -> None:
    """Say why it does not come; from now on a newer commit need not wait behind this one."""
    tx.change(sa.update(holds).where(holds.c.id.in_(list(numbers))).values(reason=why))
