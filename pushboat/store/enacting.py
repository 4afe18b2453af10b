"""Enacts a routing decision: everything that one delivery leads to, in one transaction or not at all."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.errors import LeaseLost, Outrun
from pushboat.model.ask import Source
from pushboat.model.deployment import Lane, Late, Subject, Turn
from pushboat.model.state import Kind, State
from pushboat.routing import Cancel, Decision, Deploy
from pushboat.routing.buttons import CHECK
from pushboat.store import (
    approving,
    asks,
    audit,
    forge_deployments,
    gaining,
    holding,
    leaving,
    needing,
    proposals,
    proposing,
    repeating,
    routed,
    untouched,
)
from pushboat.store.announcing import announce
from pushboat.store.cancelling import cancel
from pushboat.store.coming_late import steps_back
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments
from pushboat.store.database.texts import LONGEST_DETAILS, bounded
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import find_in
from pushboat.store.hold_rows import put_own
from pushboat.store.queueing import ask_after, begin_group
from pushboat.store.saying import say
from pushboat.store.superseding import overtake
from pushboat.store.turns import HINT_AT_ONCE

_HOLD = sa.text(
    f"UPDATE repository SET lease_until = :until, {HINT_AT_ONCE} WHERE name = :name AND fence = :fence"  # noqa: S608
)
_ROUTED = sa.text(
    "UPDATE delivery SET routed_at = :now, reason = :sentence, details = :details, deployments = :deployments "
    "WHERE id = :id AND repository = :repository AND routed_at IS NULL"
)
_LANE = sa.text(
    "INSERT INTO lane (repository, environment, number, follows) VALUES (:repository, :environment, :number, :follows) "
    "ON CONFLICT (repository, environment, number) DO UPDATE SET "
    "follows = CASE WHEN :follows = '' THEN lane.follows ELSE :follows END RETURNING id"
)
_NUMBER = sa.text("UPDATE lane SET seq = seq + 1 WHERE id = :id RETURNING seq")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingClaim:
    """A router's right to route one repository's deliveries; each one routed or looked up renews it by `ttl`."""

    repository: str
    owner: str
    fence: int
    ttl: float

    @property
    def turn(self) -> Turn:
        """Give what the lease is renewed by."""
        return Turn(subject=Subject.REPOSITORY, key=self.repository, fence=self.fence, owner=self.owner)


def complete(
    store: Store,
    claim: RoutingClaim,
    delivery_id: int,
    decision: Decision,
    contained: Collection[int] = (),
    *,
    outdated: Mapping[str, Late] | None = None,
    ahead: Collection[str] = (),
    moved: str = "",
) -> tuple[int, ...]:
    """Write down everything that a delivery leads to and return its deployments.

    Args:
        contained: unfinished older deployments whose commit the new one contains.
        outdated: environments where a newer deployment exists already, which this one steps back for.
        ahead: environments where this one is the newest, whatever was accepted after it.
        moved: the branch that the delivery told of.

    Raises:
        LeaseLost: another router has the repository, or has routed this delivery.
        Outrun: there is nothing left of what the decision wants to cancel or lift.
    """
    with store.writing() as tx:
        if not tx.change(_HOLD, name=claim.repository, fence=claim.fence, until=tx.now + claim.ttl):
            raise LeaseLost(f"another router has taken {claim.repository}")
        holding.put_and_lift(tx, claim.repository, decision, delivery_id)  # before any lane is locked
        proposing.propose(tx, claim.repository, decision)
        begun, anew = _begin(tx, claim.repository, delivery_id, decision, contained, outdated or {}, ahead)
        numbers = (*begun, *_cancelled(tx, claim.repository, decision))
        done = tx.change(
            _ROUTED,
            id=delivery_id,
            repository=claim.repository,
            now=tx.now,
            sentence=routed.sentence(tx, delivery_id, decision, anew) + repeating.tried_before(tx, delivery_id, anew),
            details=bounded(decision.details, LONGEST_DETAILS),
            deployments=json.dumps(numbers),
        )
        if not done:
            raise LeaseLost(f"delivery {delivery_id} has been routed already")
        say(tx, claim.repository, delivery_id, decision, outdated or ())
        proposing.take_back(tx, claim.repository, decision)
        if moved:
            proposals.base_moved(tx, claim.repository, moved)
            followed = {act.environment for act in decision.acts if isinstance(act, Deploy) and act.kind is Kind.DEPLOY}
            gaining.plan_also_for(tx, claim.repository, moved, followed)
        _remember(tx, delivery_id, decision, numbers)
    return numbers


def _begin(
    tx: Transaction,
    repository: str,
    delivery_id: int,
    decision: Decision,
    contained: Collection[int],
    outdated: Mapping[str, Late],
    ahead: Collection[str],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give all deployments of a decision, and those of them that are no repetition."""
    same = untouched.repeat(tx, repository, delivery_id, decision, outdated)
    acts = [act for act in decision.acts if isinstance(act, Deploy)]
    anew = {
        index: _deploy(
            tx,
            repository,
            delivery_id,
            act,
            contained,
            outdated.get(act.environment),
            ahead=act.environment in ahead,
        )
        for index, act in enumerate(acts)
        if not (act.same and act.environment in same)
    }
    every = (anew[index] if index in anew else same[act.environment] for index, act in enumerate(acts))
    return tuple(every), tuple(anew.values())


