"""How a lane is let go: a deployment ends, is given back for another try, or its worker's lease has run out."""

from collections.abc import Sequence
from dataclasses import asdict, replace

import sqlalchemy as sa

from pushboat.model import status
from pushboat.model.changeset import Change
from pushboat.model.deployment import Claim, Counts, Deployment
from pushboat.model.footprint import Footprint
from pushboat.model.hold import Hold
from pushboat.model.release import Render
from pushboat.model.state import Kind, State
from pushboat.store import approving, cancelling, change_sets, footprints, holds, mending, proposals, releases, tallies
from pushboat.store.announcing import announce, lock_repository, sum_up_plans
from pushboat.store.audit import note_ended
from pushboat.store.database.engine import Store
from pushboat.store.database.texts import LONGEST_DETAILS, LONGEST_REASON, bounded
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.deployments import find_in
from pushboat.store.hold_rows import forget_own, put_own
from pushboat.store.leaving import settle_left
from pushboat.store.logging_ends import log_end
from pushboat.store.measuring import has_ended, was_taken_over
from pushboat.store.noticing import tell_end
from pushboat.store.queueing import ask_for_the_next
from pushboat.store.superseding import begin_mending, newest_queued, settle, supersede
from pushboat.store.turns import HINT_AT_ONCE, LET_GO, TAKE_AWAY, is_free

MAX_ATTEMPTS = 5
"""Claims of one deployment; a revision that kills its worker every time must not do so for ever."""

# ruff: noqa: S608 - the statements are put together from constants only
_FREE = sa.text(f"UPDATE lane SET running = NULL, {LET_GO} WHERE running = :id AND fence = :fence")
_EXPIRED = sa.text(
    f"SELECT l.running AS id, l.fence, l.repository FROM lane l WHERE l.running IS NOT NULL AND {is_free('l')}"
)
_TAKE_AWAY = sa.text(
    f"UPDATE lane SET {TAKE_AWAY}, running = NULL, took_over = :yes "
    f"WHERE running = :id AND fence = :fence AND {is_free('lane')}"
)
_DEPLOYED = sa.text(  # what waits behind a pin is not behind a deployment that put drift back meanwhile
    "UPDATE lane SET deployed_seq = CASE d.cause WHEN 'self-heal' THEN deployed_seq ELSE d.seq END, "
    "deployed_sha = d.sha, took_over = :no FROM deployment d WHERE d.id = :id AND lane.id = d.lane_id"
)
_END = sa.text(
    "UPDATE deployment SET state = :state, reason = :reason, details = :details, logs = :logs, finished_at = :now, "
    "created = :created, configured = :configured, unchanged = :unchanged, deleted = :deleted, "
    "recreated = :recreated, refused = :refused, aftermath = :aftermath, successor = NULL, successor_sha = '', "
    "successor_contains = :no WHERE id = :id AND state = 'running'"
)
_PUT_BACK = sa.text(
    f"UPDATE deployment SET state = 'queued', reason = :reason, not_before = :not_before, {HINT_AT_ONCE}, "
    "attempts = attempts - :forgiven WHERE id = :id AND state = 'running'"
)
_WAKE_NEXT = sa.text(
    f"UPDATE deployment SET {HINT_AT_ONCE} "
    "WHERE state = 'queued' AND lane_id = (SELECT lane_id FROM deployment WHERE id = :id)"
)


def finish(
    store: Store,
    claim: Claim,
    state: State,
    reason: str,
    *,
    details: str = "",
    logs: str = "",
    counts: Counts | None = None,
    changes: Sequence[Change] = (),
    render: Render | None = None,
    footprint: Footprint | None = None,
    rollback: bool | None = False,
    unsure: bool = False,
) -> Deployment | None:
    """End a deployment, free its lane, and give it as it is then; None, and nothing changed, where that is not ours.

    What got through leaves its release, where it has a `render` and did more than put drift back, and its `footprint`.
    `rollback`: a failure is answered by one; None where nobody knows whether its environment wants that. `unsure`: more
    may be written than `changes` say, by an earlier attempt.
    With state superseded it steps back for the newest one that waits; where none does, it goes on waiting itself.
    """
    assert state.ended
    with store.writing() as tx:
        if not _let_go(tx, claim):
            return None
        # What a removal asked the cluster to delete goes on going, whatever it has seen gone.
        unsure = (unsure or claim.deployment.kind is Kind.REMOVAL) and state is not State.SUCCEEDED
        change_sets.keep(tx, claim.deployment.id, changes, unsure=unsure)
        if state is State.SUPERSEDED:
            _step_aside(tx, claim.deployment.id, reason, 0.0, counts=counts)
        else:
            if state is State.SUCCEEDED and render and not claim.deployment.heals:
                releases.keep(tx, claim.deployment, render)
                tallies.became_healthy(tx, claim.deployment)
                if footprint:
                    footprints.keep(tx, claim.deployment, footprint)
            answer = mending.NOTHING
            failed = _found(tx, claim.deployment.id)  # it may have begun to write since its claim, which freezes ask
            if state is State.FAILED and mending.is_wanted(tx, failed, said=rollback):
                answer = mending.decide(tx, failed, counts or Counts(), newest_queued(tx, failed))
            _end(tx, claim.deployment.id, state, reason, details, counts or Counts(), logs, answer.aftermath)
            if answer.release:
                begin_mending(tx, claim.deployment, answer.release)
        tx.change(_WAKE_NEXT, id=claim.deployment.id)
        ended, now = _found(tx, claim.deployment.id), tx.now
    if ended.state.ended:
        log_end(ended, now)
    return ended


