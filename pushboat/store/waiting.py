"""What waits, and for what: the holds that bind a deployment, as a condition in SQL and as its sentence."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, Lane
from pushboat.model.hold import Hold
from pushboat.model.state import State
from pushboat.routing.holds import Place, in_words, waits
from pushboat.store.database.schema import holds, progress
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.hold_rows import read_hold

WAITS = "wait"
"""The phase of a line of progress that says what a running deployment waits for."""
_NOT_OVER = (
    sa.select(holds)
    .where(sa.or_(holds.c.ends_at.is_(None), holds.c.ends_at > sa.bindparam("now")))
    .order_by(holds.c.since, holds.c.id)
)
_ON_DEPLOYMENTS = _NOT_OVER.where(holds.c.deployment.in_(sa.bindparam("numbers", expanding=True)))
_ON_LANE = _NOT_OVER.where(
    holds.c.repository.in_(("", sa.bindparam("repository"))), holds.c.environment.in_(("", sa.bindparam("environment")))
)
_NEWEST = sa.select(sa.func.max(progress.c.id)).where(
    progress.c.deployment_id.in_(sa.bindparam("numbers", expanding=True))
)
_AWAITED = sa.select(progress.c.deployment_id, progress.c.text).where(
    progress.c.id.in_(_NEWEST.group_by(progress.c.deployment_id)), progress.c.phase == WAITS
)


def covers(hold: str, deployment: str, lane: str) -> str:
    """Write the condition, in SQL, that a hold is put on a deployment of a lane and not over at `:now`."""
    return (
        f"{hold}.begins_at <= :now AND ({hold}.ends_at IS NULL OR {hold}.ends_at > :now) "
        f"AND ({hold}.plans OR {deployment}.kind <> 'plan') "
        f"AND ({hold}.rollbacks OR {deployment}.again = 0) "
        f"AND ({hold}.pull_request = 0 OR {hold}.pull_request <> {deployment}.pull_request) "
        f"AND NOT ({hold}.pull_request > 0 AND {deployment}.pull_request < 0) "
        f"AND ({hold}.spares = '' OR {hold}.spares <> {deployment}.author) "
        f"AND ({hold}.begun OR NOT {deployment}.begun) AND (NOT {hold}.breakable OR {deployment}.glass = '') "
        f"AND {hold}.deployment IN (0, {deployment}.id) "
        f"AND {hold}.repository IN ('', {lane}.repository) AND {hold}.environment IN ('', {lane}.environment)"
    )


def binds_all(hold: str, lane: str) -> str:
    """Write the condition, in SQL, that a hold stands at `:now` on a whole environment, whatever it lets pass."""
    return (
        f"{hold}.deployment = 0 AND {hold}.begins_at <= :now AND ({hold}.ends_at IS NULL OR {hold}.ends_at > :now) "
        f"AND {hold}.repository IN ('', {lane}.repository) AND {hold}.environment IN ('', {lane}.environment)"
    )


def is_held(deployment: str, lane: str) -> str:
    """Write the condition, in SQL, that some hold binds a deployment of a lane."""
    return f"EXISTS (SELECT 1 FROM hold h WHERE {covers('h', deployment, lane)})"  # noqa: S608


def explained(tx: Transaction, found: Sequence[Deployment], rows: Sequence[Row]) -> list[Deployment]:
    """Let each one that has not ended say what it waits for; `rows` are those of SELECTED they were read from."""
    queued = [one.id for one in found if one.state is State.QUEUED]
    standing = _read(tx, _ON_DEPLOYMENTS, numbers=(0, *queued)) if queued else []
    running = _awaited(tx, [one.id for one in found if one.state is State.RUNNING])
    return [
        _waiting(one, row, standing, tx.now)
        if one.state is State.QUEUED
        else replace(one, waits=running[one.id])
        if one.id in running
        else one
        for one, row in zip(found, rows, strict=True)
    ]


def _awaited(tx: Transaction, numbers: Sequence[int]) -> dict[int, str]:
    """Give what running deployments say that they wait for; nothing where they have said something else since."""
    if not numbers:
        return {}
    return {row["deployment_id"]: row["text"] for row in tx.rows(_AWAITED, numbers=numbers)}


def _waiting(one: Deployment, row: Row, standing: Sequence[Hold], now: float) -> Deployment:
    why = waits(one, standing, now, _place(row))
    held = tuple(map(in_words, why.holds))
    return replace(one, waits=why.sentence, held=bool(held), ends_by=held[0].ends_by if held else "", holds=held)


def holds_in(tx: Transaction) -> list[Hold]:
    """List the holds that are not over, oldest first."""
    return _read(tx, _NOT_OVER)


def holds_on(tx: Transaction, lane: Lane) -> list[Hold]:
    """List those that may bind something in a lane."""
    return _read(tx, _ON_LANE, repository=lane.repository, environment=lane.environment)


def held_among(tx: Transaction, repository: str, environments: Collection[str]) -> set[str]:
    """Name those of a repository's environments in which some hold may bind something, be it one deployment."""
    here = (holds.c.repository.in_(("", repository)), holds.c.environment.in_(("", *environments)))
    found = {row["environment"] for row in tx.rows(sa.select(holds.c.environment).where(*here).distinct())}
    return set(environments) if "" in found else found


def _read(tx: Transaction, statement: sa.Executable, **values: object) -> list[Hold]:
    return [read_hold(row) for row in tx.rows(statement, now=tx.now, **values)]


def _place(row: Row) -> Place:
    return Place(running=row["lane_running"], not_before=row["not_before"])
