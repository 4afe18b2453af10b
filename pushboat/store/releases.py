"""Releases: each one written in the transaction that ends its deployment, numbered in its environment from 1.

A release of what the environment had before, as the repository's own file had it then, shares the render that is
stored already. Which renders are kept how long
is said in retention.py; a release of which the render is gone is still known by its number.
"""

from typing import Any

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, Lane
from pushboat.model.release import Brought, Contents, Release, Render, contents_text, read_contents
from pushboat.store.database.engine import Store
from pushboat.store.database.release_tables import release_records
from pushboat.store.database.schema import deployments, lanes, releases, renders
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.putting import publish

_LANE = sa.select(deployments.c.lane_id).where(deployments.c.id == sa.bindparam("deployment")).scalar_subquery()
_NEWEST = sa.select(sa.func.max(releases.c.number)).where(releases.c.lane_id == _LANE)
_SAME = (
    sa.select(releases.c.render_id)
    .join(renders, renders.c.id == releases.c.render_id)
    .where(
        releases.c.lane_id == _LANE, releases.c.digest == sa.bindparam("digest"), renders.c.said == sa.bindparam("said")
    )
    .order_by(releases.c.number.desc())
    .limit(1)
)
_COLUMNS = (
    releases.c.number,
    releases.c.deployment_id,
    releases.c.digest,
    renders.c.id.label("render"),
    *(deployments.c[name] for name in ("ref", "sha", "finished_at", "again", "pull_request")),
)
_SELECTED = (
    sa.select(*_COLUMNS)
    .select_from(releases)
    .join(deployments, deployments.c.id == releases.c.deployment_id)
    .join(lanes, lanes.c.id == releases.c.lane_id)
    .outerjoin(renders, renders.c.id == releases.c.render_id)
)
_NEWEST_OF = sa.text(
    "SELECT r.number, r.deployment_id, r.digest, v.id AS render, d.ref, d.sha, d.finished_at, d.again, d.pull_request "
    "FROM release r JOIN deployment d ON d.id = r.deployment_id JOIN lane l ON l.id = r.lane_id "
    "LEFT JOIN render v ON v.id = r.render_id WHERE l.repository = :repository AND l.environment = :environment "
    "AND l.number = :number ORDER BY r.number DESC LIMIT 1"
)
_BROUGHT = sa.text(
    "SELECT l.environment, l.seq, l.deployed_seq, l.running, v.contents FROM lane l "
    "LEFT JOIN release r ON r.lane_id = l.id "
    "AND r.number = (SELECT max(n.number) FROM release n WHERE n.lane_id = l.id) "
    "LEFT JOIN render v ON v.id = r.render_id WHERE l.repository = :repository AND l.number = 0 AND l.seq > 0"
)
_CONTENT = renders.join(releases, releases.c.render_id == renders.c.id).join(lanes, lanes.c.id == releases.c.lane_id)


def keep(tx: Transaction, deployment: Deployment, render: Render) -> int:
    """Write down the release of a deployment that got through, to be committed where that is said; give its number."""
    digest = render.digest
    number = 1 + int(tx.scalar(_NEWEST, deployment=deployment.id) or 0)
    stored = tx.scalar(_SAME, deployment=deployment.id, digest=digest, said=render.said)
    if stored is None:
        made = sa.insert(renders).returning(renders.c.id)
        stored = tx.scalar(made, contents=contents_text(render.contents), said=render.said, packed=render.packed)
    values = {
        "deployment_id": deployment.id,
        "number": number,
        "digest": digest,
        "render_id": int(stored),
        "place": render.place,
    }
    lane = sa.select(deployments.c.lane_id).where(deployments.c.id == deployment.id).scalar_subquery()
    tx.change(sa.insert(releases).values(**values, lane_id=lane))
    tx.change(sa.insert(release_records), deployment_id=deployment.id)
    publish(tx, deployment, render.to)
    return number


def listed(store: Store, lane: Lane, limit: int = 1000) -> list[Release]:
    """List an environment's releases, newest first."""
    with store.reading() as tx:
        return listed_in(tx, lane, limit)


def listed_in(tx: Transaction, lane: Lane, limit: int) -> list[Release]:
    """List them inside a transaction."""
    query = _SELECTED.where(_of(lane)).order_by(releases.c.number.desc()).limit(limit)
    return [_read(row) for row in tx.rows(query)]


def newest_in(tx: Transaction, lane: Lane) -> Release | None:
    """Give an environment's newest release."""
    row = tx.row(_NEWEST_OF, repository=lane.repository, environment=lane.environment, number=lane.number)
    return _read(row) if row else None


def place(store: Store, lane: Lane) -> str:
    """Say where an environment lay at its newest release, as it was written down; empty where nobody did."""
    query = sa.select(releases.c.place).join(lanes, lanes.c.id == releases.c.lane_id).where(_of(lane))
    with store.reading() as tx:
        return tx.scalar(query.order_by(releases.c.number.desc()).limit(1)) or ""


def brought(store: Store, repository: str) -> list[Brought]:
    """Say what each environment of a repository has by its newest release."""
    with store.reading() as tx:
        rows = tx.rows(_BROUGHT, repository=repository)
    return [
        Brought(
            environment=row["environment"],
            contents=read_contents(row["contents"] or ""),
            settled=row["contents"] is not None and row["seq"] == row["deployed_seq"] and row["running"] is None,
        )
        for row in rows
    ]


def contents(store: Store, lane: Lane, number: int) -> Contents | None:
    """Say what is in a release, by digests; None where its render is not kept."""
    text = _one(store, lane, number, renders.c.contents)
    return None if text is None else read_contents(str(text))


def packed(store: Store, lane: Lane, number: int) -> bytes | None:
    """Give the render of a release as it was packed; None where it is not kept."""
    found = _one(store, lane, number, renders.c.packed)
    return None if found is None else bytes(found)


def render(store: Store, lane: Lane, number: int) -> Render | None:
    """Give the render of a release as it is stored, and where it was brought; None where it is not kept."""
    columns = (renders.c.contents, renders.c.packed, renders.c.said, releases.c.place)
    query = sa.select(*columns).select_from(_CONTENT).where(_of(lane), releases.c.number == number)
    with store.reading() as tx:
        row = tx.row(query)
    if row is None:
        return None
    contents = read_contents(row["contents"])
    return Render(contents=contents, packed=bytes(row["packed"]), said=row["said"], place=row["place"])


def _one(store: Store, lane: Lane, number: int, column: sa.Column[Any]) -> Any:
    query = sa.select(column).select_from(_CONTENT).where(_of(lane), releases.c.number == number)
    with store.reading() as tx:
        return tx.scalar(query)


def _of(lane: Lane) -> sa.ColumnElement[bool]:
    return sa.and_(
        lanes.c.repository == lane.repository, lanes.c.environment == lane.environment, lanes.c.number == lane.number
    )


def _read(row: Row) -> Release:
    return Release(
        number=row["number"],
        deployment=row["deployment_id"],
        ref=row["ref"],
        sha=row["sha"],
        digest=row["digest"],
        at=row["finished_at"] or 0.0,
        again=row["again"],
        pull_request=row["pull_request"],
        kept=row["render"] is not None,
    )
