"""Enacts a routing decision: everything that one delivery leads to, in one transaction or not at all.

Many deployments are begun in shares, a transaction each; the delivery is routed with the last one (shares.py).
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from pushboat.errors import LeaseLost, Outrun
from pushboat.model.ask import Source
from pushboat.model.deployment import Lane, Late, Subject, Turn
from pushboat.model.state import Kind
from pushboat.routing import Cancel, Decision, Deploy
from pushboat.routing.buttons import CHECK
from pushboat.store import asks, audit, gaining, holding, proposals, proposing, repeating, routed, shares, untouched
from pushboat.store.announcing import sum_up_plans
from pushboat.store.beginning import Order, begin
from pushboat.store.cancelling import cancel
from pushboat.store.database.engine import Store
from pushboat.store.database.texts import LONGEST_DETAILS, bounded
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import find_in
from pushboat.store.queueing import ask_after
from pushboat.store.saying import say
from pushboat.store.shares import AT_ONCE, Begun
from pushboat.store.turns import HINT_AT_ONCE
from pushboat.store.untouched import Untouched

_HOLD = sa.text(
    f"UPDATE repository SET lease_until = :until, {HINT_AT_ONCE} WHERE name = :name AND fence = :fence"  # noqa: S608
)
_ROUTED = sa.text(
    "UPDATE delivery SET routed_at = :now, taken_up_at = :taken_up_at, reason = :sentence, details = :details, "
    "deployments = :deployments WHERE id = :id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingClaim:
    """A router's right to route one repository's deliveries; each one routed or looked up renews it by `ttl`.

    `took_up` is when the router took up the one in hand, by `time.monotonic` (0: nobody says).
    """

    repository: str
    owner: str
    fence: int
    ttl: float
    took_up: float = 0.0

    @property
    def turn(self) -> Turn:
        """Give what the lease is renewed by."""
        return Turn(subject=Subject.REPOSITORY, key=self.repository, fence=self.fence, owner=self.owner)


def _go_on() -> None:
    """Wait for nobody."""


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
    at_once: int = AT_ONCE,
    between: Callable[[], object] = _go_on,
) -> tuple[int, ...]:
    """Write down everything that a delivery leads to and return its deployments.

    Args:
        contained: unfinished older deployments whose commit the new one contains.
        outdated: environments where a newer deployment exists already, which this one steps back for.
        ahead: environments where this one is the newest, whatever was accepted after it.
        moved: the branch that the delivery told of.
        at_once: deployments that one transaction begins.
        between: is called after each transaction but the last.

    Raises:
        LeaseLost: another router has the repository, or has routed this delivery.
        Outrun: there is nothing left of what the decision wants to cancel or lift.
    """
    order = Order(contained=contained, outdated=outdated or {}, ahead=ahead)
    while True:
        with store.writing() as tx:
            begun = _held(tx, claim, delivery_id)
            part = shares.share(shares.left(claim.repository, decision, begun), at_once)
            if not part:
                return _all_the_rest(tx, claim, delivery_id, decision, order, begun, moved)
            if not begun:
                proposing.propose(tx, claim.repository, decision)
            made = begin(tx, claim.repository, delivery_id, part, order)
            lanes = (shares.lane_of(claim.repository, act) for act in part)
            shares.note(tx, delivery_id, begun | dict(zip(lanes, made, strict=True)))
        between()


def _held(tx: Transaction, claim: RoutingClaim, delivery_id: int) -> Begun:
    """Prolong the right to route a delivery, and give what has begun of it."""
    if not tx.change(_HOLD, name=claim.repository, fence=claim.fence, until=tx.now + claim.ttl):
        raise LeaseLost(f"another router has taken {claim.repository}")
    return shares.begun_so_far(tx, claim.repository, delivery_id)


def _all_the_rest(
    tx: Transaction,
    claim: RoutingClaim,
    delivery_id: int,
    decision: Decision,
    order: Order,
    begun: Begun,
    moved: str,
) -> tuple[int, ...]:
    """Begin what has not begun, and write down all that the decision says beside its deployments."""
    repository, rest = claim.repository, shares.left(claim.repository, decision, begun)
    holding.put_and_lift(tx, repository, rest, delivery_id)  # before any lane is locked
    proposing.propose(tx, repository, rest, begun=bool(begun))
    same = untouched.repeat(tx, repository, delivery_id, rest, order.outdated)
    decided, anew, made = _begin(tx, repository, delivery_id, rest, order, same)
    numbers = (
        *shares.numbers_of(repository, _with_numbers(decision, same), begun, decided),
        *_cancelled(tx, repository, decision),
    )
    every = (*begun.values(), *made)
    found = routed.otherwise(tx, delivery_id, every)
    said = routed.sentence(tx, delivery_id, decision, begun=len(every), found=found, anew=anew)
    said += repeating.tried_before(delivery_id, found)
    tx.change(
        _ROUTED,
        id=delivery_id,
        now=tx.now,
        taken_up_at=tx.now - (tx.began - claim.took_up) if claim.took_up else None,
        sentence=said + shares.before(repository, decision, begun),
        details=bounded(decision.details, LONGEST_DETAILS),
        deployments=json.dumps(numbers),
    )
    say(tx, repository, delivery_id, decision, order.outdated)
    proposing.take_back(tx, repository, decision)
    if moved:
        proposals.base_moved(tx, repository, moved)
        followed = {act.environment for act in decision.acts if isinstance(act, Deploy) and act.kind is Kind.DEPLOY}
        gaining.plan_also_for(tx, repository, moved, followed)
    _remember(tx, delivery_id, decision, numbers)
    for number in _plans_of(begun):  # some may have ended before all had begun
        if plan := find_in(tx, number):
            sum_up_plans(tx, plan)
    return numbers


def _begin(
    tx: Transaction, repository: str, delivery_id: int, decision: Decision, order: Order, same: Untouched
) -> tuple[list[int], list[Deploy], list[int]]:
    """Give all deployments of a decision; and what of it is no repetition, with the numbers of those.

    What many environments share one row for has no number.
    """
    acts = [act for act in _with_numbers(decision, same).acts if isinstance(act, Deploy)]
    anew = [act for act in acts if not same.has(act)]
    made = begin(tx, repository, delivery_id, anew, order)
    rest = iter(made)
    every = [same.rows[act.environment] if same.has(act) else next(rest) for act in acts]
    return every, anew, made


def _with_numbers(decision: Decision, same: Untouched) -> Decision:
    """Leave out what many environments share one row for."""
    if not same.together:
        return decision
    acts = (
        act for act in decision.acts if not (isinstance(act, Deploy) and act.same and act.environment in same.together)
    )
    return replace(decision, acts=tuple(acts))


def _plans_of(begun: Begun) -> Iterable[int]:
    """Give a plan of each proposal that one has begun for: any stands for all of its proposal's."""
    return {lane.number: number for lane, number in begun.items() if lane.number}.values()


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
        about = numbers[0] if numbers else decision.answer.deployment or None
        audit.append(tx, ask, delivery_id, decision.answer, about)
        if ask.source is Source.BUTTON and not ask.number:
            # No conversation answers it: its check does. And after Re-run GitHub shows all checks of the commit as
            # waiting until one of them is told of again.
            repeating.say_again(tx, ask.repository, ask.sha, ask.arguments.get(CHECK, ""))
