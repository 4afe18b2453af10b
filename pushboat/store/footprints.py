"""Footprints: one for each environment, of its newest deployment that left nothing to be said; and where that stands.

An environment stands when its newest deployment is that one, and nothing has happened or become known since: no other
deployment, asked for or begun, no hold, no drift, nothing unwell, and the cluster was looked at no longer ago than it
should be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, Lane
from pushboat.model.footprint import Footprint, Stand, read_roots
from pushboat.model.state import Trigger
from pushboat.store import repetitions
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.repetitions import Repetition
from pushboat.store.waiting import binds_all

REPEATED = (Trigger.PUSH, Trigger.MERGE, Trigger.CATCH_UP)
"""What a deployment came by whose outcome may be repeated, and what may repeat it: nobody named a commit."""
ROUNDS = 2.0
"""Rounds of the timer for which a look at the cluster counts: one that is due just now is not late yet."""

# ruff: noqa: S608 - the statements are put together from constants only
_KEEP = sa.text(
    "INSERT INTO footprint (lane_id, deployment_id, origin, roots, settings, served) "
    "SELECT lane_id, id, id, :roots, :settings, :served FROM deployment WHERE id = :id ON CONFLICT (lane_id) DO UPDATE "
    "SET deployment_id = :id, origin = :id, roots = :roots, settings = :settings, served = :served"
)
_LANE = "(SELECT id FROM lane WHERE repository = :repository AND environment = :environment AND number = 0)"
_SERVED = sa.text(f"SELECT served FROM footprint WHERE lane_id = {_LANE}")
_FORGET = sa.text(f"DELETE FROM footprint WHERE lane_id = {_LANE}")
_SEEN = (
    "(o.finished_at >= :fresh OR (i.compared_at >= :fresh AND i.compared_at <= :now AND i.deployment >= o.id "
    "AND i.place = i.cluster))"
)
STANDING = (
    "FROM footprint f JOIN lane l ON l.id = f.lane_id JOIN deployment d ON d.id = f.deployment_id "
    "JOIN deployment o ON o.id = f.origin JOIN release r ON r.deployment_id = d.id "
    "LEFT JOIN inspection i ON i.repository = l.repository AND i.environment = l.environment "
    "WHERE l.repository = :repository AND l.number = 0 AND l.seq = d.seq AND l.deployed_seq = d.seq "
    "AND l.running IS NULL AND NOT l.took_over AND l.left_with = '' "
    "AND d.state = 'succeeded' AND d.kind = 'deploy' AND d.again = 0 AND d.pull_request = 0 "
    "AND d.cause IN :causes AND d.ref = :ref AND d.delivery_id < :delivery "
    f"AND {_SEEN} AND coalesce(i.count, 0) = 0 AND coalesce(i.trouble, '') = '' AND coalesce(i.unhealed, '') = '' "
    "AND coalesce(i.unwell, '') = '' "
    f"AND NOT EXISTS (SELECT 1 FROM hold h WHERE {binds_all('h', 'l')})"
)
_ALL = {
    postgres: sa.text(f"SELECT {joined}(d.id || ' ' || d.sha, ',') {STANDING}").bindparams(
        sa.bindparam("causes", expanding=True)
    )
    for postgres, joined in ((False, "group_concat"), (True, "string_agg"))
}
"""All that stand, as one text: two thousand rows cost more than what they say."""
_STANDS = sa.text(
    f"SELECT l.environment, d.id AS last, d.sha AS last_sha, o.id AS origin, o.sha, f.roots, f.settings {STANDING} "
    "AND d.id IN :numbers"
).bindparams(sa.bindparam("causes", expanding=True), sa.bindparam("numbers", expanding=True))
NOTHING: Mapping[int, Stand] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit of a ref, as a delivery told of it."""

    ref: str
    sha: str
    delivery: int


def keep(tx: Transaction, deployment: Deployment, footprint: Footprint) -> None:
    """Write down what decided the outcome of a deployment that left nothing to be said."""
    tx.change(_KEEP, id=deployment.id, roots=footprint.text, settings=footprint.settings, served=footprint.served)


def served(store: Store, lane: Lane) -> str:
    """Give the digest of what the cluster served when an environment was rendered; empty where that says nothing."""
    with store.reading() as tx:
        row = tx.row(_SERVED, repository=lane.repository, environment=lane.environment)
    return str(row["served"]) if row else ""


def forget(tx: Transaction, lane: Lane) -> None:
    """Let the next commit touch an environment, whatever it brings."""
    tx.change(_FORGET, repository=lane.repository, environment=lane.environment)


def standing(
    store: Store, repository: str, commit: Commit, every: float, known: Mapping[int, Stand] = NOTHING
) -> list[Stand]:
    """List the environments that stand as a commit's deployment would leave them, were it the same.

    `every` is the timer that the cluster is looked at by; without one nobody knows of drift, and none stands. `known`
    were read before, by the deployments that stand there: what is said of one never changes.
    """
    if every <= 0:
        return []
    with store.reading() as tx:
        passed = repetitions.of(tx, [repository])
        values = condition(tx, repository, commit, every)
        stand = names(tx, values)
        found = [each for each in known.values() if each.name in stand]
        new = [int(name.partition(" ")[0]) for name in stand.difference(each.name for each in found)]
        found += [_read(row) for row in tx.rows(_STANDS, **values, numbers=new)] if new else []
    return [each for each in found if _is_before(each, commit, passed)]


def _is_before(there: Stand, commit: Commit, passed: Sequence[Repetition]) -> bool:
    """Say whether a commit comes after the one that an environment is at; a branch may have been forced back to what
    was carried out there."""
    at = next((each for each in passed if each.leaves(there.environment, there.last)), None)
    return at.delivery <= commit.delivery if at else there.last_sha != commit.sha


def names(tx: Transaction, values: Mapping[str, object]) -> set[str]:
    """Give the names (`Stand.name`) of all that stand, for these values of `STANDING`."""
    text = tx.scalar(_ALL[tx.postgres], **values)
    return set(str(text).split(",")) if text else set()


def condition(tx: Transaction, repository: str, commit: Commit, every: float) -> dict[str, object]:
    """Give the values of `STANDING`."""
    causes: Sequence[str] = [each.value for each in REPEATED]
    about = {"ref": commit.ref, "delivery": commit.delivery}
    return {"repository": repository, **about, "causes": causes, "fresh": tx.now - ROUNDS * every, "now": tx.now}


def _read(row: Row) -> Stand:
    return Stand(
        environment=row["environment"],
        last=row["last"],
        last_sha=row["last_sha"],
        origin=row["origin"],
        sha=row["sha"],
        footprint=Footprint(roots=read_roots(row["roots"]), settings=row["settings"]),
    )
