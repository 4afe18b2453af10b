"""Hints: which deployments the dispatcher should tell the workers about now; when again is a matter of turns.py.

Repositories take turns: what is on its way to a worker counts for each of them, so a push to two thousand environments
fills no queue that another repository's one stands behind.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from pushboat.model.deployment import Lane
from pushboat.store.database.engine import Store
from pushboat.store.holds import startable
from pushboat.store.turns import HINT_AT_ONCE, HINTED, may_be_hinted

SHARE = 50
"""Deployments of one repository that workers are told of and have not begun; more places than that stay empty."""

# Who was told of before comes first: workers may stand in line with it, and others beside it would be too many.
# ruff: noqa: S608 - the statements are put together from constants only
_PLANNED_AGAIN = "CASE WHEN d.cause = 'moved' THEN 1 ELSE 0 END"  # these are in no hurry, and give way to all others
_DUE = sa.text(
    f"WITH told AS (SELECT l.repository, {_PLANNED_AGAIN} AS moved, count(*) AS number "
    "FROM deployment d JOIN lane l ON l.id = d.lane_id "
    f"WHERE d.state = 'queued' AND NOT {may_be_hinted('d')} GROUP BY l.repository, {_PLANNED_AGAIN}), "
    f"due AS (SELECT d.id, d.hint_at, {_PLANNED_AGAIN} AS moved, l.repository, coalesce(t.number, 0) AS number, "
    f"row_number() OVER (PARTITION BY l.repository, {_PLANNED_AGAIN} "
    "ORDER BY CASE WHEN d.hints > 0 THEN 0 ELSE 1 END, d.hint_at, d.id) AS place "
    "FROM deployment d JOIN lane l ON l.id = d.lane_id "
    f"LEFT JOIN told t ON t.repository = l.repository AND t.moved = {_PLANNED_AGAIN} "
    f"WHERE d.state = 'queued' AND {may_be_hinted('d')} AND coalesce(t.number, 0) < :share AND {startable('d', 'l')}) "
    "SELECT id FROM due WHERE number + place <= :share ORDER BY moved, number + place, hint_at, id LIMIT :limit"
)
_LANE = sa.text(
    "SELECT l.repository, l.environment FROM deployment d JOIN lane l ON l.id = d.lane_id "
    "WHERE d.id = :id AND d.state = 'queued'"
)
_THESE = "id IN :ids AND state = 'queued'"
_ALL = "state = 'queued' AND hints > 0"
# Whoever decides about a lane may have several of its deployments. Who has one in hand and waits for another would wait
# in a circle with that one: so nobody waits here with anything in hand.
_LOCKED_BY_NOBODY = "id IN (SELECT id FROM deployment WHERE {} FOR UPDATE SKIP LOCKED)"
_HINTED = sa.text(f"UPDATE deployment SET {HINTED} WHERE {_THESE}").bindparams(sa.bindparam("ids", expanding=True))
_HINTED_UNLOCKED = sa.text(
    f"UPDATE deployment SET {HINTED} WHERE {_LOCKED_BY_NOBODY.format(_THESE)} AND state = 'queued'"
).bindparams(sa.bindparam("ids", expanding=True))
_WAKE_LANES = sa.text(f"UPDATE deployment SET {HINT_AT_ONCE} WHERE {_ALL}")
_WAKE_UNLOCKED = sa.text(f"UPDATE deployment SET {HINT_AT_ONCE} WHERE {_LOCKED_BY_NOBODY.format(_ALL)} AND {_ALL}")
_ASLEEP = sa.text(f"SELECT id FROM deployment WHERE {_ALL} ORDER BY id")
_WAKE_ONE = sa.text(f"UPDATE deployment SET {HINT_AT_ONCE} WHERE id = :id AND state = 'queued'")
_WAKE_REPOSITORIES = sa.text(f"UPDATE repository SET {HINT_AT_ONCE} WHERE hints > 0")
_ASLEEP_REPOSITORIES = sa.text("SELECT name FROM repository WHERE hints > 0 ORDER BY name")
_WAKE_REPOSITORY = sa.text(f"UPDATE repository SET {HINT_AT_ONCE} WHERE name = :name")


def due(store: Store, limit: int = 50, share: int = SHARE) -> list[int]:
    """List deployments that wait for a worker and were not hinted lately: of each repository the next, in turn.

    Args:
        share: how many of one repository may be on their way to a worker; plans made again count apart.
    """
    with store.reading() as tx:
        return [row["id"] for row in tx.rows(_DUE, now=tx.now, far=tx.far, limit=limit, share=share)]


def lane_of_waiting(store: Store, deployment: int) -> Lane | None:
    """Find the lane of a deployment that is queued; None where it is not any more."""
    with store.reading() as tx:
        row = tx.row(_LANE, id=deployment)
    return None if row is None else Lane(repository=row["repository"], environment=row["environment"])


def hinted(store: Store, ids: Sequence[int]) -> None:
    """Remember that these were published; said after publishing, so that a crash between costs only a repetition.

    So does one that somebody decides about just now, and which is not noted for that.
    """
    if ids:
        with store.writing() as tx:
            tx.change(_HINTED_UNLOCKED if tx.postgres else _HINTED, now=tx.now, ids=list(ids))


def wake_all(store: Store) -> None:
    """Make everything that waits due at once: the broker has lost what it was told."""
    with store.writing() as tx:
        named = [row["name"] for row in tx.rows(_ASLEEP_REPOSITORIES)] if tx.postgres else []
        if not tx.postgres:
            tx.change(_WAKE_REPOSITORIES)
    for name in named:  # two dispatchers that take several at once may wait for each other
        with store.writing() as tx:
            tx.change(_WAKE_REPOSITORY, name=name)
    with store.writing() as tx:
        tx.change(_WAKE_UNLOCKED if tx.postgres else _WAKE_LANES)
        asleep = [row["id"] for row in tx.rows(_ASLEEP)] if tx.postgres else []
    for number in asleep:
        with store.writing() as tx:
            tx.change(_WAKE_ONE, id=number)
