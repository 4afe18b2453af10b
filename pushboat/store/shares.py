"""What a delivery leads to in many environments is begun in shares, a transaction each, and a crash between two of them
loses nothing: the delivery is routed with the last one, and until then it names what has begun.

Whoever takes it over decides anew, of the same commit, and begins what is not begun yet.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import sqlalchemy as sa

from pushboat.errors import LeaseLost
from pushboat.model.deployment import Lane
from pushboat.model.wording import counted
from pushboat.routing import (
    Approve,
    Cancel,
    Carry,
    Decision,
    Deploy,
    Leave,
    LiftHold,
    Mend,
    Post,
    PutHold,
    Reply,
    Unapprove,
    Withdraw,
)
from pushboat.routing.decision import Act
from pushboat.routing.group_acts import Drop, Enter
from pushboat.store.database.schema import deployments, lanes
from pushboat.store.database.transaction import Transaction

AT_ONCE = 50
"""Deployments that one transaction begins; whoever wants to write meanwhile waits for these and no more."""

Begun = dict[Lane, int]
"""What a delivery has begun so far, by lane."""

_SO_FAR = sa.text("SELECT deployments FROM delivery WHERE id = :id AND repository = :repository AND routed_at IS NULL")
_NOTE = sa.text("UPDATE delivery SET deployments = :numbers WHERE id = :id")
_ASIDE = Post | Reply | Leave | Withdraw | Mend
"""What a decision says beside its deployments; none of it decides what becomes of one that begins."""


def begun_so_far(tx: Transaction, repository: str, delivery: int) -> Begun:
    """Give what was begun for a delivery before.

    Raises:
        LeaseLost: another router has routed it.
    """
    text = tx.scalar(_SO_FAR, id=delivery, repository=repository)
    if text is None:
        raise LeaseLost(f"delivery {delivery} has been routed already")
    numbers = json.loads(text)
    if not numbers:
        return {}
    named = sa.select(deployments.c.id, lanes.c.environment, lanes.c.number)
    named = named.join(lanes, lanes.c.id == deployments.c.lane_id).where(deployments.c.id.in_(numbers))
    return {
        Lane(repository=repository, environment=row["environment"], number=row["number"]): row["id"]
        for row in tx.rows(named)
    }


def note(tx: Transaction, delivery: int, begun: Mapping[Lane, int]) -> None:
    """Write down what has begun, in the transaction that begins it."""
    tx.change(_NOTE, id=delivery, numbers=json.dumps(list(begun.values())))


def left(repository: str, decision: Decision, begun: Collection[Lane]) -> Decision:
    """Give what is left of a decision where some of its deployments have begun."""
    if not begun:
        return decision
    acts = (act for act in decision.acts if not (isinstance(act, Deploy) and lane_of(repository, act) in begun))
    return replace(decision, acts=tuple(acts))


def share(decision: Decision, at_once: int) -> list[Deploy]:
    """Give what the next transaction begins of a decision; nothing where the last one takes all that is left.

    Together with all the rest stays what another act is about (a hold, a queue), so that both come at once, and what
    the commit leaves as it is, of which two thousand are few statements. What needs others comes after them: an older
    success there would count for this one.
    """
    bound = {_about(act) for act in decision.acts if not isinstance(act, Deploy | _ASIDE)}
    deploys = [act for act in decision.acts if isinstance(act, Deploy) and not act.same]
    if len(deploys) <= at_once or "" in bound:
        return []
    coming = {act.environment for act in deploys}
    return [act for act in deploys if act.environment not in bound and not _needed(act) & coming][:at_once]


def _needed(act: Deploy) -> set[str]:
    return {hold.subject for hold in act.holds if hold.kind == "needs"}


def lane_of(repository: str, act: Deploy) -> Lane:
    """Name the lane that a deployment begins in."""
    return Lane(repository=repository, environment=act.environment, number=act.number)


def numbers_of(repository: str, decision: Decision, begun: Mapping[Lane, int], made: Iterable[int]) -> tuple[int, ...]:
    """Give all deployments of a decision in its order, those that had begun and those `made` last; then what had begun
    and is not decided any more."""
    places = [lane_of(repository, act) for act in decision.acts if isinstance(act, Deploy)]
    rest = iter(made)
    decided = [begun[place] if place in begun else next(rest) for place in places]
    return (*decided, *(number for place, number in begun.items() if place not in set(places)))


def before(repository: str, decision: Decision, begun: Collection[Lane]) -> str:
    """Say what had begun of a delivery that is decided otherwise by now; empty where nothing had."""
    places = {lane_of(repository, act) for act in decision.acts if isinstance(act, Deploy)}
    gone = len(set(begun) - places)
    return f"; {counted(gone, 'deployment')} had begun before" if gone else ""


def _about(act: Act) -> str:
    """Name the environment that an act is about; empty: it may be about any."""
    if isinstance(act, PutHold):
        return act.hold.scope.environment
    if isinstance(act, LiftHold):
        return act.scope.environment
    if isinstance(act, Enter | Drop):
        return act.group.environment
    return act.environment if isinstance(act, Approve | Unapprove | Carry | Cancel) else ""
