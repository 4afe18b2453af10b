"""Repetitions: the newest commit of a ref that left many environments as they are, in one row for all of them.

Nothing is written in their lanes. Whoever reads the newest deployment of a lane reads it as of that commit
(`as_it_stands`). Before the order of what comes to a lane is asked about, the commit gets its row there (`settle`), as
it has from the beginning where it leaves only a few as they are.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model.caption import Caption
from pushboat.model.deployment import Counts, Deployment, short
from pushboat.model.state import Kind, State, Trigger
from pushboat.store import captions
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Row, Transaction


def _many(statement: str, *names: str) -> sa.TextClause:
    return sa.text(statement).bindparams(*(sa.bindparam(name, expanding=True) for name in names))


# ruff: noqa: S608 - the statements are put together from constants only
_KEEP = sa.text(
    "INSERT INTO repetition (repository, ref, sha, author, cause, delivery_id, at, newest, environments) "
    "VALUES (:repository, :ref, :sha, :author, :cause, :delivery, :now, "
    "(SELECT coalesce(max(id), 0) FROM deployment), :environments) ON CONFLICT (repository, ref) DO UPDATE SET "
    "sha = excluded.sha, author = excluded.author, cause = excluded.cause, delivery_id = excluded.delivery_id, "
    "at = excluded.at, newest = excluded.newest, environments = excluded.environments"
)
_OF = _many("SELECT * FROM repetition WHERE repository IN :repositories", "repositories")
_COUNTS = "state <> 'superseded' AND cause <> 'self-heal'"
"""What says at which commit a lane is; drift may have been put back since, or be just now."""
_UNSETTLED = (
    "SELECT l.id FROM lane l JOIN deployment d ON d.lane_id = l.id AND d.seq = (SELECT max(seq) FROM deployment "
    f"WHERE lane_id = l.id AND {_COUNTS}) WHERE l.repository = :repository AND l.number = 0 "
    "AND l.environment IN :environments AND d.id <= :newest AND d.state = 'succeeded' AND d.kind = 'deploy' "
    "ORDER BY l.id"
)
_LOCK_REPOSITORY = sa.text("SELECT name FROM repository WHERE name = :name FOR UPDATE")
_FIND = _many(_UNSETTLED, "environments")
_LOCK = _many(f"{_UNSETTLED} FOR UPDATE OF l", "environments")
_MOVE_ON = _many(  # what puts drift back, and has not ended, would never come to its turn behind what is deployed
    "UPDATE lane SET seq = seq + 1, deployed_sha = :sha, deployed_seq = CASE WHEN EXISTS (SELECT 1 FROM deployment "
    "WHERE lane_id = lane.id AND state IN ('queued', 'running')) THEN deployed_seq ELSE seq + 1 END WHERE id IN :lanes",
    "lanes",
)


def _before(place: str, lane: str = "id") -> str:
    """Write the condition, in SQL, that `d` is what counted last in a lane before a place in it."""
    return (
        f"d.lane_id = {place}.{lane} AND d.seq = (SELECT max(seq) FROM deployment "
        f"WHERE lane_id = {place}.{lane} AND seq < {place}.seq AND {_COUNTS})"
    )


_REPEAT = _many(
    "INSERT INTO deployment (lane_id, seq, kind, ref, sha, author, cause, delivery_id, state, reason, created_at, "
    "started_at, finished_at, unchanged, url, same_as) "
    "SELECT l.id, l.seq, d.kind, :ref, :sha, :author, :cause, :delivery, 'succeeded', "
    "'unchanged, same tree as ' || substr(o.sha, 1, 7), :at, :at, :at, "
    "d.created + d.configured + d.recreated + d.unchanged, d.url, o.id "
    f"FROM lane l JOIN deployment d ON {_before('l')} "
    "JOIN deployment o ON o.id = coalesce(nullif(d.same_as, 0), d.id) "
    "WHERE l.id IN :lanes ORDER BY l.environment RETURNING id, lane_id",
    "lanes",
)
_MADE = "n.id BETWEEN :first AND :last AND n.delivery_id = :delivery AND n.same_as > 0"
"""Those that `_REPEAT` made just now, `n`: two thousand numbers in a list cost more than what is done with them."""
_BEFORE = _before("n", "lane_id")
"""What each of them repeats, `d`."""
_RELEASE = sa.text(
    "INSERT INTO release (deployment_id, lane_id, number, digest, render_id, place) "
    f"SELECT n.id, n.lane_id, r.number + 1, r.digest, r.render_id, r.place FROM deployment n "
    f"JOIN deployment d ON {_BEFORE} JOIN release r ON r.deployment_id = d.id WHERE {_MADE}"
)
_WAS_COMPARED = (  # what it was compared with is what runs still
    f"FROM {{tables}} deployment n JOIN lane l ON l.id = n.lane_id JOIN deployment d ON {_BEFORE} "
    f"JOIN release r ON r.deployment_id = n.id WHERE {_MADE} AND inspection.repository = l.repository "
    "AND inspection.environment = l.environment AND inspection.deployment = d.id"
)
_COMPARED = sa.text(f"UPDATE inspection SET deployment = n.id, release = r.number {_WAS_COMPARED.format(tables='')}")
_LOCK_COMPARED = sa.text(
    f"SELECT inspection.fence {_WAS_COMPARED.format(tables='inspection,')} "
    "ORDER BY inspection.repository, inspection.environment FOR UPDATE OF inspection"
)
_TRUE_OF = sa.text(
    f"UPDATE footprint SET deployment_id = n.id FROM deployment n JOIN deployment d ON {_BEFORE} "
    f"WHERE {_MADE} AND n.lane_id = footprint.lane_id AND footprint.deployment_id = d.id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """A commit that a delivery told of, and the environments that it left as they are: `newest` was then the newest
    deployment of all, so what has a higher number came into its lane later. `at` is when, in seconds."""

    repository: str
    ref: str
    sha: str
    author: str
    trigger: Trigger
    delivery: int
    environments: frozenset[str] = frozenset()
    newest: int = 0
    at: float = 0.0

    def leaves(self, environment: str, number: int) -> bool:
        """Say whether an environment, whose newest deployment has this number, was left as it is."""
        return number <= self.newest and environment in self.environments

    def is_of(self, newest: Deployment) -> bool:
        """Say whether the newest deployment of a lane stands as of this commit."""
        there = newest.lane.number == 0 and newest.lane.repository == self.repository
        ran = newest.state is State.SUCCEEDED and newest.kind is Kind.DEPLOY
        return there and ran and self.leaves(newest.lane.environment, newest.id)


def older_than_a_heal(rows: sa.FromClause) -> sa.ColumnElement[bool]:
    """Choose commits' rows that were written behind what puts drift back and was asked for later, while it goes on."""
    heal = deployments.alias("heal")
    unfinished = sa.and_(heal.c.cause == Trigger.SELF_HEAL, heal.c.state.in_((State.QUEUED, State.RUNNING)))
    later = sa.and_(heal.c.seq < rows.c.seq, heal.c.created_at >= rows.c.created_at)
    return sa.and_(rows.c.same_as > 0, sa.exists().where(heal.c.lane_id == rows.c.lane_id, unfinished, later))


