"""`on_failure: rollback`: a failure that left something behind leads to a rollback, in the transaction that ends it.

The failed commit stays failed. The end of its sentence, its aftermath, says what is done about it, and then what became
of that. Nothing is brought back where something else is about to happen in the lane anyway, or where a person or a rule
holds the environment; and a rollback that fails is not answered by another.
"""

from dataclasses import dataclass, replace

import sqlalchemy as sa

from pushboat.model import status
from pushboat.model.deployment import Counts, Deployment, short
from pushboat.model.release import Release, named
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import Status
from pushboat.routing.holds import sentence
from pushboat.store.announcing import announce, tell_asker
from pushboat.store.audit import note_begun
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, find_in, is_removed_in, of_lane, read_all
from pushboat.store.releases import newest_in
from pushboat.store.since_release import halfway, owes_a_rollback
from pushboat.store.sticky_marks import mark_concerned
from pushboat.store.waiting import holds_in

_QUEUE = sa.text(
    "INSERT INTO deployment "
    "(lane_id, seq, kind, ref, sha, author, cause, delivery_id, again, pull_request, mends, begun, glass, state, "
    "created_at) SELECT lane_id, :seq, kind, :ref, :sha, author, :cause, delivery_id, :again, :pull_request, id, "
    "begun, glass, 'queued', :now "
    "FROM deployment WHERE id = :id RETURNING id"
)
NEXT_PLACE = sa.text(
    "UPDATE lane SET seq = seq + 1 WHERE id = (SELECT lane_id FROM deployment WHERE id = :id) RETURNING seq"
)
"""Gives the place behind everything in the lane of deployment `:id`."""

