"""Holds put and lifted. Whoever waits says so beside its commit in the same transaction, and is hinted when it may go.

`startable` is the one condition, in SQL, under which a deployment is hinted and claimed. A claim meets a hold that was
put after its hint: both lock the lane's row first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from pushboat.model import status
from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.routing.holds import KINDS, PIN, HoldKind, pins
from pushboat.store.announcing import announce
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments, holds
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, read_all
from pushboat.store.hold_rows import made, read_hold, written
from pushboat.store.sticky_marks import mark_proposed
from pushboat.store.superseding import is_newest, overtake
from pushboat.store.turns import HINT_AT_ONCE, is_known, is_time
from pushboat.store.waiting import covers, holds_in, is_held

# ruff: noqa: S608 - the statements are put together from constants only
_REPOSITORIES = sa.text("SELECT name FROM repository WHERE :repository IN ('', name) ORDER BY name")
_LANES = sa.text(
    "SELECT id FROM lane WHERE :repository IN ('', repository) AND :environment IN ('', environment) "
    "AND (:deployment = 0 OR id = (SELECT lane_id FROM deployment WHERE id = :deployment)) ORDER BY id"
)
_LOCK_REPOSITORIES, _LOCK_LANES = (
    sa.text(f"SELECT 1 FROM {table} WHERE {key} IN :keys ORDER BY {key} FOR UPDATE").bindparams(
        sa.bindparam("keys", expanding=True)
    )
    for table, key in (("repository", "name"), ("lane", "id"))
)
_COVERED = sa.text(
    "SELECT d.id FROM deployment d JOIN lane l ON l.id = d.lane_id JOIN hold h ON h.id = :id "
    f"WHERE d.state = 'queued' AND {covers('h', 'd', 'l')}"
)
_STILL_WAIT = sa.text(
    "SELECT d.id FROM deployment d JOIN lane l ON l.id = d.lane_id WHERE d.state = 'queued' "
    "AND :repository IN ('', l.repository) AND :environment IN ('', l.environment) AND :deployment IN (0, d.id) "
    f"AND {is_held('d', 'l')}"
)
_WAKE = sa.text(f"UPDATE deployment SET {HINT_AT_ONCE} WHERE id IN :ids AND state = 'queued'").bindparams(
    sa.bindparam("ids", expanding=True)
)


def startable(deployment: str, lane: str) -> str:
    """Write the condition, in SQL, that a deployment may start; `may_start` in routing/holds/ says it in words."""
    return (
        f"({deployment}.state = 'queued' AND {is_known(deployment)} AND {is_time(deployment)} "
        f"AND {lane}.running IS NULL "
        f"AND {is_newest(deployment, lane)} AND NOT {is_held(deployment, lane)})"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A hold that was put, the one of the same kind, scope and subject that it replaces, and who waits for it now."""

    hold: Hold
    replaced: Hold | None
    waiting: tuple[Deployment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """The hold that stood until now, none where there was nothing to lift, and who waited for it."""

    hold: Hold | None
    waited: tuple[Deployment, ...] = ()


def put(store: Store, hold: Hold, kinds: Mapping[str, HoldKind] = KINDS) -> Placed:
    """Let nothing in a hold's scope start; what runs there goes on. The store completes it."""
    with store.writing() as tx:
        return put_in(tx, hold, kinds)


def put_in(tx: Transaction, hold: Hold, kinds: Mapping[str, HoldKind] = KINDS) -> Placed:
    """Put a hold inside a transaction that has locked no lane yet, and no repository other than the hold's."""
    lock(tx, hold.scope)
    replaced = _standing(tx, hold.kind, hold.scope, hold.subject)
    tx.change(sa.delete(holds).where(_same(hold.kind, hold.scope, hold.subject)))
    goes_on = replaced and (hold.since, hold.begins) == (replaced.since, replaced.begins)
    placed = made(hold, hold.since if goes_on else tx.now, kinds)
    placed = replace(placed, id=int(tx.scalar(sa.insert(holds).returning(holds.c.id), **written(placed))))
    waiting = _announced(tx, _covered(tx, placed))
    _mark(tx, placed.scope)
    return Placed(hold=placed, replaced=replaced, waiting=waiting)


def lift(store: Store, kind: str, scope: Scope, subject: str = "") -> Lifted:
    """Take a hold away; what waited for it starts as soon as a worker is free, unless something else holds it too."""
    with store.writing() as tx:
        return lift_in(tx, kind, scope, subject)


def lift_in(tx: Transaction, kind: str, scope: Scope, subject: str = "") -> Lifted:
    """Lift a hold inside a transaction that has locked no lane yet, and no repository other than the hold's."""
    lock(tx, scope)
    hold = _standing(tx, kind, scope, subject)
    if hold is None:
        return Lifted(hold=None)
    covered = _covered(tx, hold)
    tx.change(sa.delete(holds).where(holds.c.id == hold.id))
    if covered:
        tx.change(_WAKE, ids=covered)
        _close_up(tx, hold, covered)
    waited = _announced(tx, covered)
    _mark(tx, scope)
    return Lifted(hold=hold, waited=waited)


def _mark(tx: Transaction, scope: Scope) -> None:
    """Let the comments of pull requests say what holds their environments, and no more that it does."""
    if not scope.deployment:
        mark_proposed(tx, scope.repository, scope.environment)


def _close_up(tx: Transaction, hold: Hold, covered: Iterable[int]) -> None:
    """Let what waited take the place of what the hold spared and has not begun yet: now the newest goes first."""
    apart = hold.scope.deployment or hold.spares or hold.breakable or not (hold.rollbacks and hold.begun)
    for one in _waiting(tx, covered) if apart else ():
        lane = tx.scalar(sa.select(deployments.c.lane_id).where(deployments.c.id == one.id))
        overtake(tx, int(lane), one, ())


def set_aside(store: Store, begun: Deployment) -> None:
    """Lift what a rollback pinned, once a pull request's deployment that was let pass it begins to take its place."""
    if begun.pull_request > 0:
        with store.writing() as tx:
            set_aside_in(tx, begun)


def set_aside_in(tx: Transaction, begun: Deployment) -> None:
    """Lift it inside a transaction that has locked the repository, or no lane yet."""
    scope = Scope(repository=begun.lane.repository, environment=begun.lane.environment)
    for hold in pins(holds_in(tx), scope) if begun.pull_request > 0 else ():
        if hold.kind == PIN and hold.pull_request == begun.pull_request:
            lift_in(tx, PIN, scope, hold.subject)


def begins(store: Store, hold: Hold) -> None:
    """Say beside what waits for a hold that has begun by the clock that it does, as of now."""
    with store.writing() as tx:
        lock(tx, hold.scope)
        _announced(tx, _covered(tx, hold))
        _mark(tx, hold.scope)


def is_over(store: Store, hold: Hold) -> None:
    """Let go of a hold that the clock has ended, and say what else holds whom it held; what is free starts now."""
    with store.writing() as tx:
        lock(tx, hold.scope)
        if tx.change(sa.delete(holds).where(holds.c.id == hold.id, holds.c.ends_at <= tx.now)):
            _announced(tx, [row["id"] for row in tx.rows(_STILL_WAIT, **_place(hold.scope), now=tx.now)])
            _mark(tx, hold.scope)


def listed(store: Store, repository: str = "", environment: str = "") -> list[Hold]:
    """List the holds that are not over, oldest first; those on everything belong to every environment."""
    with store.reading() as tx:
        standing = holds_in(tx)
    return [
        hold
        for hold in standing
        if (not repository or hold.scope.repository in ("", repository))
        and (not environment or hold.scope.environment in ("", environment))
    ]


def inherit(store: Store, was: Scope, now: Scope) -> tuple[Hold, ...]:
    """Let the holds on all of an environment go on under its new name, and give them; one that is there stays."""
    with store.writing() as tx:
        if not any(hold.scope == was for hold in holds_in(tx)):
            return ()
        lock(tx, was, now)
        standing = holds_in(tx)
        there = {(hold.kind, hold.subject) for hold in standing if hold.scope == now}
        free = [hold for hold in standing if hold.scope == was and (hold.kind, hold.subject) not in there]
        for hold in free:  # what is over there already makes room
            tx.change(sa.delete(holds).where(_same(hold.kind, now, hold.subject)))
        values = {"repository": now.repository, "environment": now.environment}
        tx.change(sa.update(holds).where(holds.c.id.in_([hold.id for hold in free])).values(**values))
        if free:
            _mark(tx, now)
    return tuple(replace(hold, scope=now) for hold in free)


def lock(tx: Transaction, *scopes: Scope) -> None:
    """Let no claim and no routing in the scopes happen until the transaction ends.

    Repositories come before lanes, and each in one order, of however many scopes: so no two wait for each other.
    """
    for found, key, locking in (
        (
            (_REPOSITORIES, "name", _LOCK_REPOSITORIES),
            (_LANES, "id", _LOCK_LANES),
        )
        if tx.postgres
        else ()
    ):
        if keys := {row[key] for scope in scopes for row in tx.rows(found, **_place(scope))}:
            tx.rows(locking, keys=sorted(keys))


def _place(scope: Scope) -> dict[str, object]:
    return {"repository": scope.repository, "environment": scope.environment, "deployment": scope.deployment}


def _same(kind: str, scope: Scope, subject: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        holds.c.kind == kind,
        holds.c.subject == subject,
        holds.c.repository == scope.repository,
        holds.c.environment == scope.environment,
        holds.c.deployment == scope.deployment,
    )


def _standing(tx: Transaction, kind: str, scope: Scope, subject: str) -> Hold | None:
    not_over = sa.or_(holds.c.ends_at.is_(None), holds.c.ends_at > tx.now)
    row = tx.row(sa.select(holds).where(_same(kind, scope, subject), not_over))
    return read_hold(row) if row else None


def _covered(tx: Transaction, hold: Hold) -> list[int]:
    return [row["id"] for row in tx.rows(_COVERED, id=hold.id, now=tx.now)]


def _waiting(tx: Transaction, numbers: Iterable[int]) -> list[Deployment]:
    return read_all(tx, tx.rows(SELECTED.where(deployments.c.id.in_(list(numbers))).order_by(deployments.c.id)))


def _announced(tx: Transaction, numbers: Iterable[int]) -> tuple[Deployment, ...]:
    """Say beside their commits how these stand, as far as they wait, and give them."""
    waiting = tuple(_waiting(tx, numbers))
    for one in waiting:
        shown = status.of(one)
        if one.started_at is not None:  # forges do not let a status go back to queued
            shown = replace(shown, state=State.RUNNING)
        announce(tx, one, shown)
    return waiting
