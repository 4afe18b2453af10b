"""What "the newest commit wins" means: older ones step back, and their commits share the fate of the newer one.

A superseded deployment always points at the one that still has a fate to share: when its successor is superseded in
turn, it is pointed at the next one. So the end of a deployment finds all its followers in one step.

What a hold keeps back does not take the place of what the same hold lets pass: under a pin, a rollback goes first, and
pushes wait behind it, the newest of them for the day when the pin ends. What waits for something of its own (people's
consent, another environment) does not take the place of what has that behind it already, until it has so itself.

Newest is what was accepted last, however long its routing took; what that means is said in coming_late.py.
"""

from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from pushboat.model import status
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.release import Release
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing.holds import lags, outlasts, stays_behind
from pushboat.store import forge_deployments, mending, needing
from pushboat.store.announcing import announce, sum_up_plans, tell_asker
from pushboat.store.audit import note_ended
from pushboat.store.database.schema import deployments, lanes
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, find_in, of_lane, read_all
from pushboat.store.hold_rows import forget_own
from pushboat.store.requeueing import queue_again
from pushboat.store.turns import HINT_AT_ONCE
from pushboat.store.waiting import covers, holds_on

_STEP_BACK = sa.text(
    "UPDATE deployment SET state = 'superseded', finished_at = :now, reason = '', successor = :newer, "
    "successor_sha = :sha, successor_contains = :contains, settled = :settled WHERE id = :id"
)
_SETTLE = sa.text("UPDATE deployment SET settled = :yes, reason = :reason WHERE id = :id")
_EXPLAIN = sa.text("UPDATE deployment SET reason = :reason WHERE id = :id")
_WAKE = sa.text(f"UPDATE deployment SET {HINT_AT_ONCE} WHERE id = :id AND state = 'queued'")  # noqa: S608
_others = deployments.alias("others")
SUCCESSOR = sa.text(
    "UPDATE deployment SET successor = :newer, successor_sha = :sha, successor_contains = :contains WHERE id = :id"
)


def is_newest(deployment: str, lane: str) -> str:
    """Write the condition, in SQL, that nothing newer than a deployment was deployed in its lane or waits there."""
    return (
        f"({lane}.deployed_seq < {deployment}.seq AND NOT EXISTS (SELECT 1 FROM deployment newer "  # noqa: S608
        f"WHERE newer.lane_id = {lane}.id AND newer.state = 'queued' AND newer.seq > {deployment}.seq "
        f"AND NOT {spares(deployment, 'newer', lane)} AND NOT {lagging('newer', deployment, lane)}))"
    )


def spares(free: str, held: str, lane: str) -> str:
    """Write the condition, in SQL, that a hold on all of the environment binds one deployment and not another."""
    return (
        f"EXISTS (SELECT 1 FROM hold s WHERE s.deployment = 0 AND {covers('s', held, lane)} "  # noqa: S608
        f"AND NOT ({covers('s', free, lane)}))"
    )


def lagging(newer: str, older: str, lane: str) -> str:
    """Write the condition, in SQL, that a hold of its own binds a newer one, and no such hold an older one."""
    return (
        f"EXISTS (SELECT 1 FROM hold o WHERE o.deployment <> 0 AND {covers('o', newer, lane)} "  # noqa: S608
        f"AND NOT EXISTS (SELECT 1 FROM hold p WHERE p.deployment <> 0 AND p.kind = o.kind AND p.subject = o.subject "
        f"AND (p.sha = o.sha OR p.reason <> '') "
        f"AND {covers('p', older, lane)}))"
    )


def overtake(tx: Transaction, lane_id: int, queued: Deployment, contained: Collection[int]) -> None:
    """Supersede what waits in the lane before it, unless a hold keeps the two apart; what runs learns who waits for it.

    What came later stays: it waits for something of its own, and is not lost to what is let go before it.
    """
    standing = holds_on(tx, queued.lane)
    others = SELECTED.where(
        deployments.c.lane_id == lane_id,
        deployments.c.id < queued.id,
        deployments.c.state.in_((State.QUEUED, State.RUNNING)),
    )
    for older in read_all(tx, tx.rows(others.order_by(deployments.c.seq))):
        contains = older.id in contained and not older.heals
        contains = contains or (older.successor == queued.id and older.successor_contains)
        if stays_behind(queued, older, standing, tx.now):
            continue
        if older.state is State.QUEUED and lags(queued, older, standing, tx.now):
            tx.change(SUCCESSOR, id=older.id, newer=queued.id, sha=queued.sha, contains=contains)
        elif older.state is State.QUEUED and (_yields(queued, older) or outlasts(older, queued, standing, tx.now)):
            wait_behind(tx, older)
        elif older.state is State.QUEUED:
            supersede(tx, older, queued, contains=contains)
        else:
            tx.change(SUCCESSOR, id=older.id, newer=queued.id, sha=queued.sha, contains=contains)


def pass_by(tx: Transaction, begun: Deployment) -> None:
    """Supersede what a deployment that begins has left waiting before it: what it lagged behind until now."""
    waiting = SELECTED.where(of_lane(begun.lane), deployments.c.state == State.QUEUED, deployments.c.id < begun.id)
    found = read_all(tx, tx.rows(waiting.order_by(deployments.c.seq))) if not begun.heals else []
    standing = holds_on(tx, begun.lane) if found else []
    for older in found:
        if not outlasts(older, begun, standing, tx.now):
            supersede(tx, older, begun, contains=older.successor == begun.id and older.successor_contains)