def keep(tx: Transaction, made: Repetition) -> None:
    """Write down which environments a commit left as they are, in place of the commit before it.

    Of those that were left so before, and are not any more, the commit before keeps its row in the lane.
    """
    for each in of(tx, [made.repository]):
        if each.ref == made.ref and (others := each.environments - made.environments):
            _settle(tx, each, others)
    said = {"repository": made.repository, "ref": made.ref, "sha": made.sha, "author": made.author}
    names = json.dumps(sorted(made.environments), separators=(",", ":"))
    tx.change(_KEEP, **said, cause=made.trigger.value, delivery=made.delivery, now=tx.now, environments=names)


def of(tx: Transaction, repositories: Collection[str]) -> list[Repetition]:
    """List what was repeated last in repositories, one for each ref at most."""
    return [_read(row) for row in tx.rows(_OF, repositories=sorted(repositories))]


def listed(store: Store, repository: str) -> list[Repetition]:
    """List what was repeated last in a repository."""
    with store.reading() as tx:
        return of(tx, [repository])


def as_it_stands(tx: Transaction, newest: Sequence[Deployment]) -> list[Deployment]:
    """Give newest deployments of lanes as of the commits that have left them as they are since."""
    known = of(tx, {each.lane.repository for each in newest}) if newest else []
    if not known:
        return list(newest)
    said = captions.of(tx, {(one.repository, one.sha) for one in known})
    return [next((_as_of(one, each, said) for one in known if one.is_of(each)), each) for each in newest]