def give_back(
    store: Store,
    claim: Claim,
    reason: str,
    delay: float,
    *,
    counted: bool = True,
    counts: Counts | None = None,
    said: bool = True,
) -> bool:
    """Put a deployment back into its lane's queue for `delay` seconds; a newer one that waits supersedes it.

    A try that is not `counted` ended for a reason that says nothing about the deployment, such as our own restart.
    Where the reason is not `said`, its commit goes on showing what it shows.
    """
    with store.writing() as tx:
        if not _let_go(tx, claim):
            return False
        _step_aside(
            tx, claim.deployment.id, reason, tx.now + delay, forgiven=0 if counted else 1, counts=counts, said=said
        )
        tx.change(_WAKE_NEXT, id=claim.deployment.id)
    return True


def hold_back(store: Store, claim: Claim, own: Sequence[Hold]) -> bool:
    """Give a deployment back that may not start yet, with what it waits for; a newer one that waits supersedes it."""
    with store.writing() as tx:
        if not _let_go(tx, claim):
            return False
        put_own(tx, claim.deployment.id, claim.deployment.lane, own)
        approving.settle(tx, claim.deployment.id)  # one may have come since they were counted
        _step_aside(tx, claim.deployment.id, "", 0.0, forgiven=1)
        tx.change(_WAKE_NEXT, id=claim.deployment.id)
    return True


def sweep(store: Store) -> int:
    """Take lanes away from workers whose lease has run out; say how many."""
    with store.reading() as tx:
        expired = tx.rows(_EXPIRED, now=tx.now, far=tx.far)
    return sum(_take_away(store, row) for row in expired)


def _take_away(store: Store, row: Row) -> bool:
    with store.writing() as tx:
        lock_repository(tx, row["repository"])
        if not tx.change(_TAKE_AWAY, id=row["id"], fence=row["fence"], now=tx.now, far=tx.far, yes=True):
            return False
        deployment = _found(tx, row["id"])
        was_taken_over(tx, deployment)
        if deployment.attempts >= MAX_ATTEMPTS and newest_queued(tx, deployment) is None:
            reason = f"its worker died {deployment.attempts} times; see the worker's log, then push again"
            _end(tx, deployment.id, State.ERRORED, reason, "", Counts())
        else:
            _step_aside(tx, deployment.id, "its worker is gone; another one goes on", 0.0)
        tx.change(_WAKE_NEXT, id=deployment.id)
    return True


def _let_go(tx: Transaction, claim: Claim) -> bool:
    lock_repository(tx, claim.deployment.lane.repository)  # what ends changes what proposals show, or marks them
    return tx.change(_FREE, id=claim.deployment.id, fence=claim.fence) == 1


def _end(
    tx: Transaction,
    number: int,
    state: State,
    reason: str,
    details: str,
    counts: Counts,
    logs: str = "",
    aftermath: str = "",
) -> None:
    tx.change(
        _END,
        id=number,
        state=state.value,
        reason=bounded(reason, LONGEST_REASON),
        details=bounded(details, LONGEST_DETAILS),
        logs=logs,
        aftermath=aftermath,
        now=tx.now,
        no=False,
        **asdict(counts),
    )
    forget_own(tx, number)
    note_ended(tx, ended := _found(tx, number))
    has_ended(tx, ended)
    if state is State.SUCCEEDED:
        tx.change(_DEPLOYED, id=number, no=False)
        holds.set_aside_in(tx, ended)
        approving.runs_now(tx, ended)
        if ended.kind is Kind.REMOVAL:
            settle_left(tx, ended)
    if ended.kind is not Kind.PLAN and ended.counts.changes_something:  # also where it broke off halfway
        proposals.environment_moved(tx, ended.lane.repository, ended.lane.environment)
    if ended.kind is Kind.PLAN and state is State.ERRORED and ended.trouble_step:
        proposals.met_an_outage(tx, ended)
    announce(tx, ended)
    tell_end(tx, ended)
    settle(tx, ended)
    sum_up_plans(tx, ended)
    ask_for_the_next(tx, ended)


def _step_aside(
    tx: Transaction,
    number: int,
    reason: str,
    not_before: float,
    *,
    forgiven: int = 0,
    counts: Counts | None = None,
    said: bool = True,
) -> None:
    """Let the newest one that waits go first for good, or else wait again; one that was told to stop ends here."""
    deployment = _found(tx, number)
    if deployment.cancelled_by:
        _end(tx, number, State.CANCELLED, cancelling.reason(deployment.cancelled_by), "", counts or Counts())
        return
    newer = newest_queued(tx, deployment)
    if newer:
        contains = deployment.successor == newer.id and deployment.successor_contains
        supersede(tx, deployment, newer, contains=contains)
        return
    tx.change(_PUT_BACK, id=number, reason=bounded(reason, LONGEST_REASON), not_before=not_before, forgiven=forgiven)
    if said:  # forges do not let a status go back to queued
        announce(tx, deployment, replace(status.of(_found(tx, number)), state=State.RUNNING))


def _found(tx: Transaction, number: int) -> Deployment:
    deployment = find_in(tx, number)
    assert deployment, f"deployment {number} has left the store"
    return deployment
