"""Begins deployments: a place in their lane, a row, what they wait for themselves, a first word at the forge.

All of a share at once: what is the same for each of them is asked and written in one statement, and one by one is only
looked at what has something before it that has not ended, waits for something of its own, or comes late.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, Lane, Late
from pushboat.model.state import Kind, State
from pushboat.routing import Deploy
from pushboat.store import approving, audit, forge_deployments, lane_rows, leaving, needing, proposals, repeating
from pushboat.store.announcing import announce_begun
from pushboat.store.coming_late import steps_back
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, read_all
from pushboat.store.hold_rows import put_own
from pushboat.store.lane_rows import Last, Place
from pushboat.store.queueing import begin_group
from pushboat.store.shares import lane_of
from pushboat.store.superseding import overtake
from pushboat.store.waiting import held_among

_PUT = sa.text(
    "INSERT INTO deployment (lane_id, seq, kind, ref, sha, author, cause, prune_many, again, skip_hooks, base, "
    "pull_request, glass, forge_number, promoted_from, promoted_release, delivery_id, state, created_at) "
    "VALUES (:lane_id, :seq, :kind, :ref, :sha, :author, :cause, :prune_many, :again, :skip_hooks, :base, "
    ":pull_request, :glass, :forge_number, :promoted_from, :promoted_release, :delivery_id, :state, :now)"
)
_PUT_JUST_NOW = sa.text(
    "SELECT d.id, d.lane_id FROM lane l JOIN deployment d ON d.lane_id = l.id AND d.seq = l.seq WHERE l.id IN :lanes"
).bindparams(sa.bindparam("lanes", expanding=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How what begins stands to what is there: `contained` are unfinished older deployments whose commit it contains,
    `outdated` the environments where something newer is there, `ahead` those where it is the newest in any case."""

    contained: Collection[int]
    outdated: Mapping[str, Late]
    ahead: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """A deployment that begins: its number, what it does, its place and what was the newest there."""

    number: int
    act: Deploy
    place: Place
    last: Last | None


def begin(tx: Transaction, repository: str, delivery: int, acts: Sequence[Deploy], order: Order) -> list[int]:
    """Queue what is wanted, or let it step back; give their numbers, or those of what is there already."""
    begun: list[int] = []
    while len(begun) < len(acts):
        together: dict[Lane, Deploy] = {}  # a lane takes one after the other
        for act in acts[len(begun) :]:
            lane = lane_of(repository, act)
            if lane in together:
                break
            together[lane] = act
        begun += _begin(tx, repository, delivery, together, order)
    return begun


def _begin(tx: Transaction, repository: str, delivery: int, acts: Mapping[Lane, Deploy], order: Order) -> list[int]:
    rows = lane_rows.places(tx, acts)
    wanted = {rows[lane].id: act for lane, act in acts.items()}
    lane_rows.follow(tx, [(lane, act.follows) for lane, act in wanted.items() if act.follows])
    last = lane_rows.last_of(tx, [place.id for place in rows.values() if place.seq])
    there = repeating.there_already(tx, repository, wanted, last)
    for lane, act in wanted.items():
        if act.forge_number and lane not in there and (known := forge_deployments.known_as(tx, lane, act.forge_number)):
            there[lane] = known
    missing = {rows[lane]: act for lane, act in acts.items() if rows[lane].id not in there}
    made = _put(tx, delivery, missing)
    new = [_New(number=made[place.id], act=act, place=place, last=last.get(place.id)) for place, act in missing.items()]
    _put_holds(tx, repository, new)
    _show(tx, repository, delivery, new, order)
    return [there[lane] if lane in there else made[lane] for lane in wanted]


def _put(tx: Transaction, delivery: int, acts: Mapping[Place, Deploy]) -> dict[int, int]:
    """Write the rows, in the order of the acts; give their numbers by lane."""
    if not acts:
        return {}
    tx.change_each(_PUT, [_row(place, act, delivery, tx.now) for place, act in acts.items()])
    lanes = [place.id for place in acts]
    lane_rows.move_on(tx, lanes)
    return {row["lane_id"]: int(row["id"]) for row in tx.rows(_PUT_JUST_NOW, lanes=lanes)}


def _put_holds(tx: Transaction, repository: str, new: Iterable[_New]) -> None:
    """Put what deployments begin with."""
    for one in new:
        lane = lane_of(repository, one.act)
        if one.act.holds:
            put_own(tx, one.number, lane, one.act.holds)
            needing.settle_met(tx, one.number)
            approving.settle(tx, one.number)
        begin_group(tx, lane, one.act, one.number)


def _show(tx: Transaction, repository: str, delivery: int, new: Sequence[_New], order: Order) -> None:
    """Let what comes late step back, and the others be seen and take the place of what is before them."""
    queued = _queued(tx, new)
    audit.note_begun(tx, queued.values())
    held = held_among(tx, repository, {one.act.environment for one in new})
    late = False
    for one in new:
        newer, ahead = order.outdated.get(one.act.environment), one.act.environment in order.ahead
        if one.act.kind is Kind.PLAN:
            # Of a head as it stands: it answers from now on, whoever else asked for one before.
            newer, ahead = None, True
            proposals.begin(tx, queued[one.number])
        if newer or (not ahead and _may_be_late(one, held, delivery)):
            late |= steps_back(tx, queued[one.number], newer, ahead=ahead)
    if late:  # which others may have waited for
        queued = _queued(tx, new)
    announce_begun(tx, repository, queued.values())
    busy = lane_rows.busy(tx, [one.place.id for one in new], [one.number for one in new])
    for one in new:
        if one.number not in queued:
            continue
        if one.place.left_with and one.act.kind is Kind.DEPLOY:
            leaving.settle_left(tx, queued[one.number])
        if one.place.id in busy:
            overtake(tx, one.place.id, queued[one.number], order.contained)


def _may_be_late(one: _New, held: Collection[str], delivery: int) -> bool:
    """Say whether something newer may be there: holds let one pass another, and else the newest alone decides."""
    if one.last is None:
        return False
    return one.act.environment in held or (one.last.delivery or 0) > delivery


def _queued(tx: Transaction, new: Iterable[_New]) -> dict[int, Deployment]:
    numbers = [one.number for one in new]
    rows = tx.rows(SELECTED.where(deployments.c.id.in_(numbers), deployments.c.state == State.QUEUED))
    found = {each.id: each for each in read_all(tx, rows)}
    return {number: found[number] for number in numbers if number in found}


def _row(place: Place, wanted: Deploy, delivery: int, now: float) -> dict[str, object]:
    return {
        "lane_id": place.id,
        "seq": place.seq + 1,
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
        "delivery_id": delivery,
        "state": State.QUEUED.value,
        "now": now,
    }
