"""gunicorn's threaded worker, telling `serve` with each turn of its poller that it does not hang.

The poller is what everybody waits for; the threads behind it are bounded by the store's and the writes' own limits.
"""

import os
import signal
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from pushboat.pulse import Pulse


class PulsingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Beats where gunicorn's own worker tells its master that it lives: the same place, for both readers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pulse = Pulse({})
        self.wsgi: Any = None

    def init_process(self) -> None:
        """Take hold of the pipe in the worker: the master, which may start itself anew, must be able to pass it on."""
        self._pulse = Pulse(os.environ)
        super().init_process()

    def init_signals(self) -> None:
        """Answer SIGHUP by a look at the operator's file; gunicorn's own way would end the process."""
        super().init_signals()
        signal.signal(signal.SIGHUP, lambda *_: getattr(self.wsgi, "hurry", _nothing)())

    def notify(self) -> None:
        """Tell the master and `serve` that the poller turned."""
        super().notify()
        self._pulse.beat()


def _nothing() -> None:
    """Wait for the app: it reads the file when it begins."""