_TELL = sa.text("UPDATE deployment SET aftermath = :aftermath WHERE id = :id AND state = 'failed'")
_EXPLAIN = sa.text("UPDATE deployment SET reason = :reason WHERE id = :id")
_ENDED = {
    State.SUCCEEDED: "rolled back to {release}",
    State.FAILED: "rolling back to {release} failed as well",
    State.ERRORED: "rolling back to {release} could not be finished",
    State.CANCELLED: "rolling back to {release} was cancelled",
    State.SUPERSEDED: "rolling back to {release} gave way to {newer}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """What is done about a failure, in words, and the release that is brought back; none where nothing is."""

    aftermath: str = ""
    release: Release | None = None


NOTHING = Mending()


def decide(tx: Transaction, failed: Deployment, done: Counts, newer: Deployment | None) -> Mending:
    """Say what is done about a deployment that fails; `done` is what it is known to have written, `newer` waits.

    What an earlier one has left behind counts too: a commit that took its place and brought nothing mends nothing.
    """
    if failed.kind is not Kind.DEPLOY or failed.again:
        return NOTHING
    release = newest_in(tx, failed.lane)
    since = release.deployment if release else 0
    if not done.changes_something and (release is None or halfway(tx, failed.lane, since) is None):
        return NOTHING
    if release is None or is_removed_in(tx, failed.lane):
        return Mending(aftermath="not rolled back: nothing got through before")
    if halfway(tx, failed.lane, since, kinds=(Kind.REMOVAL,)):
        return Mending(
            aftermath=f"not rolled back: {failed.lane.environment} was destroyed in part since {named(release)}"
        )
    if newer:
        return Mending(aftermath=f"not rolled back: {short(newer.sha)} was waiting to be deployed instead")
    if not release.kept:
        return Mending(aftermath=f"not rolled back: what {named(release)} was made of is not kept any more")
    back = replace(failed, again=release.number)
    held = [hold for hold in holds_in(tx) if hold.binds(back, tx.now)]
    if held:
        return Mending(aftermath=f"not rolled back to {named(release)}: {sentence(held[0])}")
    return Mending(aftermath=f"rolling back to {named(release)}", release=release)


def is_wanted(tx: Transaction, failed: Deployment, *, said: bool | None) -> bool:
    """Say whether a failure is to be answered; `said` is what its environment says, None where it ended before that.

    Then what was left halfway decides, by whichever attempt or deployment. And whatever it says itself, a failure
    before it may have asked for a rollback that it was preferred to.
    """
    if failed.pull_request < 0:  # the merge queue's: whatever it brings is not there to stay
        return True
    release = newest_in(tx, failed.lane)
    if said is None:
        left = halfway(tx, failed.lane, release.deployment if release else 0)
        said = left is not None and left.rolls_back
    return said or (release is not None and owes_a_rollback(tx, failed.lane, release.deployment))


def begin(tx: Transaction, failed: Deployment, release: Release) -> None:
    """Queue the rollback that answers a failure. It is as old as what failed: whatever is pushed goes before it."""
    values = {"ref": release.ref, "sha": release.sha, "again": release.number, "pull_request": release.pull_request}
    seq, cause = tx.scalar(NEXT_PLACE, id=failed.id), Trigger.ON_FAILURE.value
    made = find_in(tx, int(tx.scalar(_QUEUE, id=failed.id, seq=seq, cause=cause, now=tx.now, **values)))
    assert made
    note_begun(tx, (made,))
    announce(tx, made)


def answered_by(store: Store, failed: int) -> Deployment | None:
    """Find the rollback that answers a failure, where one does."""
    with store.reading() as tx:
        failure = find_in(tx, failed)
        if failure is None or not failure.aftermath:
            return None
        found = read_all(tx, tx.rows(SELECTED.where(of_lane(failure.lane), deployments.c.mends == failed)))
        return found[0] if found else None


def tell(tx: Transaction, rollback: Deployment) -> None:
    """Say on the commit that failed, and on those that shared its fate, how its rollback ended; others mend nothing."""
    if not rollback.mends or rollback.state not in _ENDED:
        return
    release = f"release {rollback.again} ({short(rollback.sha)})"
    said = _ENDED[rollback.state].format(release=release, newer=short(rollback.successor_sha))
    if rollback.state is State.SUPERSEDED and not rollback.successor_sha:
        said = f"{rollback.lane.environment} is to be destroyed, so {release} is not brought back"
    failed = find_in(tx, rollback.mends)
    if failed is None or failed.aftermath == said or not tx.change(_TELL, id=rollback.mends, aftermath=said):
        return
    failed = find_in(tx, rollback.mends)
    assert failed
    _tell_everywhere(tx, failed, status.of(failed), speaks=_is_newest_of_its_commit(tx, failed))
    for follower in _settled_with(tx, failed):
        shown = status.inherited(follower, failed)
        tx.change(_EXPLAIN, id=follower.id, reason=shown.description)
        speaks = follower.sha != failed.sha and _is_newest_of_its_commit(tx, follower)
        _tell_everywhere(tx, follower, shown, speaks=speaks)


def _tell_everywhere(tx: Transaction, deployment: Deployment, shown: Status, *, speaks: bool) -> None:
    """Say it to who asked and on the pull request, and beside the commit where it still `speaks` for that one."""
    if speaks:
        announce(tx, deployment, shown)
    else:
        mark_concerned(tx, deployment)
        tell_asker(tx, deployment, shown)


def _is_newest_of_its_commit(tx: Transaction, failed: Deployment) -> bool:
    """Say whether its status still speaks for its commit: somebody may have deployed that once more meanwhile."""
    later = SELECTED.where(deployments.c.sha == failed.sha, deployments.c.id > failed.id)
    return all(each.lane != failed.lane for each in read_all(tx, tx.rows(later)))


def _settled_with(tx: Transaction, failed: Deployment) -> list[Deployment]:
    query = SELECTED.where(
        deployments.c.successor == failed.id,
        deployments.c.state == State.SUPERSEDED,
        deployments.c.successor_contains.is_(True),
        deployments.c.settled.is_(True),
    )
    return read_all(tx, tx.rows(query))
