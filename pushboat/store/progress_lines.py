"""The lines of progress that are said while a deployment runs, and how its objects were seen meanwhile."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.deployment import Progress
from pushboat.model.wording import LOOKS_LIKE
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import progress
from pushboat.store.database.texts import LONGEST_REASON, bounded

_ADD = sa.text(  # whoever reads that it has ended has read all of its lines, or all that will ever be
    "INSERT INTO progress (deployment_id, at, phase, text) SELECT id, :at, :phase, :text FROM deployment "
    "WHERE id = :deployment AND state IN ('queued', 'running')"
)
_SEE = sa.text(
    "INSERT INTO observation (deployment_id, at, objects) SELECT id, :at, :text FROM deployment "
    "WHERE id = :deployment AND state IN ('queued', 'running') "
    "ON CONFLICT (deployment_id) DO UPDATE SET at = excluded.at, objects = excluded.objects"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is said of a deployment: `phase` is a word, `text` a sentence; `ago` counts seconds until it is recorded."""

    deployment: int
    phase: str
    text: str
    ago: float = 0.0


def exposed(store: Store, number: int) -> tuple[str, ...]:
    """List what was said of credentials that refuse nothing; where each stands, never what it is."""
    said = (each.text for each in listed(store, number) if LOOKS_LIKE in each.text)
    return tuple(dict.fromkeys(each.removeprefix("warning: ") for each in said if each.startswith("warning: ")))


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


def record(store: Store, lines: Sequence[Line], observed: Sequence[Line] = ()) -> None:
    """Add lines to deployments' stories, in their order; what has ended, or has left the store, takes none.

    Of what was `observed` (a line's text has the objects) the last one counts.
    """
    began = time.monotonic()
    in_order = sorted(observed, key=lambda line: line.deployment)  # also of a worker who has lost some of these
    with store.writing() as tx:
        waited = time.monotonic() - began  # for the one who writes
        for statement, some, longest in ((_ADD, lines, LONGEST_REASON), (_SEE, in_order, None)):
            tx.change_each(
                statement,
                [
                    {
                        "deployment": line.deployment,
                        "at": tx.now - waited - line.ago,
                        "phase": line.phase,
                        "text": bounded(line.text, longest) if longest else line.text,
                    }
                    for line in some
                ],
            )