def _cancelled(tx: Transaction, repository: str, decision: Decision) -> tuple[int, ...]:
    numbers: tuple[int, ...] = ()
    for act in decision.acts:
        if isinstance(act, Cancel):
            lane = Lane(repository=repository, environment=act.environment)
            stopped = cancel(tx, lane, act.by, pull_request=act.pull_request)
            if not stopped:
                raise Outrun(f"everything in {act.environment} has ended meanwhile")
            ask_after(tx, stopped)
            numbers += stopped
    return numbers


def _remember(tx: Transaction, delivery_id: int, decision: Decision, numbers: tuple[int, ...]) -> None:
    """Leave what became of the delivery's ask in the audit."""
    if decision.answer is None:
        return
    for ask in asks.of_deliveries(tx, (delivery_id,)).get(delivery_id, ()):
        audit.append(tx, ask, delivery_id, decision.answer, numbers[0] if numbers else None)
        if ask.source is Source.BUTTON and not ask.number:
            # No conversation answers it: its check does. And after Re-run GitHub shows all checks of the commit as
            # waiting until one of them is told of again.
            repeating.say_again(tx, ask.repository, ask.sha, ask.arguments.get(CHECK, ""))


def _deploy(
    tx: Transaction,
    repository: str,
    delivery_id: int,
    wanted: Deploy,
    contained: Collection[int],
    newer: Late | None,
    *,
    ahead: bool,
) -> int:
    lane = Lane(repository=repository, environment=wanted.environment, number=wanted.number)
    place = {"repository": repository, "environment": lane.environment, "number": lane.number}
    lane_id = tx.scalar(_LANE, **place, follows=wanted.follows)
    if wanted.once and (there := repeating.there_already(tx, lane, wanted)):
        return there
    if wanted.forge_number and (there := forge_deployments.known_as(tx, lane_id, wanted.forge_number)):
        return there
    number = int(
        tx.scalar(sa.insert(deployments).returning(deployments.c.id), **_row(tx, lane_id, delivery_id, wanted))
    )
    put_own(tx, number, lane, wanted.holds)
    needing.settle_met(tx, number)
    approving.settle(tx, number)
    begin_group(tx, lane, wanted, number)
    queued = find_in(tx, number)
    assert queued
    if queued.kind is Kind.PLAN:  # of a head as it stands: it answers from now on, whoever else asked for one before
        newer, ahead = None, True
        proposals.begin(tx, queued)
    if steps_back(tx, queued, newer, ahead=ahead):
        return number
    announce(tx, queued)
    if queued.kind is Kind.DEPLOY:
        leaving.settle_left(tx, queued)
    overtake(tx, lane_id, queued, contained)
    return number


def _row(tx: Transaction, lane_id: int, delivery_id: int, wanted: Deploy) -> dict[str, object]:
    return {
        "lane_id": lane_id,
        "seq": tx.scalar(_NUMBER, id=lane_id),
        "kind": wanted.kind.value,
        "ref": wanted.ref,
        "sha": wanted.sha,
        "author": wanted.author,
        "cause": wanted.trigger.value,
        "prune_many": wanted.prune_many,
        "again": wanted.release,
        "skip_hooks": wanted.skip_hooks,
        "base": wanted.base,
        "pull_request": wanted.pull_request,
        "glass": wanted.glass,
        "forge_number": wanted.forge_number,
        "promoted_from": wanted.promoted.environment if wanted.promoted else "",
        "promoted_release": wanted.promoted.release if wanted.promoted else 0,
        "delivery_id": delivery_id,
        "state": State.QUEUED.value,
        "created_at": tx.now,
    }