def _yields(queued: Deployment, older: Deployment) -> bool:
    """Say whether it is what takes no pushed commit's place: what a merge queue wants, or what a lost cluster had."""
    return queued.trigger in (Trigger.MERGE_QUEUE, Trigger.RECOVERY) and not older.again


def begin_mending(tx: Transaction, failed: Deployment, release: Release) -> None:
    """Queue the rollback that answers a failure, before what waits: that has been held back, and goes when it may."""
    mending.begin(tx, failed, release)
    queued = sa.and_(of_lane(failed.lane), deployments.c.state == State.QUEUED, deployments.c.again == 0)
    for each in read_all(tx, tx.rows(SELECTED.where(queued).order_by(deployments.c.seq))):
        wait_behind(tx, each)


def wait_behind(tx: Transaction, held: Deployment) -> Deployment:
    """Let what waits go on behind everything, and give it as it waits there."""
    again = queue_again(tx, held)
    supersede(tx, held, again, contains=True)
    announce(tx, again)
    return again


def supersede(tx: Transaction, older: Deployment, newer: Deployment, *, contains: bool) -> None:
    """Let `older` step back for `newer`, with everything that followed it; `contains`: newer's history has older."""
    followers = _followers(tx, older.id)
    for each in (older, *followers):
        step_back(tx, each, newer, contains=contains, aloud=not contains or each is older)
    sum_up_plans(tx, older)


def step_back(tx: Transaction, older: Deployment, newer: Deployment, *, contains: bool, aloud: bool) -> None:
    """Let one deployment step back for another; `aloud`: its commit says so."""
    removed = newer.kind is Kind.REMOVAL
    contains, sha = contains and not removed, "" if removed else newer.sha
    tx.change(_STEP_BACK, id=older.id, now=tx.now, newer=newer.id, sha=sha, contains=contains, settled=not contains)
    forget_own(tx, older.id)
    stepped_back = find_in(tx, older.id)
    assert stepped_back
    mending.tell(tx, stepped_back)
    tell_who_needs(tx, stepped_back)
    tx.change(_EXPLAIN, id=older.id, reason=status.of(stepped_back).description)
    if older.state is not State.SUPERSEDED:
        note_ended(tx, replace(stepped_back, reason=status.of(stepped_back).description))
    if aloud and older.sha != newer.sha:  # the same commit shows the newer deployment's own states
        announce(tx, stepped_back)
    if older.state is not State.SUPERSEDED and not forge_deployments.are_one(tx, older.id, newer.id):
        forge_deployments.tell(tx, stepped_back, status.of(stepped_back))


def tell_who_needs(tx: Transaction, ended: Deployment) -> None:
    """Let go what waited for a commit to be healthy elsewhere; where it will not be, a newer one takes its place."""
    for one in needing.tell(tx, ended):
        if (newer := newest_queued(tx, one)) and newer.id > one.id:
            supersede(tx, one, newer, contains=one.successor == newer.id and one.successor_contains)
            continue
        tx.change(_WAKE, id=one.id)
        lane = tx.scalar(sa.select(deployments.c.lane_id).where(deployments.c.id == one.id))
        overtake(tx, int(lane), one, ())
        announce(tx, one)


def settle(tx: Transaction, ended: Deployment) -> None:
    """Show on the commit of every follower how the deployment that contains it ended; once. So with what it mends."""
    mending.tell(tx, ended)
    tell_who_needs(tx, ended)
    for follower in _followers(tx, ended.id):
        shown = status.inherited(follower, ended)
        tx.change(_SETTLE, id=follower.id, yes=True, reason=shown.description)
        if follower.sha != ended.sha:
            announce(tx, follower, shown)
        else:  # the commit has the status already; whoever asked for this one has no answer yet
            tell_asker(tx, follower, shown)


def newest_queued(tx: Transaction, deployment: Deployment) -> Deployment | None:
    """Find the deployment that waits behind (or beside) this one in its lane, and that no hold keeps behind it."""
    lane = sa.select(deployments.c.lane_id).where(deployments.c.id == deployment.id).scalar_subquery()
    rows = tx.rows(
        SELECTED.where(
            deployments.c.lane_id == lane, deployments.c.state == State.QUEUED, deployments.c.id != deployment.id
        ).order_by(deployments.c.seq.desc())
    )
    found = read_all(tx, rows)
    standing = holds_on(tx, deployment.lane) if found else []
    here = standing, tx.now
    free = (one for one in found if not (stays_behind(one, deployment, *here) or lags(one, deployment, *here)))
    return next(free, None)


def _followers(tx: Transaction, number: int) -> list[Deployment]:
    query = SELECTED.where(
        deployments.c.successor == number,
        deployments.c.state == State.SUPERSEDED,
        deployments.c.successor_contains.is_(True),
        deployments.c.settled.is_(False),
    )
    return read_all(tx, tx.rows(query.order_by(deployments.c.seq)))


def newest_in(lane: Lane) -> sa.Select[tuple[object, ...]]:
    """Select a lane's newest deployment.

    One that came too late and only follows a newer commit does not count, nor one that only puts drift back.
    """
    newest = SELECTED.where(of_lane(lane), _counts(deployments))
    return newest.order_by(deployments.c.seq.desc()).limit(1)


def is_last_of_its_lane() -> sa.ColumnElement[bool]:
    """Choose the same of many lanes."""
    same = sa.select(_others.c.seq).where(_others.c.lane_id == lanes.c.id, _counts(_others))
    return deployments.c.seq == same.order_by(_others.c.seq.desc()).limit(1).scalar_subquery()


def _counts(rows: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(rows.c.state != State.SUPERSEDED, rows.c.cause != Trigger.SELF_HEAL)
