"""The loop of worker and reporter, and what counts as its turn: Celery's consumer, which takes hints off the broker.

A beat takes the way of every hint: the consumer's event loop hands it to a thread of the pool, and that thread writes
it. So it stops when the loop stands still and when the pool takes no more. Threads that wait for health, for half an
hour or longer, are no hang: where all threads are at work the loop beats by itself. And an absent broker is no hang:
who tries to reach it again beats with every try.
"""

import logging
from collections.abc import Callable
from typing import Any

from celery.worker.consumer import Consumer
from celery.worker.state import active_requests, maybe_shutdown

from pushboat.pulse import BEAT_EVERY_SECONDS, Pulse

logger = logging.getLogger(__name__)


class BeatingConsumer(Consumer):  # type: ignore[misc]  # Celery ships no types
    """Celery's consumer with a pulse; `stuck` says whether the work behind the loop stands still."""

    def __init__(self, *args: Any, pulse: Pulse, threads: int, stuck: Callable[[], bool], **kwargs: Any) -> None:
        self._pulse, self._threads, self._stuck = pulse, threads, stuck
        super().__init__(*args, **kwargs)

    def register_with_event_loop(self, hub: Any) -> None:
        """Beat with the event loop; Celery takes this timer away when the connection ends, and calls us again."""
        super().register_with_event_loop(hub)
        hub.call_repeatedly(BEAT_EVERY_SECONDS, self._turn)

    def ensure_connected(self, conn: Any) -> Any:
        """Connect to the broker, however long that takes, and beat meanwhile."""

        def turn() -> None:
            self._pulse.beat()
            maybe_shutdown()

        turn()
        connected = conn.ensure_connection(_say, callback=turn)
        self.first_connection_attempt = False
        return connected

    def _turn(self) -> None:
        if self._stuck():
            return
        if len(active_requests) < self._threads:
            self.pool.executor.submit(self._pulse.beat)
        else:
            self._pulse.beat()


def hearing(worker: Any, listen: Callable[[], None]) -> Any:
    """Give Celery's worker with our own answer to SIGHUP: its own one would start the process anew."""

    class Hearing(worker):  # type: ignore[misc]  # Celery ships no types
        def install_platform_tweaks(self, worker: Any) -> None:
            super().install_platform_tweaks(worker)
            listen()

    return Hearing


def _say(trouble: Exception, seconds: float) -> None:
    logger.warning("the broker does not answer, trying again in %g s: %s", seconds, trouble)
