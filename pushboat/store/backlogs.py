"""What waits, and for how long: deliveries to be routed, deployments for a worker, letters and notices to be posted."""

from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.store.database.engine import Store
from pushboat.store.waiting import is_held

# ruff: noqa: S608 - the statements are put together from constants only
_UNROUTED = sa.text("SELECT count(*) AS number, min(received_at) AS since FROM delivery WHERE routed_at IS NULL")
_UNSENT = (
    "SELECT count(*) AS number, min(created_at) AS since FROM outbox WHERE sent_at IS NULL AND substr(forge, 1, 1)"
)
_LETTERS, _NOTICES = sa.text(f"{_UNSENT} <> '@'"), sa.text(f"{_UNSENT} = '@'")
LATE = 300.0
"""Seconds after which a letter that was tried and waits is worth a word; most troubles of a forge are over by then."""
_LATE = "FROM outbox WHERE sent_at IS NULL AND error <> '' AND created_at < :long_ago AND substr(forge, 1, 1) <> '@'"
_LATE_NUMBER = sa.text(f"SELECT count(*) {_LATE}")
_LATEST = sa.text(f"SELECT forge, repository, kind, error, created_at {_LATE} ORDER BY created_at, id LIMIT 1")
_QUEUED = sa.text(
    f"SELECT held, count(*) AS number, min(created_at) AS since FROM (SELECT d.created_at, {is_held('d', 'l')} AS held "
    "FROM deployment d JOIN lane l ON l.id = d.lane_id WHERE d.state = 'queued') waiting GROUP BY held"
)
_RUNNING = sa.text("SELECT count(*) FROM deployment WHERE state = 'running'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many wait, and for how many seconds the oldest of them has; 0 where none does."""

    number: int = 0
    oldest: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LateLetters:
    """Letters that a forge would not take until now, and that go on being tried; one of them waits for longest."""

    number: int
    oldest: float
    repository: str
    kind: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlogs:
    """All that waits. What is held waits for people, and is counted apart: no worker can do anything about it."""

    deliveries: Backlog
    queued: Backlog
    held: Backlog
    letters: Backlog
    notices: Backlog
    running: int


def read(store: Store) -> Backlogs:
    """Count everything, in one look at the store."""
    with store.reading() as tx:
        queued = {bool(row["held"]): row for row in tx.rows(_QUEUED, now=tx.now)}
        rows = {
            "deliveries": tx.row(_UNROUTED),
            "queued": queued.get(False),
            "held": queued.get(True),
            "letters": tx.row(_LETTERS),
            "notices": tx.row(_NOTICES),
        }
        found = {
            name: Backlog(number=row["number"], oldest=max(0.0, tx.now - row["since"]))
            for name, row in rows.items()
            if row is not None and row["number"]
        }
        running = int(tx.scalar(_RUNNING))
    return Backlogs(running=running, **{name: found.get(name, Backlog()) for name in rows})


def late_letters(store: Store) -> LateLetters | None:
    """Find what waits since a forge does not take it, if anything does."""
    with store.reading() as tx:
        row = tx.row(_LATEST, long_ago=tx.now - LATE)
        if row is None:
            return None
        return LateLetters(
            number=int(tx.scalar(_LATE_NUMBER, long_ago=tx.now - LATE)),
            oldest=tx.now - row["created_at"],
            repository=f"{row['forge']}/{row['repository']}",
            kind=row["kind"],
            error=row["error"],
        )
