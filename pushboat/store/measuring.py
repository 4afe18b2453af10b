"""What the end of a deployment adds to figures that its rows alone do not keep: stages, objects, and the four keys.

They are added up in the transaction that ends it, so that neither a restart nor retention changes what was counted, and
nothing is counted twice. What is counted how: docs/operations.md.
"""

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, Progress
from pushboat.model.stages import stages
from pushboat.model.state import Kind, State
from pushboat.store import tallies
from pushboat.store.database.schema import progress
from pushboat.store.database.transaction import Row, Transaction

STAGES = ("queued", "checkout", "render", "check", "plan", "apply", "wait", "prune")
"""Those that have a figure; whatever else a line's phase may be is `other`, so that there are never more."""
OTHER = "other"
DONE = ("created", "configured", "unchanged", "deleted", "recreated", "refused")

FIRST_COMMIT = 1_112_911_993
"""Git's own first one: a time before it is nobody's, and would outweigh all others in a sum."""

_LINES = sa.select(progress.c.id, progress.c.at, progress.c.phase).where(
    progress.c.deployment_id == sa.bindparam("deployment")
)
_COMMITTED = sa.text("SELECT committed_at FROM caption WHERE repository = :repository AND sha = :sha")
_FAILING_SINCE = sa.text(  # nothing got through since, and what put drift back brought nothing new
    "SELECT min(f.finished_at) FROM deployment f JOIN lane l ON l.id = f.lane_id "
    "WHERE l.repository = :repository AND l.environment = :environment AND f.kind = 'deploy' AND f.state = 'failed' "
    "AND (f.begun OR f.created + f.configured + f.deleted + f.recreated > 0) "
    "AND f.cause <> 'self-heal' AND f.same_as = 0 AND f.id < :id AND f.id > COALESCE((SELECT max(s.id) "
    "FROM deployment s WHERE s.lane_id = f.lane_id AND s.kind = 'deploy' AND s.state = 'succeeded' "
    "AND s.cause <> 'self-heal' AND s.same_as = 0 AND s.id < :id), 0)"
)
_SPOILED = sa.text(  # the newest that got through before, unless that was a rollback itself
    "SELECT d.id, d.finished_at, d.again FROM deployment d JOIN lane l ON l.id = d.lane_id "
    "WHERE l.repository = :repository AND l.environment = :environment AND d.kind = 'deploy' "
    "AND d.state = 'succeeded' AND d.cause <> 'self-heal' AND d.same_as = 0 AND d.id < :id ORDER BY d.id DESC LIMIT 1"
)


def has_ended(tx: Transaction, ended: Deployment) -> None:
    """Add up what a deployment's end says, once its row says it too."""
    if ended.same_as or ended.kind is Kind.PLAN:
        return
    _stages(tx, ended)
    for change in DONE:
        if number := getattr(ended.counts, change):
            tallies.add(tx, tallies.OBJECTS, *_place(ended), change, number=number)
    if ended.kind is Kind.DEPLOY and not ended.heals:
        _four_keys(tx, ended)


def was_taken_over(tx: Transaction, deployment: Deployment) -> None:
    """Count a lease that ran out without an end."""
    tallies.add(tx, tallies.TAKEOVERS, *_place(deployment), "")


def _stages(tx: Transaction, ended: Deployment) -> None:
    lines = [
        Progress(id=row["id"], deployment=ended.id, at=row["at"], phase=_known(row["phase"]), text="")
        for row in tx.rows(_LINES, deployment=ended.id)
    ]
    for stage in stages(ended, lines, tx.now):
        tallies.took(tx, tallies.stage(stage.phase), *_place(ended), stage.seconds)


def _four_keys(tx: Transaction, ended: Deployment) -> None:
    """Count it for DORA's four keys; one that had nothing to change is none, nor is one that gave way."""
    if ended.state is State.FAILED and _wrote(ended):  # what was refused before it wrote has spoiled nothing
        tallies.add(tx, tallies.CHANGES, *_place(ended), tallies.FAILED)
        return
    if ended.state is not State.SUCCEEDED:
        return
    failing_since = tx.scalar(_FAILING_SINCE, **_named(ended), id=ended.id)
    if ended.again:
        failing_since = failing_since or _spoiled(tx, ended)
    elif ended.counts.changes_something:
        tallies.add(tx, tallies.CHANGES, *_place(ended), tallies.SUCCEEDED)
        _lead_time(tx, ended)
    if failing_since is not None:
        tallies.took(tx, tallies.RESTORE, *_place(ended), max(0.0, tx.now - float(failing_since)))


def _spoiled(tx: Transaction, rollback: Deployment) -> float | None:
    """Count what was rolled back from as a failure; give when it came. Going on from rollback to rollback is one."""
    spoiled: Row | None = tx.row(_SPOILED, **_named(rollback), id=rollback.id)
    if spoiled is None or spoiled["again"]:
        return None
    tallies.add(tx, tallies.CHANGES, *_place(rollback), tallies.ROLLED_BACK)
    return float(spoiled["finished_at"])


def _lead_time(tx: Transaction, ended: Deployment) -> None:
    """Take the time from the commit; a promotion's counts too. Anybody may write any time into a commit."""
    committed = tx.scalar(_COMMITTED, repository=ended.lane.repository, sha=ended.sha)
    if committed and committed >= FIRST_COMMIT:
        tallies.took(tx, tallies.LEAD, *_place(ended), max(0.0, tx.now - float(committed)))


def _wrote(ended: Deployment) -> bool:
    return ended.begun or ended.counts.changes_something


def _known(phase: str) -> str:
    return phase if phase in STAGES else OTHER


def _place(of: Deployment) -> tuple[str, str]:
    return of.lane.repository, of.lane.environment


def _named(of: Deployment) -> dict[str, str]:
    return {"repository": of.lane.repository, "environment": of.lane.environment}
