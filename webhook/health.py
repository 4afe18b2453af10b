"""Whether this process lives (`/healthz`), and whether it can do its work (`/readyz`): the store takes a write.

The broker and the other processes are shown, and `stale` names those that gave no sign of life for a while, but none of
them makes the web unready: deliveries are accepted without them.
"""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint

from pushboat.config.following import Standing
from pushboat.config.operator import Operator
from pushboat.errors import StoreUnavailable
from pushboat.model.json_forms import moment
from pushboat.reading.processes import disk_form, signs, signs_form
from pushboat.store import processes
from pushboat.store.database.engine import Store

ANSWER_KEPT_SECONDS = 1.0
"""How long an answer is kept: the address is open to everyone, and each look costs a write."""

Answer = tuple[dict[str, Any], int]


class Readiness:
    """The last look at the store, kept for a moment."""

    def __init__(self, store: Store, state: Path, process: str, standing: Callable[[], Standing]) -> None:
        self._store, self._state, self._process, self._standing = store, state, process, standing
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._answer: Answer = ({}, 503)

    def look(self) -> Answer:
        """Say whether the store takes a write, and what the other processes last said."""
        with self._lock:
            if time.monotonic() - self._looked_at >= ANSWER_KEPT_SECONDS:
                self._answer = _examine(self._store, self._state, self._process, self._standing())
                self._looked_at = time.monotonic()
            return self._answer


def blueprint(
    store: Store,
    operator: Operator,
    process: str,
    may_see: Callable[[], bool],
    standing: Callable[[], Standing] | None = None,
) -> Blueprint:
    """Open the two addresses of a process; who may not see the pages learns only yes or no.

    `standing` says how the file that this process goes by stands to the one that is there.
    """
    door = Blueprint("health", __name__)
    began = Standing(digest=operator.digest, since=time.time())
    readiness = Readiness(store, operator.state, process, standing or (lambda: began))

    @door.get("/healthz")
    def healthz() -> dict[str, Any]:
        return {"alive": True}

    @door.get("/readyz")
    def readyz() -> Answer:
        answer, code = readiness.look()
        return (answer if may_see() else {"ready": answer["ready"]}), code

    return door


def _examine(store: Store, state: Path, process: str, standing: Standing) -> Answer:
    configuration = {"digest": standing.digest, "since": moment(standing.since), "trouble": standing.sentence}
    note = processes.has_read(standing.digest, standing.sentence)
    try:
        processes.beat(store, process, os.getpid(), note)  # the write that shows whether one is possible
        read = signs(store)
    except StoreUnavailable as trouble:
        silent = {"broker": "unknown", "stale": [], "processes": [], "configuration": configuration}
        return {"ready": False, "store": trouble.summary, **silent}, 503
    found = {**signs_form(read), "disk": disk_form(store, state), "configuration": configuration}
    return {"ready": True, "store": "writable", **found}, 200
