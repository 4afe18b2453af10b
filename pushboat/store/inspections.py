"""Inspections: when each environment is compared with its release, by one worker at a time, and how it was found.

What a comparison leads to is written in concluding.py, in one transaction with what it found.
"""

import sqlalchemy as sa

from pushboat.model.deployment import Lane
from pushboat.model.inspection import Healed, Inspection, InspectionClaim, Said, Seen
from pushboat.store import drift_texts, releases, repetitions, since_release
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import inspections, lanes
from pushboat.store.database.texts import LONGEST_REASON, bounded
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.deployments import find_in, is_removed_in, of_lane, read_all
from pushboat.store.superseding import newest_in
from pushboat.store.turns import is_free

NEVER = 1e12
"""A moment that no clock reaches: an environment that is compared no more, and about which something stands written."""
ROUNDS = 1.5
"""Rounds of the timer after which whatever is compared at all must have had its turn."""
LEASE = 240.0
"""Seconds; longer than a comparison of thousands of objects."""

# ruff: noqa: S608 - the statements are put together from constants only
_FREE = is_free("inspection")
_IS_TIME = f"(next_at <= :now OR (next_at > :late AND next_at < {NEVER:.0f}))"
"""What is due in more than a round and a half was put off before the clock was set back, or when rounds were longer."""
_DUE = sa.text(f"SELECT DISTINCT cluster FROM inspection WHERE {_IS_TIME} AND {_FREE} ORDER BY cluster")
_OPEN = f"cluster = :cluster AND {_IS_TIME} AND {_FREE}"
_CLAIM = sa.text(
    "UPDATE inspection SET fence = fence + 1, lease_until = :until, next_at = :until "
    f"WHERE {_OPEN} AND (repository, environment) = "
    f"(SELECT repository, environment FROM inspection WHERE {_OPEN} ORDER BY next_at LIMIT 1) RETURNING *"
)
_ONE = "repository = :repository AND environment = :environment"
_NEXT = "CASE WHEN next_at = 0 THEN 0 ELSE :next_at END"
"""Somebody saw something else while we looked, maybe what we had read before: then it is due at once."""
_PUT_OFF = sa.text(f"UPDATE inspection SET lease_until = 0, next_at = {_NEXT} WHERE {_ONE} AND fence = :fence")
_TROUBLED = sa.text(
    f"UPDATE inspection SET lease_until = 0, next_at = {_NEXT}, trouble = :trouble, "
    f"trouble_since = coalesce(trouble_since, :now) WHERE {_ONE} AND fence = :fence"
)
_AT_ONCE = sa.text(f"UPDATE inspection SET next_at = 0 WHERE {_ONE} AND next_at < {NEVER:.0f}")
_LOOKED_AT = sa.text(f"SELECT 1 FROM inspection WHERE {_ONE} AND NOT {_FREE}")


def due_clusters(store: Store, every: float = NEVER) -> list[str]:
    """Name the clusters that have an environment that is due, where a round takes `every` seconds."""
    with store.reading() as tx:
        times = {"now": tx.now, "far": tx.far, "late": tx.now + ROUNDS * every}
        return [str(row["cluster"]) for row in tx.rows(_DUE, **times)]


def claim(store: Store, cluster: str, every: float = NEVER) -> InspectionClaim | None:
    """Take the environment of a cluster that has waited longest; None where none is due."""
    with store.writing() as tx:
        times = {"now": tx.now, "far": tx.far, "late": tx.now + ROUNDS * every, "until": tx.now + LEASE}
        row = tx.row(_CLAIM, cluster=cluster, **times)
        if row is None:
            return None
        known = read_inspection(row)
        return InspectionClaim(fence=row["fence"], known=known, seen=seen(tx, known.lane))


def put_off(store: Store, held: InspectionClaim, pause: float) -> None:
    """End an inspection that could not be for a moment."""
    with store.writing() as tx:
        put_off_in(tx, held, pause)


def put_off_in(tx: Transaction, held: InspectionClaim, pause: float) -> None:
    """End it inside a transaction."""
    tx.change(_PUT_OFF, **key_of(held.lane), fence=held.fence, next_at=tx.now + pause)


def troubled(store: Store, held: InspectionClaim, trouble: str, pause: float) -> None:
    """End an inspection that could not be, with the sentence that says why; what was found before stands beside it."""
    with store.writing() as tx:
        sentence = bounded(trouble, LONGEST_REASON)
        tx.change(
            _TROUBLED, **key_of(held.lane), fence=held.fence, trouble=sentence, now=tx.now, next_at=tx.now + pause
        )


def wake(store: Store, lane: Lane) -> None:
    """Make an environment due at once, or as soon as whoever looks now is done: it is not as it was found last.

    One that is compared no more stays so.
    """
    with store.writing() as tx:
        tx.change(_AT_ONCE, **key_of(lane))


def look_once_more(store: Store, lane: Lane) -> None:
    """Make an environment due again as soon as whoever looks now is done: somebody has read the cluster since.

    Where nobody looks, which is the rule, nothing is written.
    """
    with store.reading() as tx:
        looked_at = tx.row(_LOOKED_AT, **key_of(lane), now=tx.now, far=tx.far) is not None
    if looked_at:
        wake(store, lane)


def listed(store: Store, repository: str = "") -> list[Inspection]:
    """List how all environments were found, by repository and environment."""
    query = sa.select(inspections).order_by(inspections.c.repository, inspections.c.environment)
    if repository:
        query = query.where(inspections.c.repository == repository)
    with store.reading() as tx:
        return [read_inspection(row) for row in tx.rows(query)]


def looked_at(store: Store, lane: Lane) -> Seen:
    """Look at a lane as it stands."""
    with store.reading() as tx:
        return seen(tx, lane)


def seen(tx: Transaction, lane: Lane) -> Seen:
    """Look at a lane as it stands, inside a transaction."""
    row = tx.row(sa.select(lanes).where(of_lane(lane)))
    newest = releases.listed_in(tx, lane, 1)
    runs = find_in(tx, newest[0].deployment) if newest else None
    runs = repetitions.as_it_stands(tx, [runs])[0] if runs else None
    latest = repetitions.as_it_stands(tx, read_all(tx, tx.rows(newest_in(lane))))
    return Seen(
        fence=row["fence"] if row else 0,
        running=row["running"] if row else None,
        release=newest[0] if newest else None,
        runs=runs,
        latest=latest[0] if latest else None,
        halfway=since_release.halfway(tx, lane, runs.id) if runs else None,
        destroyed=is_removed_in(tx, lane),
    )


def read_inspection(row: Row) -> Inspection:
    """Turn a row of the table into the noun."""
    return Inspection(
        lane=Lane(repository=row["repository"], environment=row["environment"]),
        cluster=row["cluster"],
        deployment=row["deployment"],
        release=row["release"],
        compared_at=row["compared_at"],
        place=row["place"],
        found=drift_texts.read(row["found"]),
        count=row["count"],
        since=row["since"],
        trouble=row["trouble"],
        trouble_since=row["trouble_since"],
        unhealed=row["unhealed"],
        unwell=row["unwell"],
        said=Said(sentence=row["said"], at=row["said_at"], letters=row["letters"]),
        healed=Healed(times=row["healed_times"], at=row["healed_at"], deployment=row["healed_by"], of=row["healed_of"]),
    )


def key_of(lane: Lane) -> dict[str, str]:
    """Name an environment's row."""
    return {"repository": lane.repository, "environment": lane.environment}
