"""What a commit shows once nothing is wrong with its file any more: what it was blamed for is taken back, and no more.

Green means that this content runs, or that nothing of it was to run here. So an environment to which the commit was
deployed all the same shows that; and where another ref brought the same commit and was not looked at again since, what
follows that one has not got it yet.
"""

from collections.abc import Collection

import sqlalchemy as sa

from pushboat.events import EventKind
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Lane
from pushboat.model.state import State, Trigger
from pushboat.model.status import FILE_CONTEXT, Status, inherited, of
from pushboat.routing import Mend
from pushboat.store import proposals
from pushboat.store.database.schema import deliveries, deployments
from pushboat.store.database.transaction import Transaction
from pushboat.store.delivery_rows import read_deliveries
from pushboat.store.deployments import SELECTED, find_in, of_lane, read_all
from pushboat.store.proposals import Shown

MOST_OF_ONE_COMMIT = 50
"""Deliveries that are looked through, the newest ones."""


def mended(tx: Transaction, repository: str, act: Mend, spoken_for: Collection[str]) -> list[Shown]:
    """Take back what an earlier look found wrong with a commit; `spoken_for` are contexts of what deploys now."""
    only = act.only or (FILE_CONTEXT if _waits_elsewhere(tx, repository, act) else "")
    taken = proposals.mend(tx, repository, act.sha, spoken_for, only)
    return [(sha, _deployed(tx, repository, sha, shown.context) or shown) for sha, shown in taken]


def _waits_elsewhere(tx: Transaction, repository: str, act: Mend) -> bool:
    told = sa.select(deliveries).where(deliveries.c.repository == repository, deliveries.c.sha == act.sha)
    rows = read_deliveries(tx, tx.rows(told.order_by(deliveries.c.id.desc()).limit(MOST_OF_ONE_COMMIT)))
    newest: dict[str, DeliveryRow] = {}
    for row in rows if act.ref else ():
        if row.event.kind is EventKind.PUSH and row.event.ref != act.ref:
            newest.setdefault(row.event.ref, row)
    return any(not row.deployments and not row.replayed for row in newest.values())


def _deployed(tx: Transaction, repository: str, sha: str, context: str) -> Status | None:
    """Give what the commit's newest deployment to a context's environment shows; None where there is none."""
    if context == FILE_CONTEXT:
        return None
    lane = Lane(repository=repository, environment=context.removeprefix(f"{FILE_CONTEXT}/"))
    there = SELECTED.where(of_lane(lane), deployments.c.sha == sha, deployments.c.cause != Trigger.SELF_HEAL)
    found = read_all(tx, tx.rows(there.order_by(deployments.c.id.desc()).limit(1)))
    if not found:
        return None
    follows = found[0].state is State.SUPERSEDED and found[0].successor_contains and found[0].successor
    newer = find_in(tx, found[0].successor) if follows and found[0].successor else None
    return inherited(found[0], newer) if newer and newer.state.ended else of(found[0])
