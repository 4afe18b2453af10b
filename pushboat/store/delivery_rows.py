"""Deliveries as rows of their table."""

import json
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from pushboat import later_words
from pushboat.events import Event, EventKind, from_json, to_json
from pushboat.model.ask import Ask, AuditEntry
from pushboat.model.delivery import FORGOTTEN, DeliveryRow, Verdict
from pushboat.routing.streams import stream
from pushboat.store import asks, audit
from pushboat.store.database.engine import Store
from pushboat.store.database.texts import bounded
from pushboat.store.database.transaction import Row, Transaction

LONGEST_HEADER = 200
_INSERT = sa.text(
    "INSERT INTO delivery (forge, delivery, repository, stream, sha, event, verdict, reason, headers, "
    "received_at, routed_at) "
    "VALUES (:forge, :delivery, :repository, :stream, :sha, :event, :verdict, :reason, :headers, "
    ":now, :routed_at) "
    "ON CONFLICT (forge, delivery) DO NOTHING RETURNING id"
)
_EVENT = sa.text("SELECT event FROM delivery WHERE id = :id")


def insert(
    tx: Transaction,
    forge: str,
    delivery: str,
    event: Event,
    asked: Sequence[Ask],
    verdict: Verdict,
    reason: str,
    routed_at: float | None,
    headers: Mapping[str, str] | None = None,
) -> int | None:
    """Write a new row and give its number; None where a delivery of this name is there already."""
    number: int | None = tx.scalar(
        _INSERT,
        forge=forge,
        delivery=delivery,
        repository=repository_of(forge, event),
        stream=stream(event, asked),
        sha=event.sha,
        event=json.dumps(to_json(event)),
        verdict=verdict,
        reason=reason,
        headers=json.dumps({name: bounded(value, LONGEST_HEADER) for name, value in (headers or {}).items()}),
        now=tx.now,
        routed_at=routed_at,
    )
    return number


def repository_of(forge: str, event: Event) -> str:
    """Name the repository that an event speaks of; empty where it speaks of every one."""
    return f"{forge}/{event.repository}" if event.repository else ""


def number_of(store: Store, delivery: int) -> int | None:
    """Say of which pull request a delivery told, or on which one it was asked."""
    with store.reading() as tx:
        event = tx.scalar(_EVENT, id=delivery)
    return from_json(json.loads(event)).number if event else None


def read_deliveries(tx: Transaction, rows: Sequence[Row]) -> list[DeliveryRow]:
    """Turn rows of the table into the noun, with what they ask for and what became of it."""
    numbers = [row["id"] for row in rows]
    wanted, entries = asks.of_deliveries(tx, numbers), audit.of_deliveries(tx, numbers)
    return [_read(row, wanted.get(row["id"], ()), entries.get(row["id"], ())) for row in rows]


def _read(row: Row, wanted: tuple[Ask, ...], entries: tuple[AuditEntry, ...]) -> DeliveryRow:
    verdict = later_words.read(Verdict, row["verdict"])
    forgotten = not row["event"] and verdict is not Verdict.REJECTED
    left = Event(kind=EventKind.OTHER, repository=row["repository"].partition("/")[2], sha=row["sha"])
    return DeliveryRow(
        id=row["id"],
        forge=row["forge"],
        delivery=row["delivery"] or "",
        event=from_json(json.loads(row["event"])) if row["event"] else left,
        verdict=verdict,
        reason=row["reason"],
        details=FORGOTTEN if forgotten else row["details"],
        forgotten=forgotten,
        received_at=row["received_at"],
        routed_at=row["routed_at"],
        deployments=tuple(json.loads(row["deployments"])),
        duplicates=row["duplicates"],
        source=row["source"],
        attempts=row["attempts"],
        asks=wanted,
        audit=entries,
        headers=json.loads(row["headers"] or "{}"),
    )
