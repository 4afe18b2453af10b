"""What a delivery says of the deployments that it led to, where nothing begins because of them."""

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, short
from pushboat.model.state import Kind, State
from pushboat.model.status import clip
from pushboat.model.wording import listed
from pushboat.routing import Decision, Deploy
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, find_in, read_all


def otherwise(tx: Transaction, delivery: int, numbers: Collection[int]) -> list[Deployment]:
    """Give those of a delivery's deployments that do not simply wait for their turn."""
    waits = sa.and_(deployments.c.state == State.QUEUED, deployments.c.delivery_id == delivery)
    return read_all(tx, tx.rows(SELECTED.where(deployments.c.id.in_(list(numbers)), sa.not_(waits))))


def sentence(
    tx: Transaction,
    delivery: int,
    decision: Decision,
    *,
    begun: int,
    found: Sequence[Deployment],
    anew: Iterable[Deploy],
) -> str:
    """Say what was decided as it came out: what stepped back at once for something newer is not being deployed, and
    what was to stay as it is may have to be after all.

    Of those that have `begun`, `found` do not simply wait; `anew` are what began just now.
    """
    decided = decision.sentence
    late = [each for each in found if each.delivery == delivery and each.state is State.SUPERSEDED]
    said = "; ".join(_late(tx, each) for each in late)
    if late and len(late) == begun:
        decided = clip(f"nothing begins: {said}", LONGEST_SENTENCE)
    elif late:
        decided = clip(f"{decided}, but {said}", LONGEST_SENTENCE)
    stepped_back = {each.lane.environment for each in late}
    if moved := sorted(act.environment for act in anew if act.same and act.environment not in stepped_back):
        decided = clip(f"{decided}, but {listed(moved)} after all: something has happened there", LONGEST_SENTENCE)
    return decided


def _late(tx: Transaction, stepped_back: Deployment) -> str:
    newer = find_in(tx, stepped_back.successor) if stepped_back.successor else None
    repository, where = stepped_back.lane.repository, stepped_back.lane.environment
    if newer and newer.kind is Kind.REMOVAL:
        way = f"pushboat deploy {repository} {where} --sha {short(stepped_back.sha)}"
        return f"{where} was destroyed after {short(stepped_back.sha)} was pushed; to have it back: {way}"
    by = short(newer.sha) if newer else "a newer one"
    return f"{short(stepped_back.sha)} steps back in {where} for {by}, which came first"
