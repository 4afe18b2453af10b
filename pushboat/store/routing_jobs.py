"""Routing jobs: each repository's deliveries, one at a time, by lease and fence.

Those of one stream (see `pushboat/routing/streams.py`) are routed in order of acceptance. A postponed one holds up its
own stream only. A repository's `not_before` is when the first of its streams may be tried again. What a delivery leads
to is written by enacting.py, in one transaction with the delivery's own sentence.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import BY_NAME, Kind, State, Trigger
from pushboat.pauses import bounded_pause
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments, lanes
from pushboat.store.database.transaction import Transaction
from pushboat.store.database.unheld import unheld
from pushboat.store.delivery_rows import read_deliveries
from pushboat.store.deployments import SELECTED, of_lane, read_all
from pushboat.store.enacting import RoutingClaim
from pushboat.store.repetitions import as_it_stands
from pushboat.store.superseding import is_last_of_its_lane, newest_in
from pushboat.store.turns import HINT_AT_ONCE, HINTED, LET_GO, is_free, is_time, may_be_hinted, take

# ruff: noqa: S608 - the statements are put together from constants only
_WAIT = (
    "SELECT r.name FROM repository r "
    "JOIN (SELECT repository, min(id) AS first FROM delivery WHERE routed_at IS NULL GROUP BY repository) waiting "
    f"ON waiting.repository = r.name WHERE {is_free('r')} AND {is_time('r')} "
)
_DUE = sa.text(f"{_WAIT} AND {may_be_hinted('r')} ORDER BY waiting.first LIMIT :limit")
_FREE = sa.text(
    f"{_WAIT} AND substr(lower(r.name), 1, length(:credential) + 1) = lower(:credential) || '/' "
    "ORDER BY waiting.first LIMIT 1"
)
_HINTED = unheld(f"UPDATE repository SET {HINTED}", "repository", "name", "name IN :names", "names")
_CLAIM = sa.text(
    f"UPDATE repository SET {take('repository')} "
    f"WHERE name = :name AND {is_free('repository')} AND {is_time('repository')} "
    "AND EXISTS (SELECT 1 FROM delivery WHERE repository = :name AND routed_at IS NULL) RETURNING fence"
)
_RENEW = sa.text("UPDATE repository SET lease_until = :until WHERE name = :name AND fence = :fence")
_WAITING = "FROM delivery WHERE repository = :name AND routed_at IS NULL"
_FIRST_OF_STREAMS = (  # written so that both databases find them in one walk over an index, however many wait
    f"FROM delivery d WHERE d.id IN (SELECT min(id) {_WAITING} GROUP BY stream) "
    f"AND d.id <= coalesce((SELECT min(id) {_WAITING} AND stream = ''), d.id)"
)
_OLDEST = sa.text(f"SELECT * FROM delivery WHERE id = (SELECT min(id) {_WAITING})")
_NEXT = sa.text(f"SELECT d.* {_FIRST_OF_STREAMS} AND {is_time('d')} ORDER BY d.id LIMIT 1")
_NEXT_TIME = sa.text(f"SELECT min(d.not_before) {_FIRST_OF_STREAMS}")
_REST = sa.text(f"UPDATE repository SET not_before = :until, {HINT_AT_ONCE} WHERE name = :name")
_POSTPONE = sa.text(
    "UPDATE delivery SET not_before = :not_before, reason = :reason, attempts = attempts + 1 "
    "WHERE id = :id AND routed_at IS NULL"
)
_IN_TROUBLE = sa.text(
    "UPDATE delivery SET trouble_since = coalesce(trouble_since, :now) WHERE id = :id RETURNING trouble_since"
)
_IN_DOUBT = sa.text(
    "UPDATE delivery SET trouble_since = NULL, doubt_since = coalesce(doubt_since, :now) "
    "WHERE id = :id RETURNING doubt_since"
)
_RELEASE = sa.text(
    f"UPDATE repository SET {LET_GO}, {HINT_AT_ONCE} WHERE name = :name AND fence = :fence AND lease_owner = :owner"
)


@dataclass(frozen=True, slots=True)
class Stands:
    """How a lane stands: its newest deployment, whatever became of it, and what has not ended, oldest first."""

    newest: Deployment | None
    unfinished: tuple[Deployment, ...]


def due_repositories(store: Store, limit: int = 50) -> list[str]:
    """List repositories whose deliveries wait for a router, and mark them as hinted now: the next time is later.

    A mark whose message never left costs one pause; `wake_all` takes all of them back. One that somebody decides about
    just now is not marked, and hinted once more.
    """
    with store.reading() as tx:
        names = [row["name"] for row in tx.rows(_DUE, now=tx.now, far=tx.far, limit=limit)]
    if names:
        with store.writing() as tx:
            tx.change(_HINTED[tx.postgres], now=tx.now, names=names)
    return names


def next_free(store: Store, credential: str) -> str:
    """Name the repository that has waited longest for a router, among those of a credential; empty: none waits."""
    with store.reading() as tx:
        row = tx.row(_FREE, credential=credential, now=tx.now, far=tx.far)
    return "" if row is None else str(row["name"])


def claim_routing(store: Store, repository: str, owner: str, ttl: float = 15.0) -> RoutingClaim | None:
    """Take a repository to route its deliveries; None where another router has it or nothing waits."""
    with store.writing() as tx:
        until = tx.now + ttl
        fence = tx.scalar(_CLAIM, name=repository, owner=owner, until=until, now=tx.now, far=tx.far)
    return None if fence is None else RoutingClaim(repository=repository, owner=owner, fence=fence, ttl=ttl)


def next_unrouted(store: Store, claim: RoutingClaim) -> DeliveryRow | None:
    """Give the oldest delivery whose turn it is, and renew the lease; None: there is none, or not for us any more."""
    with store.writing() as tx:
        if not _renewed(tx, claim):  # this also locks the row, so that nothing is accepted before we rest
            return None
        found = tx.row(_OLDEST, name=claim.repository)
        if found and found["not_before"] > tx.now:  # only then its stream is not the one to look at
            found = tx.row(_NEXT, name=claim.repository, now=tx.now)
            if not found:
                tx.change(_REST, name=claim.repository, until=tx.scalar(_NEXT_TIME, name=claim.repository))
        return read_deliveries(tx, [found])[0] if found else None


def postpone(store: Store, claim: RoutingClaim, delivery_id: int, reason: str, delay: float) -> None:
    """Wait `delay` seconds before the next try, with everything behind it in its stream; `reason` says what for."""
    with store.writing() as tx:
        if _renewed(tx, claim):
            tx.change(_POSTPONE, id=delivery_id, reason=reason, not_before=tx.now + bounded_pause(delay))


def in_trouble(store: Store, claim: RoutingClaim, delivery_id: int) -> float:
    """Note that what a delivery rests on could not be had, and say for how many seconds that is so by now."""
    return _lasted(store, claim, delivery_id, _IN_TROUBLE)


def in_doubt(store: Store, claim: RoutingClaim, delivery_id: int) -> float:
    """Note that everything but the order of commits is known, and say for how many seconds that was asked for."""
    return _lasted(store, claim, delivery_id, _IN_DOUBT)


def _lasted(store: Store, claim: RoutingClaim, delivery_id: int, noting: sa.TextClause) -> float:
    with store.writing() as tx:
        since = tx.scalar(noting, id=delivery_id, now=tx.now) if _renewed(tx, claim) else None
        return 0.0 if since is None else max(0.0, tx.now - float(since))


def _renewed(tx: Transaction, claim: RoutingClaim) -> int:
    return tx.change(_RENEW, name=claim.repository, fence=claim.fence, until=tx.now + claim.ttl)


def release(store: Store, claim: RoutingClaim) -> None:
    """Let other routers have the repository."""
    with store.writing() as tx:
        tx.change(_RELEASE, name=claim.repository, fence=claim.fence, owner=claim.owner)


def unfinished(store: Store, lane: Lane) -> list[Deployment]:
    """List what is queued or running in a lane, oldest first."""
    query = SELECTED.where(of_lane(lane), deployments.c.state.in_((State.QUEUED, State.RUNNING)))
    with store.reading() as tx:
        return read_all(tx, tx.rows(query.order_by(deployments.c.seq)))


def stands(store: Store, repository: str, places: Collection[Lane]) -> dict[Lane, Stands]:
    """Give, of each of these lanes, the newest deployment and what is queued or running, oldest first."""
    if not places:
        return {}
    names, numbers = {lane.environment for lane in places}, {lane.number for lane in places}
    here = sa.and_(lanes.c.repository == repository, lanes.c.environment.in_(names), lanes.c.number.in_(numbers))
    moving = deployments.c.state.in_((State.QUEUED, State.RUNNING))
    with store.reading() as tx:
        last = as_it_stands(tx, read_all(tx, tx.rows(SELECTED.where(here, is_last_of_its_lane()))))
        rows = tx.rows(SELECTED.where(here, moving).order_by(deployments.c.lane_id, deployments.c.seq))
        found = read_all(tx, rows)
    unfinished = defaultdict(list)
    for each in found:
        unfinished[each.lane].append(each)
    newest = {each.lane: each for each in last}
    return {lane: Stands(newest.get(lane), tuple(unfinished[lane])) for lane in places}


def newest(store: Store, lane: Lane) -> Deployment | None:
    """Find the newest deployment of a lane, whatever became of it."""
    with store.reading() as tx:
        found = read_all(tx, tx.rows(newest_in(lane)))
    return found[0] if found else None


def newest_by_itself(store: Store, lane: Lane, ref: str) -> Deployment | None:
    """Find what was deployed last in a lane because a ref moved: this one, or any that begins so where it ends in /."""
    asked = (*BY_NAME, Trigger.ROLLBACK, Trigger.ON_FAILURE, Trigger.SELF_HEAL, Trigger.RECOVERY)
    of_it = deployments.c.ref.startswith(ref, autoescape=True) if ref.endswith("/") else deployments.c.ref == ref
    newest = SELECTED.where(
        of_lane(lane),
        of_it,
        deployments.c.kind == Kind.DEPLOY,
        deployments.c.cause.not_in(asked),
        deployments.c.state != State.SUPERSEDED,
        deployments.c.pull_request == 0,
    )
    with store.reading() as tx:
        found = read_all(tx, tx.rows(newest.order_by(deployments.c.seq.desc()).limit(1)))
    return found[0] if found else None
