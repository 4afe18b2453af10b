"""Heartbeats: which processes are alive, and one note each: how the broker is, or which operator's file was read."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.allowance import Allowance
from pushboat.store import allowances
from pushboat.store.database.engine import Store
from pushboat.store.database.unheld import unheld

FORGOTTEN_AFTER = 3600.0
_READ, _TROUBLE = "pushboat.yaml: ", "; "

_BEAT = sa.text(
    "INSERT INTO process (name, pid, beat_at, note) VALUES (:name, :pid, :now, :note) "
    "ON CONFLICT (name, pid) DO UPDATE SET beat_at = :now, note = :note"
)
_FORGET = unheld("DELETE FROM process", "process", "name, pid", "beat_at < :long_ago")
_BEATS = sa.text("SELECT name, pid, beat_at, note FROM process ORDER BY name, beat_at DESC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The last sign of life of one process."""

    name: str
    pid: int
    at: float
    note: str = ""


def has_read(digest: str, trouble: str = "") -> str:
    """Note which operator's file a process goes by, and why not by a newer one that is there."""
    return f"{_READ}{digest}{_TROUBLE if trouble else ''}{trouble}"


def goes_by(found: Beat) -> str:
    """Give the digest of the operator's file that a process goes by; empty where it does not say."""
    return found.note.removeprefix(_READ).partition(_TROUBLE)[0] if found.note.startswith(_READ) else ""


def held_up_by(found: Beat) -> str:
    """Say why a process does not go by the newest file; empty where it does, or does not say."""
    return found.note.partition(_TROUBLE)[2] if found.note.startswith(_READ) else ""


def beat(store: Store, name: str, pid: int, note: str = "", heard: Iterable[Allowance] = ()) -> None:
    """Give a sign of life, with what forges said since the last one."""
    with store.writing() as tx:
        allowances.keep(tx, heard)
        tx.change(_BEAT, name=name, pid=pid, now=tx.now, note=note)
        tx.change(_FORGET[tx.postgres], long_ago=tx.now - FORGOTTEN_AFTER)


def beats(store: Store) -> list[Beat]:
    """List the last sign of life of each process, the latest first for each name."""
    with store.reading() as tx:
        rows = tx.rows(_BEATS)
    return [Beat(name=row["name"], pid=row["pid"], at=row["beat_at"], note=row["note"]) for row in rows]
