"""Hints: which deployments the dispatcher should tell the workers about now.

A message on the broker is only a hint, so a lost one is sent again: at once, then after 4, 8, 16, 32 and every 60
seconds. Without the growing pause a flood makes several times as many messages as there is work.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from pushboat.store.database.engine import Store

PAUSES = (0, 4, 8, 16, 32)
LONGEST_PAUSE = 60
"""Seconds after the n-th hint until the next one, and from then on."""


def may_be_hinted(row: str) -> str:
    """Write the condition, in SQL, that a row's pause after its last hint is over at `:now`.

    A hint that lies beyond `:far` was made before the clock was set back, and counts as long ago.
    """
    steps = " ".join(f"WHEN {hints} THEN {pause}" for hints, pause in enumerate(PAUSES))
    pause = f"CASE {row}.hints {steps} ELSE {LONGEST_PAUSE} END"
    return f"({row}.hint_at > :far OR {row}.hint_at + {pause} <= :now)"


_DUE = sa.text(
    "SELECT d.id FROM deployment d JOIN lane l ON l.id = d.lane_id "  # noqa: S608 - put together from constants only
    "WHERE d.state = 'queued' AND d.not_before <= :now AND l.running IS NULL "
    f"AND {may_be_hinted('d')} "
    "ORDER BY d.hint_at, d.id LIMIT :limit"
)
_HINTED = sa.text(
    "UPDATE deployment SET hint_at = :now, hints = hints + 1 WHERE id IN :ids AND state = 'queued'"
).bindparams(sa.bindparam("ids", expanding=True))
_WAKE_LANES = sa.text("UPDATE deployment SET hint_at = 0, hints = 0 WHERE state = 'queued'")
_WAKE_REPOSITORIES = sa.text("UPDATE repository SET hint_at = 0, hints = 0 WHERE hints > 0")


def due(store: Store, limit: int = 50) -> list[int]:
    """List deployments that wait for a worker and were not hinted lately."""
    with store.reading() as tx:
        return [row["id"] for row in tx.rows(_DUE, now=tx.now, far=tx.far, limit=limit)]


def hinted(store: Store, ids: Sequence[int]) -> None:
    """Remember that these were published; said after publishing, so that a crash between costs only a repetition."""
    if ids:
        with store.writing() as tx:
            tx.change(_HINTED, now=tx.now, ids=list(ids))


def wake_all(store: Store) -> None:
    """Make everything that waits due at once: the broker has lost what it was told."""
    with store.writing() as tx:
        tx.change(_WAKE_REPOSITORIES)  # in the order in which a routing locks them: on Postgres, neither waits in vain
        tx.change(_WAKE_LANES)
