"""The front of a process that takes connections from another one's front, begun already."""

import selectors
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn

from webhook.front.passing import Line
from webhook.front.worker import NOBODY_THERE, FrontWorker


class TakingWorker(FrontWorker):
    """Its listener is a unix socket on which connections come; the first request of each has begun."""

    def accept(self, listener: Any) -> None:
        """Take the line on which one connection comes."""
        try:
            opened, _ = listener.accept()
        except OSError as error:
            if error.errno not in NOBODY_THERE:
                raise
            return
        line = Line(opened)
        self.poller.register(opened, selectors.EVENT_READ, partial(self._on_line, line))

    def _on_line(self, line: Line, _socket: Any) -> None:
        if not line.read():
            return
        self.poller.unregister(line.line)
        if (found := line.taken()) is None:
            return
        client, said = found
        try:
            conn = TConn(self.cfg, client, client.getpeername(), client.getsockname())
        except OSError:  # it went away meanwhile
            client.close()
            return
        self.nr_conns += 1
        self.begin(conn, said)
