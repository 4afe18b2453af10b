"""Approvals given, taken back and fallen away, and counted for what waits for them in the same transaction.

The caller has locked the repository, so that of an approval and a push at once one sees the other.
"""

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from pushboat.model.approval import Approval, same_name
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.routing import Approve, Carry, Unapprove, approving
from pushboat.routing.forge_rules import REVIEWERS
from pushboat.store import approvals, noticing, pushers
from pushboat.store import holds as standing
from pushboat.store.announcing import lock_repository
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments, holds, lanes
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.hold_rows import read_hold

KIND = "approval"
_NEEDING = sa.select(
    deployments.c.id,
    deployments.c.sha,
    deployments.c.author,
    deployments.c.again,
    deployments.c.approvals,
    lanes.c.repository,
    lanes.c.environment,
    lanes.c.deployed_sha,
).join(lanes, lanes.c.id == deployments.c.lane_id)


def give(tx: Transaction, repository: str, act: Approve, delivery: int) -> None:
    """Keep an approval that a delivery asked for, and let go what waited for it alone."""
    mine = [
        each
        for each in approvals.of(tx, repository, act.environment, act.sha)
        if same_name(each.who) == same_name(act.who)
    ]
    if all(each.ended for each in mine):
        new = Approval(who=act.who, sha=act.sha, source=act.source, number=act.number, delivery=delivery, at=tx.now)
        approvals.keep(tx, repository, act.environment, new)
    if act.opener:
        pushers.note(tx, repository, act.sha, act.opener, number=act.number)
    lane = Lane(repository=repository, environment=act.environment)
    _recount(tx, lane, act.whom, act.sha)
    _ask_the_forges_rules(tx, lane, act.sha)


def take_back(tx: Transaction, repository: str, act: Unapprove) -> None:
    """Let a person's approval of a commit count no more; what has not begun waits again."""
    every = approvals.of(tx, repository, act.environment, act.sha)
    approvals.end(tx, [each for each in every if same_name(each.who) == same_name(act.who)], approving.TAKEN_BACK)
    _recount(tx, Lane(repository=repository, environment=act.environment), act.whom, act.sha)


def carry(tx: Transaction, repository: str, act: Carry) -> None:
    """Let the approvals that a pull request's head has count for its merge; those of the merge itself stay."""
    there = {same_name(each.who) for each in approvals.of(tx, repository, act.environment, act.sha)}
    for each in approving.that_count(approvals.of(tx, repository, act.environment, act.head), there):
        approvals.keep(tx, repository, act.environment, replace(each, sha=act.sha))
    _recount(tx, Lane(repository=repository, environment=act.environment), act.whom, act.sha)


def settle(tx: Transaction, number: int) -> None:
    """Let a deployment that begins to wait, or waits again, know which approvals are there already."""
    row = tx.row(sa.select(holds).where(holds.c.kind == KIND, holds.c.deployment == number))
    if row is not None:
        _settle(tx, number, row)
    noticing.tell_waiting(tx, number)


def _settle(tx: Transaction, number: int, row: Row) -> None:
    tx.change(sa.update(deployments).where(deployments.c.id == number).values(approvals=int(row["subject"])))
    found = tx.row(_NEEDING.where(deployments.c.id == number))
    assert found, "a hold goes with its deployment"
    given, every = _given(tx, found)
    if len(given) >= found["approvals"]:
        tx.change(sa.delete(holds).where(holds.c.id == row["id"]))
    else:
        reason = approving.missing(found["approvals"], given, every)
        tx.change(sa.update(holds).where(holds.c.id == row["id"]).values(reason=reason))


def given(store: Store, deployment: Deployment, at_least: int) -> tuple[int, list[Approval]]:
    """Say how many approvals a deployment needs, which may be more since, and which of its commit's count for it.

    Where it needs none, nobody looks for them: who is behind a commit may be a long way back.
    """
    with store.reading() as tx:
        row = tx.row(_NEEDING.where(deployments.c.id == deployment.id))
        needed = max(row["approvals"] if row else 0, at_least)
        return needed, _given(tx, row)[0] if row and needed else []


def by(store: Store, deployment: Deployment) -> list[str]:
    """Name everybody whose approval of a deployment's commit stands; who of them counts is another's to judge."""
    return [each.who for each in _every(store, deployment) if not each.ended]


def _every(store: Store, deployment: Deployment) -> list[Approval]:
    lane = deployment.lane
    with store.reading() as tx:
        return approvals.of(tx, lane.repository, lane.environment, deployment.sha)


def fall_away(store: Store, repository: str, gone: Iterable[Approval]) -> None:
    """Let approvals count no more whose givers may not approve any more."""
    with store.writing() as tx:
        lock_repository(tx, repository)
        approvals.end(tx, gone, approving.MAY_NOT)


def fell_away(store: Store, deployment: Deployment) -> list[Approval]:
    """Give the approvals of a deployment's commit whose givers could not approve any more, one of each person."""
    newest = {same_name(each.who): each for each in _every(store, deployment)}
    return [each for each in newest.values() if each.ended == approving.MAY_NOT]


