"""Cancelling: what waits in a lane ends at once, what runs is told to stop and ends at its next safe point."""

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import Kind, State
from pushboat.store.announcing import announce
from pushboat.store.audit import note_ended
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments, progress
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, find_in, of_lane, read_deployment, through_in
from pushboat.store.hold_rows import forget_own
from pushboat.store.superseding import settle

_LOCK = sa.text(
    "SELECT id FROM lane WHERE repository = :repository AND environment = :environment AND number = :number FOR UPDATE"
)
_TELL = sa.text("UPDATE deployment SET cancelled_by = :who WHERE id = :id AND state = 'running'")
_END = sa.text(
    "UPDATE deployment SET state = 'cancelled', cancelled_by = :who, reason = :reason, finished_at = :now "
    "WHERE id = :id AND state = 'queued'"
)


def reason(who: str) -> str:
    """Say why a deployment ended that somebody cancelled."""
    return f"cancelled by {who}"


def cancel(tx: Transaction, lane: Lane, who: str, *, pull_request: int = 0) -> tuple[int, ...]:
    """Cancel everything in a lane that has not ended; give its numbers, what runs first.

    Of a `pull_request` only what waits and has written nothing yet.
    """
    if tx.postgres:
        tx.rows(_LOCK, repository=lane.repository, environment=lane.environment, number=lane.number)
    unfinished = SELECTED.where(of_lane(lane), deployments.c.state.in_((State.QUEUED, State.RUNNING)))
    found = [read_deployment(row) for row in tx.rows(unfinished.order_by(deployments.c.seq))]
    if pull_request:
        found = [each for each in found if _not_begun(each, pull_request)]
    for deployment in found:
        stop(tx, deployment, who)
    return tuple(deployment.id for deployment in found)


def cancelled_by(store: Store, number: int) -> str:
    """Say who wants a deployment stopped; empty where nobody does."""
    with store.reading() as tx:
        return tx.scalar(sa.select(deployments.c.cancelled_by).where(deployments.c.id == number)) or ""


def _not_begun(deployment: Deployment, pull_request: int) -> bool:
    """Say whether a deployment of a pull request waits, and has left nothing anywhere."""
    mine = deployment.pull_request == pull_request
    return mine and deployment.state is State.QUEUED and not deployment.begun


def stop(tx: Transaction, deployment: Deployment, who: str) -> None:
    """End a deployment that waits, and tell one that runs to stop."""
    if deployment.state is State.QUEUED:
        tx.change(_END, id=deployment.id, who=who, reason=reason(who), now=tx.now)
        forget_own(tx, deployment.id)
        ended = find_in(tx, deployment.id)
        assert ended
        note_ended(tx, ended)
        announce(tx, _spoken_for(tx, ended))
        settle(tx, ended)
        return
    tx.change(_TELL, id=deployment.id, who=who)
    told = f"told to stop: {reason(who)}"
    tx.change(sa.insert(progress), deployment_id=deployment.id, at=tx.now, phase="cancel", text=told)


def _spoken_for(tx: Transaction, ended: Deployment) -> Deployment:
    """Give whose state a commit shows now: where a removal never began, that of what runs there as before."""
    if ended.kind is not Kind.REMOVAL or ended.started_at is not None:
        return ended
    runs = through_in(tx, ended.lane)
    return runs if runs and runs.sha == ended.sha else ended
