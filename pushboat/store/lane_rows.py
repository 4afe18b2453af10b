"""Lanes' own rows, many at once: they are made where they are missing, locked in one order, and tell what came last."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model.deployment import Lane
from pushboat.model.state import Kind, State, Trigger
from pushboat.store.database.transaction import Row, Transaction

# ruff: noqa: S608 - the statements are put together from constants only
_NAMED = (
    "SELECT id, environment, number, seq, left_with FROM lane WHERE repository = :repository "
    "AND environment IN :environments AND number IN :numbers ORDER BY id"
)
_MAKE = sa.text(
    "INSERT INTO lane (repository, environment, number) VALUES (:repository, :environment, :number) "
    "ON CONFLICT (repository, environment, number) DO NOTHING"
)
_FOLLOW = sa.text("UPDATE lane SET follows = :follows WHERE id = :id")
_LAST = (
    "SELECT d.lane_id, d.id, d.sha, d.kind, d.pull_request, d.delivery_id FROM lane l JOIN deployment d "
    "ON d.lane_id = l.id AND d.seq = (SELECT n.seq FROM deployment n WHERE n.lane_id = l.id "
    f"AND n.state <> '{State.SUPERSEDED.value}' AND n.cause <> '{Trigger.SELF_HEAL.value}' %s"
    "ORDER BY n.seq DESC LIMIT 1) WHERE l.id IN :lanes"
)


def _of_many(statement: str, *names: str) -> sa.TextClause:
    return sa.text(statement).bindparams(*(sa.bindparam(name, expanding=True) for name in names))


_FIND = _of_many(_NAMED, "environments", "numbers")
_LOCK = _of_many(f"{_NAMED} FOR UPDATE", "environments", "numbers")
_MOVE_ON = _of_many("UPDATE lane SET seq = seq + 1 WHERE id IN :lanes", "lanes")
_BUSY = _of_many(
    "SELECT DISTINCT lane_id FROM deployment WHERE lane_id IN :lanes AND state IN ('queued', 'running') "
    "AND id NOT IN :numbers",
    "lanes",
    "numbers",
)
_LAST_OF_ALL = _of_many(_LAST % "", "lanes")
_LAST_PUSHED = _of_many(_LAST % "AND n.ref = :ref AND n.kind = :kind AND n.again = 0 ", "lanes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A lane's row: `seq` counts what came into it, `left_with` is the commit whose file lacks its environment."""

    id: int
    seq: int
    left_with: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """A lane's newest deployment, and the delivery that it came of."""

    id: int
    sha: str
    kind: Kind
    pull_request: int
    delivery: int | None


def places(tx: Transaction, lanes: Collection[Lane]) -> dict[Lane, Place]:
    """Lock the rows of lanes of one repository, and make those that are not there."""
    found = _found(tx, lanes)
    missing = [lane for lane in lanes if lane not in found]
    if not missing:
        return found
    tx.change_each(_MAKE, [_key(lane) for lane in missing])
    return _found(tx, lanes)


def move_on(tx: Transaction, lanes: Collection[int]) -> None:
    """Count one more deployment in each lane."""
    tx.change(_MOVE_ON, lanes=list(lanes))


def follow(tx: Transaction, follows: Iterable[tuple[int, str]]) -> None:
    """Note the ref that lanes would follow, where a commit of another one comes there."""
    tx.change_each(_FOLLOW, [{"id": lane, "follows": ref} for lane, ref in follows])


def last_of(tx: Transaction, lanes: Collection[int], ref: str = "", kind: Kind = Kind.DEPLOY) -> dict[int, Last]:
    """Give the newest deployments by lane; of a `ref` the newest that was of it and brought no release back.

    What only follows a newer commit does not count, nor what only puts drift back.
    """
    if not lanes:
        return {}
    about = {"ref": ref, "kind": kind.value} if ref else {}
    rows = tx.rows(_LAST_PUSHED if ref else _LAST_OF_ALL, lanes=list(lanes), **about)
    return {row["lane_id"]: _last(row) for row in rows}


def busy(tx: Transaction, lanes: Collection[int], numbers: Collection[int]) -> set[int]:
    """Name the lanes in which something has not ended, besides these deployments."""
    return {row["lane_id"] for row in tx.rows(_BUSY, lanes=list(lanes), numbers=list(numbers))}


def _found(tx: Transaction, lanes: Collection[Lane]) -> dict[Lane, Place]:
    repository = next(iter({lane.repository for lane in lanes}))
    named = {
        "environments": sorted({lane.environment for lane in lanes}),
        "numbers": sorted({lane.number for lane in lanes}),
    }
    rows = tx.rows(_LOCK if tx.postgres else _FIND, repository=repository, **named)
    found = {
        Lane(repository=repository, environment=row["environment"], number=row["number"]): Place(
            id=row["id"], seq=row["seq"], left_with=row["left_with"]
        )
        for row in rows
    }
    return {lane: found[lane] for lane in lanes if lane in found}


def _key(lane: Lane) -> dict[str, object]:
    return {"repository": lane.repository, "environment": lane.environment, "number": lane.number}


def _last(row: Row) -> Last:
    return Last(
        id=row["id"],
        sha=row["sha"],
        kind=later_words.read(Kind, row["kind"]),
        pull_request=row["pull_request"],
        delivery=row["delivery_id"],
    )
