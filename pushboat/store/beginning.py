"""Begins deployments: a place in their lane, a row, what they wait for themselves, a first word at the forge."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.deployment import Lane, Late
from pushboat.model.state import Kind, State
from pushboat.routing import Deploy
from pushboat.store import approving, forge_deployments, leaving, needing, proposals, repeating
from pushboat.store.announcing import announce
from pushboat.store.coming_late import steps_back
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import find_in
from pushboat.store.hold_rows import put_own
from pushboat.store.queueing import begin_group
from pushboat.store.superseding import overtake

_LANE = sa.text(
    "INSERT INTO lane (repository, environment, number, follows) VALUES (:repository, :environment, :number, :follows) "
    "ON CONFLICT (repository, environment, number) DO UPDATE SET "
    "follows = CASE WHEN :follows = '' THEN lane.follows ELSE :follows END RETURNING id"
)
_NUMBER = sa.text("UPDATE lane SET seq = seq + 1 WHERE id = :id RETURNING seq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How what begins stands to what is there: `contained` are unfinished older deployments whose commit it contains,
    `outdated` the environments where something newer is there, `ahead` those where it is the newest in any case."""

    contained: Collection[int]
    outdated: Mapping[str, Late]
    ahead: Collection[str]


def begin(tx: Transaction, repository: str, delivery_id: int, wanted: Deploy, order: Order) -> int:
    """Queue what is wanted in one environment, or let it step back; give its number, or that of what is there."""
    newer, ahead = order.outdated.get(wanted.environment), wanted.environment in order.ahead
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
    overtake(tx, lane_id, queued, order.contained)
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
