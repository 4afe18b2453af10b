"""Whether this process lives (`/healthz`), and whether it can do its work (`/readyz`): the store takes a write.

The broker and the other processes are shown, and `stale` names those that gave no sign of life for a while, but none of
them makes the web unready: deliveries are accepted without them.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint

from pushboat.errors import StoreUnavailable
from pushboat.model.json_forms import moment
from pushboat.model.times import ago
from pushboat.store import processes
from pushboat.store.database.engine import Store
from pushboat.store.database.vacuuming import size

ANSWER_KEPT_SECONDS = 1.0
"""How long an answer is kept: the address is open to everyone, and each look costs a write."""

HEARTBEAT_STALE_SECONDS = 45.0
"""How old a process' last word may be: three leases. Whatever it did has been taken over by then, if anybody can."""

DISPATCHER = "dispatcher"
Answer = tuple[dict[str, Any], int]


class Readiness:
    """The last look at the store, kept for a moment."""

    def __init__(self, store: Store, state: Path) -> None:
        self._store, self._state = store, state
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._answer: Answer = ({}, 503)

    def look(self) -> Answer:
        """Say whether the store takes a write, and what the other processes last said."""
        with self._lock:
            if time.monotonic() - self._looked_at >= ANSWER_KEPT_SECONDS:
                self._answer = _examine(self._store, self._state)
                self._looked_at = time.monotonic()
            return self._answer


def blueprint(store: Store, state: Path, may_see: Callable[[], bool]) -> Blueprint:
    """Open the two addresses; who may not see the pages learns only yes or no."""
    door = Blueprint("health", __name__)
    readiness = Readiness(store, state)

    @door.get("/healthz")
    def healthz() -> dict[str, Any]:
        return {"alive": True}

    @door.get("/readyz")
    def readyz() -> Answer:
        answer, code = readiness.look()
        return (answer if may_see() else {"ready": answer["ready"]}), code

    return door


def _examine(store: Store, state: Path) -> Answer:
    try:
        processes.beat(store, "web", os.getpid())
        beats, now = {beat.name: beat for beat in reversed(processes.beats(store))}, store.now()
    except StoreUnavailable as trouble:
        return {"ready": False, "store": trouble.summary, "broker": "unknown", "stale": [], "processes": []}, 503
    shown = [
        {
            "name": beat.name,
            "pid": beat.pid,
            "at": moment(beat.at),
            "age_seconds": round(max(0.0, now - beat.at), 1),
            "note": beat.note,
        }
        for beat in beats.values()
    ]
    broker = _broker(beats.get(DISPATCHER), now)
    stale = [_stale(beat, now) for beat in beats.values() if now - beat.at > HEARTBEAT_STALE_SECONDS]
    answer = {"ready": True, "store": "writable", "broker": broker, "stale": stale, "processes": shown}
    return answer | {"disk": _disk(store, state)}, 200


def _stale(beat: processes.Beat, now: float) -> str:
    return f"{beat.name} (pid {beat.pid}) gave its last sign of life {ago(beat.at, now)}: is it stuck, or stopped?"


def _disk(store: Store, state: Path) -> dict[str, int | None]:
    """Measure in bytes; the store may be on another machine's disk, the state folder is on ours."""
    try:
        return {"store_bytes": size(store), "state_free_bytes": shutil.disk_usage(state).free}
    except (OSError, StoreUnavailable):  # figures for people: no reason to be unready
        return {"store_bytes": None, "state_free_bytes": None}


def _broker(beat: processes.Beat | None, now: float) -> str:
    """Pass on what the dispatcher says of the broker: this process never talks to it."""
    if beat is None:
        return "unknown: the dispatcher has not reported yet"
    if now - beat.at > HEARTBEAT_STALE_SECONDS:
        return f"unknown: the dispatcher last reported {now - beat.at:.0f} s ago"
    return beat.note or "ok"
