"""Plans that are made again because what they would be merged into has moved: late, few at a time, and quietly.

A mark on a proposal says that it is time; it is one mark, however often something moves. Deployments go first: nothing
is planned for an environment that is on its way somewhere else, unless that has no end; what a hold keeps back is not
on its way. Plans that wait out an outage take nobody's place, and nothing more is planned for their environments until
that is over. What such a plan says is shown where it is news.
"""

import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind, State, Trigger
from pushboat.store import proposals
from pushboat.store.announcing import lock_repository
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.deployments import find_in
from pushboat.store.gaining import PREFIX, queue_first
from pushboat.store.mending import NEXT_PLACE
from pushboat.store.waiting import is_held

AT_ONCE = 2
"""So many of them wait or run at a time, of all repositories: a busy base has many open pull requests."""

PATIENCE = 900.0
"""Seconds after which a plan is made again although its environment is still on its way somewhere else."""

# ruff: noqa: S608 - the statements are put together from constants only
_UNFINISHED = sa.text(
    "SELECT count(*) FROM deployment WHERE state IN ('queued', 'running') AND cause = :moved "
    "AND NOT (state = 'queued' AND trouble_since IS NOT NULL AND not_before > :now)"
)
_IS_TIME = (
    "p.again_at > 0 AND (p.again_at <= :now OR p.again_at > :far) AND NOT EXISTS ("
    "SELECT 1 FROM deployment other JOIN lane its ON its.id = other.lane_id WHERE its.repository = p.repository "
    "AND :prefix || its.environment = p.context AND (its.number = 0 AND p.again_at > :tired "
    f"AND (other.state = 'running' OR other.state = 'queued' AND NOT {is_held('other', 'its')}) "
    "OR other.cause = :moved AND other.state IN ('queued', 'running') AND other.trouble_since IS NOT NULL))"
)
_DUE = sa.text(
    "SELECT p.* FROM proposal p LEFT JOIN deployment d ON d.id = p.plan "
    "WHERE (d.state NOT IN ('queued', 'running') OR p.plan = 0 AND p.number > 0 AND p.base <> '') "
    f"AND {_IS_TIME} ORDER BY p.again_at, p.id LIMIT :limit"
)
_MADE = sa.text(
    "SELECT p.number, max(p.plan) AS plan FROM proposal p JOIN deployment d ON d.id = p.plan "
    "WHERE p.repository = :repository AND p.number > 0 AND d.cause = :moved AND d.created_at > :since GROUP BY p.number"
)
_TAKE = sa.text("UPDATE proposal SET again_at = 0 WHERE id = :id AND again_at > 0 AND plan = :plan")


def begin_due(store: Store) -> int:
    """Plan again what it is time for, as far as there is room, and say how many that are."""
    with store.reading() as tx:
        room = AT_ONCE - int(tx.scalar(_UNFINISHED, moved=Trigger.MOVED, now=tx.now))
        moment = {"now": tx.now, "far": tx.now + 2 * proposals.AFTER_AN_OUTAGE, "tired": tx.now - PATIENCE}
        due = tx.rows(_DUE, moved=Trigger.MOVED, prefix=PREFIX, limit=room, **moment) if room > 0 else []
    return sum(_begin(store, row) for row in due)


def made_since(store: Store, repository: str, since: float) -> dict[int, int]:
    """Give the pull requests that were planned again since that time, each with the newest plan that this made."""
    with store.reading() as tx:
        rows = tx.rows(_MADE, repository=repository, moved=Trigger.MOVED, since=since)
    return {row["number"]: row["plan"] for row in rows}


def _begin(store: Store, proposal: Row) -> bool:
    with store.writing() as tx:
        lock_repository(tx, proposal["repository"])
        if not tx.change(_TAKE, id=proposal["id"], plan=proposal["plan"]):
            return False
        before = find_in(tx, proposal["plan"]) if proposal["plan"] else None
        if before is None and proposal["plan"]:  # too old to be kept: nothing has moved for half a year
            return False
        again = _queue(tx, before) if before else queue_first(tx, proposal)
        proposals.begin(tx, again)
    return True


def _queue(tx: Transaction, before: Deployment) -> Deployment:
    lane = sa.select(deployments.c.lane_id).where(deployments.c.id == before.id)
    number = tx.scalar(
        sa.insert(deployments).returning(deployments.c.id),
        lane_id=tx.scalar(lane),
        seq=tx.scalar(NEXT_PLACE, id=before.id),
        kind=Kind.PLAN.value,
        ref=before.ref,
        sha=before.sha,
        author=before.author,
        cause=Trigger.MOVED.value,
        base=before.base,
        delivery_id=before.delivery,
        state=State.QUEUED.value,
        created_at=tx.now,
    )
    again = find_in(tx, int(number))
    assert again
    return again
