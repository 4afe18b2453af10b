"""Makes a lost store know again what runs in an environment, from what its cluster still says.

What is written is a deployment that got through, under its old number where nobody else has that, so that addresses
that forges show lead to it again. It leaves no release: what it was made of is not known. The lane's fence never falls
behind the cluster's.
"""

from dataclasses import replace
from enum import StrEnum

import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.model.remnant import Remnant
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.wording import counted
from pushboat.store import audit, lane_rows
from pushboat.store.announcing import lock_repository
from pushboat.store.database.copying import go_on_counting
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, find_in, of_lane, read_all, through_in

_HIGHEST = sa.select(sa.func.coalesce(sa.func.max(deployments.c.id), 0))
_STANDS = sa.text(
    "UPDATE lane SET seq = :seq, deployed_seq = :seq, deployed_sha = :sha, "
    "fence = CASE WHEN fence < :fence THEN :fence ELSE fence END WHERE id = :id"
)
_RAISE = sa.text(
    "UPDATE lane SET fence = :fence WHERE repository = :repository AND environment = :environment AND number = 0 "
    "AND fence < :fence"
)


class Known(StrEnum):
    """What a store knows of an environment: nothing, the same as its cluster, something else, that more is to come."""

    NOTHING = "nothing"
    THE_SAME = "the-same"
    ANOTHER = "another"
    UNFINISHED = "unfinished"


def known(store: Store, remnant: Remnant) -> Known:
    """Compare what a cluster says with what the store knows."""
    with store.reading() as tx:
        return _known(tx, remnant)


def rebuild(store: Store, remnant: Remnant, who: str, *, anew: bool) -> Known:
    """Write down what runs, where nothing is known of the environment, or (`anew`) something else; give what was known.

    The fence is raised in any case.
    """
    with store.writing() as tx:
        lock_repository(tx, remnant.lane.repository)
        stood = _known(tx, remnant)
        if stood is Known.NOTHING or (anew and stood is Known.ANOTHER):
            _put(tx, remnant, who)
        else:
            place = {"repository": remnant.lane.repository, "environment": remnant.lane.environment}
            tx.change(_RAISE, fence=remnant.fence, **place)
    return stood


def _known(tx: Transaction, remnant: Remnant) -> Known:
    unfinished = SELECTED.where(
        of_lane(remnant.lane), deployments.c.state.in_((State.QUEUED, State.RUNNING)), deployments.c.kind != Kind.PLAN
    )
    if read_all(tx, tx.rows(unfinished.limit(1))):
        return Known.UNFINISHED
    through = through_in(tx, remnant.lane)
    if through is None:
        anything = tx.row(SELECTED.where(of_lane(remnant.lane)).limit(1))
        return Known.ANOTHER if anything else Known.NOTHING
    same = through.sha == remnant.sha and through.kind is not Kind.REMOVAL
    return Known.THE_SAME if same else Known.ANOTHER


def _put(tx: Transaction, remnant: Remnant, who: str) -> None:
    place = lane_rows.places(tx, (remnant.lane,))[remnant.lane]
    free = remnant.deployment > int(tx.scalar(_HIGHEST))
    number = tx.scalar(
        sa.insert(deployments).returning(deployments.c.id),
        **({"id": remnant.deployment} if free else {}),
        lane_id=place.id,
        seq=place.seq + 1,
        kind=Kind.DEPLOY.value,
        ref=remnant.ref,
        sha=remnant.sha,
        author=who,
        cause=Trigger.RECOVERY.value,
        state=State.SUCCEEDED.value,
        reason=told(remnant),
        begun=True,
        unchanged=remnant.objects,
        created_at=tx.now,
        started_at=tx.now,
        finished_at=tx.now,
    )
    if free:
        go_on_counting(tx, deployments)
    tx.change(_STANDS, id=place.id, seq=place.seq + 1, sha=remnant.sha, fence=remnant.fence)
    made = find_in(tx, int(number))
    assert made
    _note(tx, made)


def _note(tx: Transaction, made: Deployment) -> None:
    audit.note_begun(tx, (replace(made, state=State.QUEUED),))
    audit.note_ended(tx, made)


def told(remnant: Remnant) -> str:
    """Say what was found."""
    where = f"in cluster {remnant.cluster}" if remnant.cluster else "in git"
    return f"found {where}: {counted(remnant.objects, 'object')} in {remnant.inventory}"
