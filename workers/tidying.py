"""Tidies beside the work, on a thread of its own: the dispatcher the store, each worker the git caches of its machine.

Nobody waits for it: every transaction is short, and others have their turn in between. Nothing depends on it either:
whatever goes wrong is logged, and the next round tries again.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pushboat.config.retention import Retention
from pushboat.errors import StoreUnavailable
from pushboat.sealing import Key
from pushboat.store import stamping
from pushboat.store.database.engine import Store
from pushboat.store.forgetting import forget
from workers.source.git.unused import remove_unused
from workers.source.outside.keeping import remove_unread

FIRST_AFTER, EVERY = 60.0, 3600.0
"""Seconds after the start, when others have more to do, and from one round to the next."""
REST = 0.1
"""Seconds between two transactions: five times as long as one of them."""

logger = logging.getLogger(__name__)


@contextmanager
def tidying(
    tidy: Callable[[threading.Event], None], first_after: float = FIRST_AFTER, every: float = EVERY
) -> Iterator[None]:
    """Tidy every so often as long as the block runs; the thread keeps no process from ending."""
    stop = threading.Event()
    thread = threading.Thread(target=_run, args=(tidy, stop, first_after, every), name="tidying", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(1.0)


def _run(tidy: Callable[[threading.Event], None], stop: threading.Event, pause: float, every: float) -> None:
    while not stop.wait(pause):
        pause = every
        try:
            tidy(stop)
        except StoreUnavailable as error:
            logger.warning("retention waits for a minute, the store does not answer: %s", error.summary)
            pause = min(every, FIRST_AFTER)
        except Exception:  # a fault of ours must not end the thread: then things would grow for ever
            logger.exception("tidying stopped early and goes on in the next round")


def tidy_store(store: Store, key: Key, retention: Retention, stop: threading.Event) -> None:
    """Let go of what the store has kept long enough."""
    gone = forget(store, retention, lambda: stop.wait(REST))
    if entries := stamping.let_go(store, key, retention.audit, lambda: stop.wait(REST)):
        gone["entries of the audit"] = entries
    if gone:
        logger.info("retention removed: %s", ", ".join(f"{what}: {count}" for what, count in gone.items()))


def tidy_caches(git_caches: Path, bases: Path, outside: Path, retention: Retention) -> None:
    """Remove the git caches that nobody used for long, those of `bases` too, and charts and files that nobody read."""
    places = (git_caches, *(bases.iterdir() if bases.is_dir() else ()))
    removed = sum(remove_unused(place, retention.caches) for place in places)
    if removed:
        logger.info("retention removed: git caches: %s", removed)
    removed = remove_unread(outside, retention.caches)
    if removed:
        logger.info("retention removed: charts and files from outside: %s", removed)
