"""How the objects of deployments were seen while they were waited for; progress_lines.py writes it on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.deployment import Lane
from pushboat.model.observed import Observed, read
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments, lanes, observations
from pushboat.store.database.transaction import Row

MOST_LOOKED_BACK = 5
"""Deployments of an environment, newest first, in which an object may have been seen with its pods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one deployment's wait saw last, and when."""

    deployment: int
    at: float
    objects: Sequence[Observed]


def find(store: Store, number: int) -> Observation | None:
    """Give what a deployment's wait saw; None where it waited for nothing."""
    with store.reading() as tx:
        row = tx.row(sa.select(observations).where(observations.c.deployment_id == number))
    return _read(row) if row else None


def seen_at(store: Store, number: int) -> float:
    """Say when a deployment's objects were seen last; 0 where they were not."""
    with store.reading() as tx:
        found = tx.scalar(sa.select(observations.c.at).where(observations.c.deployment_id == number))
    return float(found or 0.0)


def of_lane(store: Store, lane: Lane) -> list[Observation]:
    """Give what the newest deployments of an environment saw, the newest first."""
    place = (lanes.c.repository == lane.repository, lanes.c.environment == lane.environment, lanes.c.number == 0)
    query = (
        sa.select(observations)
        .join(deployments, deployments.c.id == observations.c.deployment_id)
        .where(deployments.c.lane_id == sa.select(lanes.c.id).where(*place).scalar_subquery())
        .order_by(deployments.c.seq.desc())
        .limit(MOST_LOOKED_BACK)
    )
    with store.reading() as tx:
        return [_read(row) for row in tx.rows(query)]


def _read(row: Row) -> Observation:
    return Observation(deployment=row["deployment_id"], at=row["at"], objects=read(row["objects"]))
