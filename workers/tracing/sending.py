"""Sends traces beside the dispatcher's work, on a thread of its own: what has ended is read, sent, and noted as told.

Nobody waits for it. A collector that is away, slow or refuses keeps this thread waiting and nothing else; what has
ended meanwhile stays in the store, and is told of when it is back. Of several dispatchers one sends at a time.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import Protocol

from pushboat.errors import StoreUnavailable
from pushboat.model.span import Span
from pushboat.model.wording import counted
from pushboat.reading.spans import spans
from pushboat.store import traces, untold
from pushboat.store.database.engine import Store
from pushboat.tracing import wanted

EVERY, LONGEST_PAUSE = 1.0, 30.0
"""Seconds from one look to the next, twice as many with each that the collector or the store does not answer."""
FEW = 100
"""Deliveries, deployments and letters each, that are sent together."""
LATEST = 3600.0
"""Seconds after which what the collector has not taken is left out: who looks at traces looks at what is now."""
LONGEST_GOODBYE = 1.0
NOT_TAKEN = "the collector of traces takes nothing"

logger = logging.getLogger(__name__)


class Takes(Protocol):
    """Who takes spans: a collector."""

    def take(self, spans: Sequence[Span]) -> bool:
        """Take them, or say no."""

    def close(self) -> None:
        """Wait for nothing any more."""


@contextmanager
def sending(store: Store, environ: Mapping[str, str], every: float = EVERY) -> Iterator[None]:
    """Send traces as long as the block runs, where the environment says so; the thread keeps no process from ending."""
    told = wanted(environ)
    if told.why_not:
        logger.warning("%s", told.why_not)
    if not told.on:
        yield
        return
    stop = threading.Event()
    sender = Sender(store, _connected, stop, every)
    thread = threading.Thread(target=sender.run, name="traces", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(LONGEST_GOODBYE)


class Sender:
    """Who tells a collector what has ended."""

    def __init__(
        self,
        store: Store,
        connect: Callable[[], Takes],
        stop: threading.Event,
        every: float = EVERY,
        owner: str = "",
    ) -> None:
        self._store, self._connect, self._stop, self._every = store, connect, stop, every
        self._owner = owner or f"{socket.gethostname()}:{os.getpid()}"

    def run(self) -> None:
        """Go on until told to stop."""
        pause, begun = 0.0, False
        try:
            collector = self._connect()
        except Exception:  # it is others' code, and nothing else may end with it
            logger.exception("no traces are sent, OpenTelemetry's SDK does not start: install pushboat[otel] anew")
            return
        while not self._stop.wait(pause):
            try:
                if not begun:
                    traces.begin(self._store)
                    begun = True
                answered = self.send(collector)
            except StoreUnavailable:
                answered = False  # the dispatcher says it
            except Exception:  # a fault of ours must not end the thread
                logger.exception("sending traces met a bug and goes on later")
                answered = False
            pause = self._every if answered else min(LONGEST_PAUSE, max(pause, self._every) * 2)
        collector.close()

    def send(self, collector: Takes) -> bool:
        """Send what has ended, batch after batch; False where the collector did not take one."""
        while not self._stop.is_set():
            here = traces.standing(self._store)
            if here is None or untold.ended(self._store, here, 1).places == here.places:
                return True
            held = traces.claim(self._store, self._owner)
            if held is None:  # another dispatcher sends
                return True
            if not self._send_some(collector, held):
                return False
        return True

    def _send_some(self, collector: Takes, held: traces.Standing) -> bool:
        places, left_out = untold.before(self._store, held, LATEST)
        if left_out:
            logger.warning("of %s no traces are sent, for they ended more than an hour ago", counted(left_out, "thing"))
            held = replace(held, places=places)
        found = untold.ended(self._store, held, FEW)
        made = spans(found)
        taken = not made or collector.take(made)
        traces.told(
            self._store,
            self._owner,
            found.places if taken else held.places,
            trouble="" if taken else NOT_TAKEN,
            left_out=left_out,
        )
        _say(was_away=bool(held.trouble), taken=taken)
        return taken


def _connected() -> Takes:
    """Load OpenTelemetry's SDK, and go by its variables."""
    collector: Takes = import_module("workers.tracing.collector").Collector()
    return collector


def _say(*, was_away: bool, taken: bool) -> None:
    """Say once that the collector is away, and once that it is back, whichever process sees it."""
    if taken and was_away:
        logger.warning("the collector of traces takes them again")
    elif not taken and not was_away:
        logger.warning("%s; traces wait in the store for an hour, and nothing waits for them", NOT_TAKEN)
