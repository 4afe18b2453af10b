"""The ledger of deployments: reading them."""

import json
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model import container_log
from pushboat.model.deployment import Counts, Deployment, Lane, Promoted
from pushboat.model.state import WRITING, Kind, State, Trigger
from pushboat.store import captions, repetitions
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import captions as captioned
from pushboat.store.database.schema import deliveries, deployments, lanes, releases
from pushboat.store.database.texts import begins_with
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.waiting import explained

COUNTED = ("created", "configured", "recreated", "unchanged", "deleted", "refused")

_OF_LANES = (lanes.c.repository, lanes.c.environment, lanes.c.number, lanes.c.follows)
SELECTED = (
    sa.select(
        deployments,
        *_OF_LANES,
        lanes.c.running.label("lane_running"),
        releases.c.number.label("release"),
        captioned.c.subject,
        captioned.c.author.label("commit_author"),
    )
    .join(lanes, lanes.c.id == deployments.c.lane_id)
    .outerjoin(releases, releases.c.deployment_id == deployments.c.id)
    .outerjoin(captioned, sa.and_(captioned.c.repository == lanes.c.repository, captioned.c.sha == deployments.c.sha))
)
_ONE = SELECTED.where(deployments.c.id == sa.bindparam("number"))


def find(store: Store, number: int) -> Deployment | None:
    """Look up one deployment or plan."""
    with store.reading() as tx:
        return find_in(tx, number)


def find_in(tx: Transaction, number: int) -> Deployment | None:
    """Look up one deployment inside a transaction."""
    found = read_all(tx, tx.rows(_ONE, number=number))
    return found[0] if found else None


def listed(
    store: Store,
    *,
    kinds: Collection[Kind] = WRITING,
    repository: str = "",
    spellings: Collection[str] = (),
    environment: str = "",
    state: str = "",
    sha: str = "",
    limit: int = 50,
    before: int | None = None,
) -> list[Deployment]:
    """List deployments, newest first; `sha` may be a beginning, `before` is the last number already seen.

    `spellings` are other ways to write the repository's name.
    """
    query = SELECTED.order_by(deployments.c.id.desc()).limit(limit)
    query = query.where(deployments.c.kind.in_(kinds))
    if state:
        query = query.where(deployments.c.state == state)
    if sha:
        query = query.where(*begins_with(deployments.c.sha, sha))
    if before is not None:
        query = query.where(deployments.c.id < before)
    with store.reading() as tx:
        if repository or environment:
            query = query.where(_in_lanes(tx, {repository, *spellings} if repository else (), environment))
        return read_all(tx, tx.rows(query))


def _in_lanes(tx: Transaction, repositories: Collection[str], environment: str) -> sa.ColumnElement[bool]:
    """Name the lanes one by one: SQLite then looks through theirs, and not through all deployments in a state."""
    named = sa.select(lanes.c.id)
    if repositories:
        named = named.where(lanes.c.repository.in_(repositories))
    if environment:
        named = named.where(lanes.c.environment == environment)
    ids = [row["id"] for row in tx.rows(named)]
    return deployments.c.lane_id == ids[0] if len(ids) == 1 else deployments.c.lane_id.in_(ids)


def latest_by_lane(store: Store, repository: str = "") -> list[Deployment]:
    """List each environment's newest deployment, by repository and environment; pull requests' plans are left out.

    One that put drift back is the newest only as long as it has not ended.
    """
    heals = sa.or_(_others.c.cause != Trigger.SELF_HEAL, _others.c.state.in_((State.QUEUED, State.RUNNING)))
    counts = sa.and_(_others.c.state != State.SUPERSEDED, heals, ~repetitions.older_than_a_heal(_others))
    return _last_of_each_lane(store, counts, _others.c.seq, repository)


def is_removed(store: Store, lane: Lane) -> bool:
    """Say whether an environment was destroyed, and nothing has got through there since: it has nothing to compare."""
    with store.reading() as tx:
        return is_removed_in(tx, lane)


def is_removed_in(tx: Transaction, lane: Lane) -> bool:
    """Say so inside a transaction."""
    through = through_in(tx, lane)
    return through is not None and through.kind is Kind.REMOVAL


def running_by_lane(store: Store, repository: str = "", latest: Sequence[Deployment] = ()) -> list[Deployment]:
    """List each environment's newest deployment that got through, not what only put its drift back.

    Where that is a removal, nothing runs there. What is among the `latest`, and most is, is not read again.
    """
    known = latest[:10_000]  # SQLite takes three times as many values in a statement
    return _last_of_each_lane(store, got_through(_others), _others.c.id, repository, known)


def running_in(store: Store, lane: Lane) -> Deployment | None:
    """Find the newest deployment of a lane that got through, not what only put its drift back."""
    with store.reading() as tx:
        return through_in(tx, lane)


