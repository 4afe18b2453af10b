"""A deployment's hooks: which it has, when each began, and how it ended.

An end is written before what ran is cleaned up, so that no hook runs twice after a crash. Only the attempt that holds
the deployment's fence may write.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model.deployment import Claim, Lane
from pushboat.model.hook import Hook, HookState
from pushboat.model.state import Kind, State
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments, hook_runs
from pushboat.store.database.texts import LONGEST_REASON, bounded
from pushboat.store.database.transaction import Row

FORGETS_AFTER = 86400.0
"""Seconds for which what was left behind is tried to be let go: a cluster may be away for good."""

# ruff: noqa: S608 - the statements are put together from constants only
OVER = (HookState.SUCCEEDED, HookState.FAILED)
_AFTERWARDS = {HookState.DUE: HookState.NOT_RUN, HookState.RUNNING: HookState.LEFT}
_ENDS = f"'{HookState.SUCCEEDED}', '{HookState.FAILED}'"
_MINE = "FROM deployment WHERE id = :id AND fence = :fence"
_DUE = sa.text(
    "INSERT INTO hook_run (deployment_id, hook, said, api_group, run, place) "
    f"SELECT id, :hook, :said, :api_group, :run, :place {_MINE} ON CONFLICT (deployment_id, hook) DO NOTHING"
)
_BEGAN = sa.text(
    "UPDATE hook_run SET outcome = :outcome, began_at = coalesce(began_at, :now) WHERE deployment_id = :id "
    f"AND hook = :hook AND outcome NOT IN ({_ENDS}) AND EXISTS (SELECT 1 {_MINE})"
)
_ENDED = sa.text(
    "INSERT INTO hook_run (deployment_id, hook, outcome, reason, ended_at) "
    f"SELECT id, :hook, :outcome, :reason, :now {_MINE} ON CONFLICT (deployment_id, hook) DO UPDATE "
    f"SET outcome = :outcome, reason = :reason, ended_at = :now WHERE hook_run.outcome NOT IN ({_ENDS})"
)
_LEFT = sa.text(
    "UPDATE hook_run SET outcome = :left, ended_at = :now WHERE deployment_id = :id AND hook = :hook "
    "AND outcome = :running"
)
_LEFT_BEHIND = sa.text(
    "SELECT DISTINCT h.deployment_id AS id FROM hook_run h JOIN deployment d ON d.id = h.deployment_id "
    "WHERE h.outcome = :running AND d.finished_at >= :since ORDER BY h.deployment_id"
)
_RAN_SINCE = sa.text(
    "SELECT 1 FROM hook_run h JOIN deployment d ON d.id = h.deployment_id JOIN lane l ON l.id = d.lane_id "
    "WHERE h.outcome <> '' AND d.id > :id AND l.repository = :repository AND l.environment = :environment "
    "AND l.number = :number LIMIT 1"
)


def due(store: Store, claim: Claim, hooks: Sequence[Hook]) -> None:
    """Write down which hooks a deployment has, in their order; what is known of them stays."""
    with store.writing() as tx:
        for place, hook in enumerate(hooks):
            named = {"hook": hook.key, "said": hook.said, "api_group": hook.group, "run": hook.run}
            tx.change(_DUE, id=claim.deployment.id, fence=claim.fence, place=place, **named)


def began(store: Store, claim: Claim, hook: str) -> None:
    """Write down that a hook is about to run."""
    held = {"id": claim.deployment.id, "fence": claim.fence}
    with store.writing() as tx:
        tx.change(_BEGAN, **held, hook=hook, outcome=HookState.RUNNING, now=tx.now)


def ended(store: Store, claim: Claim, hook: str, outcome: str, reason: str = "") -> None:
    """Write down how a hook ended; the first word stands."""
    why, held = bounded(reason, LONGEST_REASON), {"id": claim.deployment.id, "fence": claim.fence}
    with store.writing() as tx:
        tx.change(_ENDED, **held, hook=hook, outcome=outcome, reason=why, now=tx.now)


def left(store: Store, number: int, hook: str) -> None:
    """Write down that nobody waits for a hook any more, and that its object may go."""
    with store.writing() as tx:
        tx.change(_LEFT, id=number, hook=hook, left=HookState.LEFT, running=HookState.RUNNING, now=tx.now)


def left_behind(store: Store) -> list[int]:
    """List deployments that have ended while a hook of theirs ran: nobody has let its object go."""
    with store.reading() as tx:
        found = tx.rows(_LEFT_BEHIND, running=HookState.RUNNING, since=tx.now - FORGETS_AFTER)
    return [row["id"] for row in found]


def ran_since(store: Store, lane: Lane, number: int) -> bool:
    """Say whether hooks ran in an environment after this deployment of it."""
    named = {"repository": lane.repository, "environment": lane.environment, "number": lane.number}
    with store.reading() as tx:
        return tx.row(_RAN_SINCE, id=number, **named) is not None


def outcomes(store: Store, number: int) -> Mapping[str, str]:
    """Give the hooks of a deployment that have ended, and how."""
    return {each.key: str(each.state) for each in _found(store, number)[0] if each.state in OVER}


def running(store: Store, number: int) -> list[Hook]:
    """List the hooks of a deployment that began and that nobody saw end or let go."""
    return [each for each in _found(store, number)[0] if each.state is HookState.RUNNING]


def listed(store: Store, number: int) -> list[Hook]:
    """List a deployment's hooks in their order; what was due in one that has ended has not run."""
    found, is_over = _found(store, number)
    if not is_over:
        return found
    return [replace(each, state=_AFTERWARDS.get(each.state, each.state)) for each in found]


def _found(store: Store, number: int) -> tuple[list[Hook], bool]:
    """Read a deployment's hooks, and whether it has ended; a plan never begins to run any."""
    of_it = hook_runs.c.deployment_id == number
    query = sa.select(hook_runs).where(of_it).order_by(hook_runs.c.place, hook_runs.c.hook)
    deployment = sa.select(deployments.c.kind, deployments.c.state).where(deployments.c.id == number)
    with store.reading() as tx:
        about = tx.row(deployment)
        is_over = about is not None and about["kind"] != Kind.PLAN and later_words.read(State, about["state"]).ended
        return [_read(row) for row in tx.rows(query)], is_over


def _read(row: Row) -> Hook:
    return Hook(
        key=row["hook"],
        said=row["said"],
        group=row["api_group"],
        run=row["run"],
        state=later_words.read(HookState, row["outcome"] or HookState.DUE),
        reason=row["reason"],
        began_at=row["began_at"],
        ended_at=row["ended_at"],
    )
