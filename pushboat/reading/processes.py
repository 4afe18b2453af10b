"""Which processes gave their last sign of life when, who of them is silent for too long, and what takes up the disk."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pushboat.errors import StoreUnavailable
from pushboat.model.json_forms import moment
from pushboat.model.times import ago
from pushboat.store import processes
from pushboat.store.database.engine import Store
from pushboat.store.database.vacuuming import size
from pushboat.store.processes import Beat

STALE_SECONDS = 45.0
"""How old a process' last word may be: three leases. Whatever it did has been taken over by then, if anybody can."""

DISPATCHER = "dispatcher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """The last sign of life of each process, by its name; `now` is the store's clock when they were read."""

    beats: Mapping[str, Beat]
    now: float

    @property
    def broker(self) -> str:
        """Pass on what the dispatcher says of the broker: nobody else needs to talk to it."""
        beat = self.beats.get(DISPATCHER)
        if beat is None:
            return "unknown: the dispatcher has not reported yet"
        if self.is_stale(beat):
            return f"unknown: the dispatcher last reported {self.now - beat.at:.0f} s ago"
        return beat.note.removeprefix("broker: ") or "ok"

    @property
    def stale(self) -> list[str]:
        """Name those that are silent for too long, a sentence each."""
        silent = [beat for beat in self.beats.values() if self.is_stale(beat)]
        return [
            f"{one.name} (pid {one.pid}) gave its last sign of life {ago(one.at, self.now)}: is it stuck, or stopped?"
            for one in silent
        ]

    def is_stale(self, beat: Beat) -> bool:
        """Say whether a sign is too old."""
        return self.now - beat.at > STALE_SECONDS

    def living(self, since: float) -> set[str]:
        """Name the processes whose sign is no older than `since`, by the store's clock."""
        return {name for name, beat in self.beats.items() if beat.at >= since}


def signs(store: Store) -> Signs:
    """Read the newest sign of life of each process; one that was replaced is not missed."""
    found = processes.beats(store)
    return Signs(beats={beat.name: beat for beat in reversed(found)}, now=store.now())


def signs_form(read: Signs) -> dict[str, Any]:
    """Write them as JSON."""
    shown = [
        {
            "name": beat.name,
            "pid": beat.pid,
            "at": moment(beat.at),
            "age_seconds": round(max(0.0, read.now - beat.at), 1),
            "note": beat.note,
        }
        for beat in read.beats.values()
    ]
    return {"broker": read.broker, "stale": read.stale, "processes": shown}


def disk_form(store: Store, state: Path) -> dict[str, int | None]:
    """Measure in bytes; the store may be on another machine's disk, the state folder is on ours."""
    try:
        return {"store_bytes": size(store), "state_free_bytes": shutil.disk_usage(state).free}
    except (OSError, StoreUnavailable):  # figures for people: no reason to be unready
        return {"store_bytes": None, "state_free_bytes": None}
