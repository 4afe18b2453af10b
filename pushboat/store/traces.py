"""How far traces were told: each of deliveries, deployments and letters by when it ended; and by which trace each goes.

Nothing is written down for a trace while something is worked on: its times stand in the rows anyway. Who tells of them
keeps the place here, so that after a kill -9 the next one goes on from there: nothing is left out, and what is told
twice has the same ids.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.span import trace_of, trace_without_delivery
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deliveries, deployments
from pushboat.store.database.texts import LONGEST_REASON, bounded
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.turns import LET_GO, is_free

LEASE = 60.0
"""Seconds; longer than a collector is waited for."""
# ruff: noqa: S608 - the statements are put together from constants only
_BEGIN = sa.text(
    "INSERT INTO trace (id, installation, delivery_at, deployment_at, letter_at) "
    "VALUES (1, :drawn, :now, :now, :now) ON CONFLICT (id) DO NOTHING"
)
_READ = sa.text("SELECT * FROM trace WHERE id = 1")
_CLAIM = sa.text(
    "UPDATE trace SET lease_owner = :owner, lease_until = :until "
    f"WHERE id = 1 AND ({is_free('trace')} OR lease_owner = :owner) RETURNING *"
)
_TOLD = sa.text(
    "UPDATE trace SET delivery_at = :delivery_at, delivery = :delivery, deployment_at = :deployment_at, "
    "deployment = :deployment, letter_at = :letter_at, letter = :letter, left_out = left_out + :left_out, "
    f"sent_at = CASE WHEN :trouble = '' THEN :now ELSE sent_at END, trouble = :trouble, {LET_GO} "
    "WHERE id = 1 AND lease_owner = :owner"
)


_CAME_BY = (
    sa.select(deployments.c.id, deliveries.c.forge, deliveries.c.delivery, deliveries.c.id.label("number"))
    .join_from(deployments, deliveries, deliveries.c.id == deployments.c.delivery_id, isouter=True)
    .where(deployments.c.id.in_(sa.bindparam("numbers", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of its kind that was told of: when it ended, in seconds since the epoch, and its number."""

    at: float
    id: int


Places = Mapping[str, Place]
"""By `delivery`, `deployment` and `letter`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far traces were told. `sent_at` is when the collector took something last, `trouble` why it takes nothing."""

    installation: str
    places: Places
    trouble: str = ""
    sent_at: float = 0.0
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """By which trace a deployment goes: its delivery's (by the forge's name for it and our number), or its own."""

    trace: str
    delivery: int | None = None


def id_of(store: Store, forge: str, delivery: str) -> str | None:
    """Give the trace of a delivery; None where no traces are sent."""
    if not store.traces:
        return None
    with store.reading() as tx:
        row = tx.row(_READ)
    return trace_of(row["installation"], forge, delivery) if row else None


def id_of_deployment(store: Store, number: int | None) -> str | None:
    """Give the trace of a deployment; None where no traces are sent."""
    if not store.traces or number is None:
        return None
    with store.reading() as tx:
        row = tx.row(_READ)
        found = came(tx, row["installation"], {number}).get(number) if row else None
    return found.trace if found else None


def begin(store: Store, installation: str = "") -> None:
    """Begin to tell of what ends from now on, where that has never been begun; by a name that is drawn now."""
    with store.writing() as tx:
        tx.change(_BEGIN, drawn=installation or secrets.token_hex(16), now=tx.now)


def standing(store: Store) -> Standing | None:
    """Say how far traces were told; None where nobody has ever begun to."""
    with store.reading() as tx:
        row = tx.row(_READ)
    return _standing(row) if row else None


def claim(store: Store, owner: str) -> Standing | None:
    """Take it upon oneself to tell of what is next; None where somebody else does."""
    with store.writing() as tx:
        row = tx.row(_CLAIM, owner=owner, now=tx.now, far=tx.far, until=tx.now + LEASE)
    return _standing(row) if row else None


def told(store: Store, owner: str, places: Places, *, trouble: str = "", left_out: int = 0) -> None:
    """Note how far the collector knows now, or the `trouble` why it knows no more, and let others go on."""
    values: dict[str, float | int] = {}
    for what, place in places.items():
        values |= {f"{what}_at": place.at, what: place.id}
    with store.writing() as tx:
        said = bounded(trouble, LONGEST_REASON)
        tx.change(_TOLD, owner=owner, now=tx.now, trouble=said, left_out=left_out, **values)


def came(tx: Transaction, installation: str, numbers: Collection[int]) -> dict[int, Came]:
    rows = tx.rows(_CAME_BY, numbers=list(numbers)) if numbers else []
    return {
        row["id"]: Came(trace=trace_of(installation, row["forge"], row["delivery"] or ""), delivery=row["number"])
        if row["number"]
        else Came(trace=trace_without_delivery(installation, row["id"]))
        for row in rows
    }


def _standing(row: Row) -> Standing:
    return Standing(
        installation=row["installation"],
        places={what: Place(row[f"{what}_at"], row[what]) for what in ("delivery", "deployment", "letter")},
        trouble=row["trouble"],
        sent_at=row["sent_at"],
        left_out=row["left_out"],
    )
