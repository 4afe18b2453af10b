"""A row that says this process lives: `/readyz`, `serve` and `doctor` read it."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pushboat.errors import StoreUnavailable
from pushboat.forges import allowances
from pushboat.model.allowance import Allowance
from pushboat.store import processes
from pushboat.store.database.engine import Store

BEAT_EVERY = 2.0

logger = logging.getLogger(__name__)


@contextmanager
def beating(store: Store, name: str, note: Callable[[], str]) -> Iterator[None]:
    """Write a heartbeat every two seconds as long as the block runs, with what there is to note then."""
    stop = threading.Event()

    def beat() -> None:
        told: frozenset[Allowance] = frozenset()
        while True:
            try:
                heard = frozenset(allowances.heard())
                processes.beat(store, name, os.getpid(), note(), heard - told)
                told = heard
            except StoreUnavailable as error:
                logger.warning("no heartbeat: %s", error.summary)
            except Exception:  # the last door: without this thread a living process looks dead
                logger.exception("a heartbeat met a bug")
            if stop.wait(BEAT_EVERY):
                return

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
