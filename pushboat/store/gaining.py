"""Environments that a branch gains: what is open to be merged into it is planned for them too.

Their plans are begun like those that are made again: late, few at a time, and behind deployments (replanning.py).
"""

from collections.abc import Collection

import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.model.plan_summary import CONTEXT
from pushboat.model.state import Kind, State, Trigger
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.deployments import find_in
from pushboat.store.proposals import QUIET

PREFIX = f"{CONTEXT}/"
"""In front of an environment's name."""

_ASK_ALSO = sa.text(
    "INSERT INTO proposal (repository, number, sha, context, state, description, path, ref, base, plan, asked_at, "
    "again_at) SELECT repository, number, sha, :context, '', '', '', ref, base, 0, :now, :again FROM proposal "
    "WHERE repository = :repository AND base = :branch AND context = :whole AND number > 0 "
    "ON CONFLICT (repository, number, sha, context) DO NOTHING"
)
_IS_ASKED = sa.text(
    "SELECT 1 FROM proposal WHERE repository = :repository AND base = :branch AND context = :whole AND number > 0 "
    "LIMIT 1"
)
_LANE = sa.text(
    "INSERT INTO lane (repository, environment, number, seq) VALUES (:repository, :environment, :number, 1) "
    "ON CONFLICT (repository, environment, number) DO UPDATE SET seq = lane.seq + 1 RETURNING id, seq"
)


def plan_also_for(tx: Transaction, repository: str, branch: str, followed: Collection[str]) -> None:
    """Let what would be merged into a branch ask also about the environments that follow it now.

    What is not planned by itself, as a fork's commits, names no branch until somebody wants it planned.
    """
    about = {"repository": repository, "branch": branch, "whole": CONTEXT}
    if tx.row(_IS_ASKED, **about) is None:
        return
    for name in sorted(followed):
        tx.change(_ASK_ALSO, **about, context=f"{PREFIX}{name}", now=tx.now, again=tx.now + QUIET)


def queue_first(tx: Transaction, proposal: Row) -> Deployment:
    """Queue the first plan of a proposal for an environment that its base has gained."""
    environment = str(proposal["context"]).removeprefix(PREFIX)
    lane = tx.row(_LANE, repository=proposal["repository"], environment=environment, number=proposal["number"])
    assert lane
    values = {"lane_id": lane["id"], "seq": lane["seq"], "created_at": tx.now, "state": State.QUEUED.value}
    about = {name: proposal[name] for name in ("sha", "ref", "base")}
    kind = {"kind": Kind.PLAN.value, "cause": Trigger.MOVED.value, "author": ""}
    made = find_in(tx, int(tx.scalar(sa.insert(deployments).returning(deployments.c.id), **values, **about, **kind)))
    assert made
    return made