def settle(store: Store, repository: str, environments: Collection[str]) -> int:
    """Give commits that left these environments as they are their own rows there; say how many rows that made."""
    if not environments:
        return 0
    if all(each.environments.isdisjoint(environments) for each in listed(store, repository)):
        return 0
    with store.writing() as tx:
        if tx.postgres:  # as everybody does who has several lanes: those of the next ref may come before these
            tx.rows(_LOCK_REPOSITORY, name=repository)
        return sum(_settle(tx, each, each.environments.intersection(environments)) for each in of(tx, [repository]))


def _settle(tx: Transaction, known: Repetition, environments: Collection[str]) -> int:
    where = {"repository": known.repository, "environments": sorted(environments), "newest": known.newest}
    lanes = [row["id"] for row in tx.rows(_LOCK if tx.postgres else _FIND, **where)] if environments else []
    return len(repeat(tx, known, lanes, known.at))


def repeat(tx: Transaction, commit: Repetition, lanes: Collection[int], at: float) -> dict[int, int]:
    """Write a commit's row into lanes whose newest deployment it repeats, each with its release; give them by lane."""
    if not lanes:
        return {}
    tx.change(_MOVE_ON, sha=commit.sha, lanes=list(lanes))
    said = {"ref": commit.ref, "sha": commit.sha, "author": commit.author, "cause": commit.trigger.value}
    rows = tx.rows(_REPEAT, **said, delivery=commit.delivery, at=at, lanes=list(lanes))
    made = {int(row["lane_id"]): int(row["id"]) for row in rows}
    just_now = {"first": min(made.values()), "last": max(made.values()), "delivery": commit.delivery}
    locked = (_LOCK_COMPARED,) if tx.postgres else ()
    for statement in (_RELEASE, *locked, _COMPARED, _TRUE_OF):
        tx.change(statement, **just_now)
    return made


def _as_of(commit: Repetition, deployment: Deployment, said: Mapping[tuple[str, str], Caption]) -> Deployment:
    was = deployment.counts
    return replace(
        deployment,
        ref=commit.ref,
        sha=commit.sha,
        author=commit.author,
        trigger=commit.trigger,
        delivery=commit.delivery,
        created_at=commit.at,
        started_at=commit.at,
        finished_at=commit.at,
        reason=deployment.reason if deployment.same_as else f"unchanged, same tree as {short(deployment.sha)}",
        counts=Counts(unchanged=was.created + was.configured + was.recreated + was.unchanged),
        same_as=deployment.same_as or deployment.id,
        caption=said.get((commit.repository, commit.sha), Caption()),
    )


def _read(row: Row) -> Repetition:
    return Repetition(
        repository=row["repository"],
        ref=row["ref"],
        sha=row["sha"],
        author=row["author"],
        trigger=later_words.read(Trigger, row["cause"]),
        delivery=row["delivery_id"],
        environments=frozenset(json.loads(row["environments"])),
        newest=row["newest"],
        at=row["at"],
    )