def come_back(store: Store, deployment: Deployment, back: Iterable[Approval], whom: str) -> None:
    """Let approvals that had fallen away count once more: their givers may approve again."""
    lane = deployment.lane
    with store.writing() as tx:
        lock_repository(tx, lane.repository)
        every = approvals.of(tx, lane.repository, lane.environment, deployment.sha)
        there = {same_name(each.who) for each in every if not each.ended}
        for each in back:
            if same_name(each.who) not in there:
                approvals.keep(tx, lane.repository, lane.environment, each)
        _recount(tx, lane, whom, deployment.sha)


def expect(store: Store, deployment: Deployment, needed: int, whom: str) -> None:
    """Let what waits for its turn need so many approvals from now on, where those were others until now."""
    one = sa.and_(deployments.c.id == deployment.id, deployments.c.state == State.QUEUED)
    other = sa.and_(one, deployments.c.approvals != needed)
    with store.reading() as tx:
        if not tx.row(sa.select(deployments.c.id).where(other)):
            return
    with store.writing() as tx:
        lock_repository(tx, deployment.lane.repository)
        tx.change(sa.update(deployments).where(other).values(approvals=needed))
        if row := tx.row(_NEEDING.where(one)):
            _count(tx, row, whom)


def runs_now(tx: Transaction, ended: Deployment) -> None:
    """Let go what has approvals enough now that something else runs there: fewer people are behind what comes."""
    _recount(tx, ended.lane, "")


def listed(store: Store, lane: Lane, sha: str) -> tuple[list[Approval], dict[str, str]]:
    """Give all approvals of a commit for an environment, and who is behind the commit, with the reason."""
    with store.reading() as tx:
        here = sa.and_(lanes.c.repository == lane.repository, lanes.c.environment == lane.environment)
        runs = tx.scalar(sa.select(lanes.c.deployed_sha).where(here, lanes.c.number == 0)) or ""
        return approvals.of(tx, lane.repository, lane.environment, sha), pushers.behind(tx, lane.repository, sha, runs)


def are_there(store: Store, lane: Lane, sha: str) -> bool:
    """Say whether a commit has approvals for an environment."""
    with store.reading() as tx:
        return bool(approvals.of(tx, lane.repository, lane.environment, sha))


def is_known(store: Store, repository: str, sha: str) -> bool:
    """Say whether a commit was pushed or proposed here, as far as we were told."""
    with store.reading() as tx:
        return pushers.is_known(tx, repository, sha)


def _recount(tx: Transaction, lane: Lane, whom: str, sha: str = "") -> None:
    """Let go, or hold back, each deployment (of a commit) that waits for its turn and needs approvals."""
    waiting = _NEEDING.where(
        lanes.c.repository == lane.repository,
        lanes.c.environment == lane.environment,
        lanes.c.number == 0,
        deployments.c.sha == sha if sha else sa.true(),
        deployments.c.state == State.QUEUED,
        deployments.c.approvals > 0,
    )
    for row in tx.rows(waiting.order_by(deployments.c.id)):
        _count(tx, row, whom)


def _count(tx: Transaction, row: Row, whom: str) -> None:
    """Let one go, or hold it back; where nobody says who may approve it, what is free is asked at its start."""
    needed, held, (given, every) = row["approvals"], _held(tx, row["id"]), _given(tx, row)
    scope = Scope(repository=row["repository"], environment=row["environment"], deployment=row["id"])
    if held and (len(given) >= needed or held.subject != str(needed)):
        standing.lift_in(tx, KIND, scope, held.subject)
    by = held.by if held else whom
    if len(given) < needed and by:
        reason = approving.missing(needed, given, every)
        standing.put_in(tx, Hold(kind=KIND, scope=scope, by=by, subject=str(needed), sha=row["sha"], reason=reason))
        noticing.tell_waiting(tx, row["id"])


def _ask_the_forges_rules(tx: Transaction, lane: Lane, sha: str) -> None:
    """Let what waits for the forge's reviewers be tried again: its rules judge who approved by now."""
    waiting = sa.select(holds).join(deployments, deployments.c.id == holds.c.deployment)
    here = sa.and_(holds.c.repository == lane.repository, holds.c.environment == lane.environment)
    for row in tx.rows(waiting.where(here, holds.c.kind == REVIEWERS, deployments.c.sha == sha)):
        hold = read_hold(row)
        standing.lift_in(tx, REVIEWERS, hold.scope, hold.subject)


def _held(tx: Transaction, number: int) -> Hold | None:
    row = tx.row(sa.select(holds).where(holds.c.kind == KIND, holds.c.deployment == number))
    return read_hold(row) if row else None


def _given(tx: Transaction, row: Row) -> tuple[list[Approval], list[Approval]]:
    """Give the approvals that count for a deployment, and all of its commit's.

    Whoever asked for it is apart, and so are those behind the commit; a release that comes back was approved when it
    was made.
    """
    every = approvals.of(tx, row["repository"], row["environment"], row["sha"])
    people = {} if row["again"] else pushers.behind(tx, row["repository"], row["sha"], row["deployed_sha"])
    return approving.that_count(every, {*people, same_name(row["author"])}), every
