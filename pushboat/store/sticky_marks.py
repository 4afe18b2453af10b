"""Marks on pull requests whose sticky comment may have something else to say, in the transaction that makes it so.

A mark is a row of its own and never changed: whoever leaves one waits for nobody. What comes of it: stickies.py.
"""

import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.model.plan_summary import CONTEXT
from pushboat.model.state import Kind
from pushboat.store.database.schema import sticky_marks
from pushboat.store.database.transaction import Transaction

_OF_ASKERS = sa.text(
    "INSERT INTO sticky_mark (repository, number, at) SELECT DISTINCT :repository, a.number, :now FROM ask a "
    "WHERE a.delivery_id = :delivery AND a.repository = :repository AND a.number > 0"
)
_OF_MERGED = sa.text(
    "INSERT INTO sticky_mark (repository, number, at) SELECT p.repository, p.number, :now FROM pull_request p "
    "WHERE p.repository = :repository AND p.merge_sha = :sha"
)
_OF_PROPOSED = sa.text(
    "INSERT INTO sticky_mark (repository, number, at) SELECT DISTINCT p.repository, p.number, :now FROM proposal p "
    "WHERE :repository IN ('', p.repository) AND (:every OR p.context = :context) AND p.number > 0"
)


def mark(tx: Transaction, repository: str, number: int) -> None:
    """Leave a mark on a pull request; a merge queue's heads have no conversation of their own."""
    if number > 0:
        tx.change(sa.insert(sticky_marks), repository=repository, number=number, at=tx.now)


def mark_concerned(tx: Transaction, deployment: Deployment) -> None:
    """Leave marks where a deployment was asked for, and on the pull request whose merge it brings."""
    if deployment.kind is Kind.PLAN:
        return
    mark_of(tx, deployment.lane.repository, deployment.delivery or 0, deployment.sha)


def mark_of(tx: Transaction, repository: str, delivery: int, sha: str) -> None:
    """Leave marks where a delivery was asked for, and on the pull request that a commit has merged."""
    if delivery:
        tx.change(_OF_ASKERS, repository=repository, delivery=delivery, now=tx.now)
    if sha:
        tx.change(_OF_MERGED, repository=repository, sha=sha, now=tx.now)


def mark_proposed(tx: Transaction, repository: str, environment: str) -> None:
    """Leave marks on all pull requests that are planned for an environment: what their merge does may have to wait.

    What is empty means every one.
    """
    context = f"{CONTEXT}/{environment}"
    tx.change(_OF_PROPOSED, repository=repository, context=context, every=not environment, now=tx.now)
