"""What is routed after something newer: it steps back for that at once, unless that waits for something of its own.

Newest is what was accepted last, however long its routing took: a delivery that waits for its forge may be routed
after later ones of other refs. So a lane ends at the same commit in whatever order deliveries are routed, as long as
those of one ref keep theirs; and what would have started before the newer one starts before it all the same.
"""

from pushboat.model.deployment import Deployment, Late
from pushboat.model.state import Kind, State
from pushboat.routing.holds import lags, outlasts, stays_behind
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import find_in, read_all
from pushboat.store.superseding import SUCCESSOR, newest_in, settle, step_back, wait_behind
from pushboat.store.waiting import holds_on

MOST_ROLLBACKS = 20
"""That are looked past, one after the other, for what a late push has to step back for."""


def steps_back(tx: Transaction, queued: Deployment, newer: Late | None, *, ahead: bool) -> bool:
    """Let a new deployment step back where something newer is there, and say so.

    `newer` is what the forge calls newer; `ahead`: it is the newest, whatever was accepted after it.
    """
    moved_on = 0
    if newer is not None:
        alive, contains = _alive(tx, newer)
        if alive.state is not State.QUEUED or not lags(alive, queued, holds_on(tx, queued.lane), tx.now):
            _follow(tx, queued, alive, contains=contains)
            return True
        again = wait_behind(tx, alive)
        tx.change(SUCCESSOR, id=queued.id, newer=again.id, sha=again.sha, contains=contains)
        moved_on = again.id
    later = None if ahead else _accepted_later(tx, queued, moved_on)
    if later is not None:
        _follow(tx, queued, _alive(tx, Late(later))[0], contains=False)
    return later is not None


def _accepted_later(tx: Transaction, deployment: Deployment, moved_on: int) -> int | None:
    """Find what a lane has of a delivery that was accepted after this deployment's; nothing older may replace it.

    What waits for something of its own only moves on behind this one, which has that behind it.
    """
    standing, behind = holds_on(tx, deployment.lane), list[Deployment]()
    newest = newest_in(deployment.lane).where(deployments.c.id.not_in((deployment.id, moved_on))).limit(MOST_ROLLBACKS)
    for last in read_all(tx, tx.rows(newest)):
        if stays_behind(last, deployment, standing, tx.now) or outlasts(deployment, last, standing, tx.now):
            continue
        late = last.delivery is not None and deployment.delivery is not None and last.delivery > deployment.delivery
        if last.state is State.QUEUED and lags(last, deployment, standing, tx.now):
            behind += [last] if late else []
            continue
        if late:
            return last.id
        break
    for each in reversed(behind):
        wait_behind(tx, each)
    return None


def _alive(tx: Transaction, newer: Late) -> tuple[Deployment, bool]:
    """Give what is newer, or what took its place by now, and whether its commit contains the late one."""
    found = find_in(tx, newer.newer)
    assert found, f"deployment {newer.newer} has left the store"
    alive = find_in(tx, found.successor) if found.state is State.SUPERSEDED and found.successor else None
    contains = newer.contains and (alive is None or found.successor_contains)
    return alive or found, contains


def _follow(tx: Transaction, late: Deployment, newer: Deployment, *, contains: bool) -> None:
    """Let it step back from the start; if contained, it shares the newer one's fate."""
    contains = contains and newer.kind is not Kind.REMOVAL
    step_back(tx, late, newer, contains=contains, aloud=not (contains and newer.state.ended))
    if newer.state.ended and contains:
        settle(tx, newer)
