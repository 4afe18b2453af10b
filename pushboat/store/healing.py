"""Queues the deployment that puts drift back, if it may: in the lane's turn, past no hold, and slower each time.

It brings the release that runs once more, as it is stored; so it is nobody's newer commit, and supersedes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.model.drift import Drift, same_by
from pushboat.model.inspection import Healed, Inspection, Seen
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing.drifting import given_up, heal_pause, is_cold, unhealed
from pushboat.store.audit import note_begun
from pushboat.store.database.schema import deployments, progress
from pushboat.store.database.texts import LONGEST_REASON, bounded
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, find_in, of_lane, read_all
from pushboat.store.waiting import holds_in

AUTHOR = "pushboat"
MOST_LINES = 20
"""Objects that its progress names."""

_NUMBER = sa.text(
    "UPDATE lane SET seq = seq + 1 WHERE repository = :repository AND environment = :environment AND number = 0 "
    "RETURNING id, seq"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """What is done about drift: the deployment that was queued (0: none), or why not."""

    healed: Healed
    deployment: int = 0
    unhealed: str = ""


def heal(tx: Transaction, found: Inspection, now: Seen, every: float) -> Treated:
    """Queue the deployment that puts back what was found, where nothing is against it."""
    assert now.release
    assert now.runs
    healed, same = found.healed, same_by(found.found)
    made = replace(
        now.runs,
        id=0,
        state=State.QUEUED,
        trigger=Trigger.SELF_HEAL,
        again=now.release.number,
        author=AUTHOR,
        delivery=None,
    )
    last = find_in(tx, healed.deployment) if healed.deployment else None
    waiting = _waiting(tx, made)
    why = given_up(last, healed, same, tx.now) or unhealed(now.release, made, holds_in(tx), waiting, tx.now)
    if why is not None:
        return Treated(healed=healed, unhealed=why)
    times = 0 if is_cold(healed, every, tx.now) else healed.times
    if any(each.heals for each in waiting) or tx.now - healed.at < heal_pause(times):
        return Treated(healed=healed)
    number = _queue(tx, made, found.found)
    return Treated(healed=Healed(times=times + 1, at=tx.now, deployment=number, of=same), deployment=number)


def _waiting(tx: Transaction, made: Deployment) -> list[Deployment]:
    query = SELECTED.where(of_lane(made.lane), deployments.c.state == State.QUEUED)
    return read_all(tx, tx.rows(query.order_by(deployments.c.seq)))


def _queue(tx: Transaction, made: Deployment, found: Iterable[Drift]) -> int:
    place = tx.row(_NUMBER, repository=made.lane.repository, environment=made.lane.environment)
    assert place
    number = int(
        tx.scalar(
            sa.insert(deployments).returning(deployments.c.id),
            lane_id=place["id"],
            seq=place["seq"],
            kind=Kind.DEPLOY.value,
            ref=made.ref,
            sha=made.sha,
            author=made.author,
            cause=made.trigger.value,
            again=made.again,
            pull_request=made.pull_request,
            state=State.QUEUED.value,
            created_at=tx.now,
        )
    )
    for each in list(found)[:MOST_LINES]:
        line = bounded(str(each), LONGEST_REASON)
        tx.change(sa.insert(progress), deployment_id=number, at=tx.now, phase="drift", text=line)
    note_begun(tx, (replace(made, id=number),))
    return number
