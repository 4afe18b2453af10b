"""Holds as rows of their table; and those of one deployment, which begin and go with it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import sqlalchemy as sa

from pushboat.model.deployment import Lane
from pushboat.model.hold import Hold, Scope
from pushboat.routing.holds import KINDS, HoldKind
from pushboat.store.database.schema import holds
from pushboat.store.database.texts import LONGEST_REASON, bounded
from pushboat.store.database.transaction import Row, Transaction


def made(hold: Hold, now: float, kinds: Mapping[str, HoldKind] = KINDS) -> Hold:
    """Complete a hold by what its kind says, and by the moment at which it is put."""
    kind = kinds[hold.kind]
    reason = bounded(hold.reason, LONGEST_REASON)
    placed = replace(hold, since=now, reason=reason, plans=kind.plans, rollbacks=kind.rollbacks)
    return replace(placed, begun=kind.begun, breakable=kind.breakable)


def put_own(tx: Transaction, number: int, lane: Lane, own: Iterable[Hold]) -> None:
    """Put the holds that a deployment begins with, or that it was given back with, in place of those of their kind."""
    for hold in own:
        scope = Scope(repository=lane.repository, environment=lane.environment, deployment=number)
        mine = made(replace(hold, scope=scope), tx.now)
        same = sa.and_(holds.c.deployment == number, holds.c.kind == hold.kind, holds.c.subject == hold.subject)
        tx.change(sa.delete(holds).where(same))
        tx.change(sa.insert(holds), **written(mine))


def forget_own(tx: Transaction, number: int) -> None:
    """Let the holds of a deployment go with it."""
    tx.change(sa.delete(holds).where(holds.c.deployment == number))


def hand_on_own(tx: Transaction, number: int, again: int) -> None:
    """Give the holds of a deployment to the one that takes its place in the same lane, for the same commit."""
    tx.change(sa.update(holds).where(holds.c.deployment == number).values(deployment=again))


def read_hold(row: Row) -> Hold:
    """Turn a row of the table into the noun."""
    return Hold(
        id=row["id"],
        kind=row["kind"],
        scope=Scope(repository=row["repository"], environment=row["environment"], deployment=row["deployment"]),
        by=row["by_whom"],
        reason=row["reason"],
        subject=row["subject"],
        since=row["since"],
        until=row["ends_at"],
        plans=bool(row["plans"]),
        rollbacks=bool(row["rollbacks"]),
        pull_request=row["pull_request"],
        sha=row["sha"],
        begins=row["begins_at"],
        spares=row["spares"],
        begun=bool(row["begun"]),
        breakable=bool(row["breakable"]),
    )


def written(hold: Hold) -> dict[str, object]:
    """Turn the noun into a row of the table."""
    return {
        "kind": hold.kind,
        "repository": hold.scope.repository,
        "environment": hold.scope.environment,
        "deployment": hold.scope.deployment,
        "subject": hold.subject,
        "by_whom": hold.by,
        "reason": hold.reason,
        "since": hold.since,
        "ends_at": hold.until,
        "plans": hold.plans,
        "rollbacks": hold.rollbacks,
        "pull_request": hold.pull_request,
        "sha": hold.sha,
        "begins_at": hold.begins,
        "spares": hold.spares,
        "begun": hold.begun,
        "breakable": hold.breakable,
    }