def through_in(tx: Transaction, lane: Lane) -> Deployment | None:
    """Find it inside a transaction."""
    through = SELECTED.where(of_lane(lane), got_through(deployments))
    row = tx.row(through.order_by(deployments.c.id.desc()).limit(1))
    return repetitions.as_it_stands(tx, [read_deployment(row)])[0] if row else None


def was_deployed(tx: Transaction, repository: str, environment: str, sha: str) -> bool:
    """Say whether a commit was to be deployed in an environment, whatever became of that."""
    lane = Lane(repository=repository, environment=environment)
    return tx.row(SELECTED.where(of_lane(lane), deployments.c.sha == sha).limit(1)) is not None


def of_lane(lane: Lane) -> sa.ColumnElement[bool]:
    """Choose the rows of one lane."""
    return sa.and_(
        lanes.c.repository == lane.repository,
        lanes.c.environment == lane.environment,
        lanes.c.number == lane.number,
    )


def got_through(rows: sa.FromClause) -> sa.ColumnElement[bool]:
    """Choose what got through, not what only put drift back."""
    return sa.and_(rows.c.state == State.SUCCEEDED, rows.c.cause != Trigger.SELF_HEAL)


_others = deployments.alias("others")


def _last_of_each_lane(
    store: Store,
    chosen: sa.ColumnElement[bool],
    order: sa.ColumnElement[int],
    repository: str = "",
    known: Sequence[Deployment] = (),
) -> list[Deployment]:
    """Find the last ones; `seq` and `id` order a lane alike, each with an index of its own."""
    newest = (
        sa.select(_others.c.id)
        .where(_others.c.lane_id == lanes.c.id, _others.c.kind.in_(WRITING), chosen)
        .order_by(order.desc())
        .limit(1)
    )
    here = sa.and_(lanes.c.number == 0, lanes.c.repository == repository if repository else sa.true())
    query = SELECTED.where(here, deployments.c.id == newest.scalar_subquery())
    with store.reading() as tx:
        there: list[Deployment] = []
        if known:
            ids = {row["id"] for row in tx.rows(sa.select(newest.scalar_subquery().label("id")).where(here))}
            there = [each for each in known if each.id in ids and each.state is State.SUCCEEDED]
            query = query.where(deployments.c.id.not_in([each.id for each in there]))
        found = read_all(tx, tx.rows(query.order_by(lanes.c.repository, lanes.c.environment)))
        return [*there, *repetitions.as_it_stands(tx, found)]


def of_delivery(store: Store, number: int) -> list[Deployment]:
    """List what a delivery led to, in the order in which it was decided."""
    with store.reading() as tx:
        return of_delivery_in(tx, number)


def of_delivery_in(tx: Transaction, number: int) -> list[Deployment]:
    """List it inside a transaction."""
    ids = json.loads(tx.scalar(sa.select(deliveries.c.deployments).where(deliveries.c.id == number)) or "[]")
    found = read_all(tx, tx.rows(SELECTED.where(deployments.c.id.in_(ids))))
    return sorted(found, key=lambda deployment: ids.index(deployment.id))


def read_all(tx: Transaction, rows: Sequence[Row]) -> list[Deployment]:
    """Turn rows of SELECTED into nouns; each that is queued says what it waits for."""
    return explained(tx, [read_deployment(row) for row in rows], rows)


def read_deployment(row: Row) -> Deployment:
    """Turn a row of SELECTED into the noun."""
    return Deployment(
        id=row["id"],
        kind=later_words.read(Kind, row["kind"]),
        lane=Lane(repository=row["repository"], environment=row["environment"], number=row["number"]),
        ref=row["ref"],
        sha=row["sha"],
        state=later_words.read(State, row["state"]),
        reason=f"{row['reason']}; {row['aftermath']}" if row["aftermath"] else row["reason"],
        aftermath=row["aftermath"],
        mends=row["mends"],
        rolls_back=bool(row["rolls_back"]),
        details=row["details"],
        logs=container_log.read(row["logs"]),
        attempts=row["attempts"],
        author=row["author"],
        trigger=later_words.read(Trigger, row["cause"]),
        delivery=row["delivery_id"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        counts=Counts(**{name: row[name] for name in COUNTED}),
        successor=row["successor"],
        successor_sha=row["successor_sha"],
        successor_contains=bool(row["successor_contains"]),
        cancelled_by=row["cancelled_by"],
        prune_many=bool(row["prune_many"]),
        again=row["again"],
        skip_hooks=bool(row["skip_hooks"]),
        base=row["base"],
        base_sha=row["base_sha"],
        pull_request=row["pull_request"],
        follows=row["follows"],
        release=row["release"] or 0,
        trouble_step=row["trouble_step"],
        begun=bool(row["begun"]),
        glass=row["glass"],
        promoted=_promoted(row),
        same_as=row["same_as"],
        caption=captions.read(row),
    )


def _promoted(row: Row) -> Promoted | None:
    environment, release = row["promoted_from"], row["promoted_release"]
    return Promoted(environment=environment, release=release) if environment else None
