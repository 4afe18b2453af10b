"""The lines of progress that are written while a deployment runs."""

import sqlalchemy as sa

from pushboat.model.deployment import Progress
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import progress
from pushboat.store.database.texts import LONGEST_REASON, bounded


def listed(store: Store, number: int, after: int = 0) -> list[Progress]:
    """List a deployment's lines of progress that are newer than the line `after`."""
    columns = progress.c
    query = sa.select(progress).where(columns.deployment_id == number, columns.id > after).order_by(columns.id)
    with store.reading() as tx:
        rows = tx.rows(query)
    return [
        Progress(id=row["id"], deployment=row["deployment_id"], at=row["at"], phase=row["phase"], text=row["text"])
        for row in rows
    ]


def record(store: Store, number: int, phase: str, text: str) -> None:
    """Add a line to a deployment's story."""
    with store.writing() as tx:
        line = bounded(text, LONGEST_REASON)
        tx.change(sa.insert(progress), deployment_id=number, at=tx.now, phase=phase, text=line)
