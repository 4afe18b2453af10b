"""Approvals as rows of their table: appended, and ended with the reason why they count no more. None is deleted."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model.approval import Approval
from pushboat.model.ask import Source
from pushboat.store.database.ask_tables import approvals
from pushboat.store.database.transaction import Row, Transaction


def keep(tx: Transaction, repository: str, environment: str, approval: Approval) -> None:
    """Keep an approval."""
    tx.change(
        sa.insert(approvals),
        repository=repository,
        environment=environment,
        sha=approval.sha,
        who=approval.who,
        source=approval.source.value,
        number=approval.number,
        delivery_id=approval.delivery,
        at=approval.at,
    )


def of(tx: Transaction, repository: str, environment: str, sha: str) -> list[Approval]:
    """Give all approvals that a commit ever had for an environment, oldest first."""
    here = sa.and_(approvals.c.repository == repository, approvals.c.environment == environment)
    rows = tx.rows(sa.select(approvals).where(here, approvals.c.sha == sha).order_by(approvals.c.id))
    return [_read(row) for row in rows]


def end(tx: Transaction, gone: Iterable[Approval], why: str) -> None:
    """Let approvals count no more."""
    numbers: Sequence[int] = [each.id for each in gone if not each.ended]
    if numbers:
        tx.change(sa.update(approvals).where(approvals.c.id.in_(numbers)).values(ended=why, ended_at=tx.now))


def _read(row: Row) -> Approval:
    return Approval(
        id=row["id"],
        who=row["who"],
        sha=row["sha"],
        source=later_words.read(Source, row["source"]),
        number=row["number"],
        delivery=row["delivery_id"],
        at=row["at"],
        ended=row["ended"],
    )
