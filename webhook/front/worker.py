"""gunicorn's threaded worker with a front that does not block: a request takes a thread only when all of it is there.

gunicorn's own one gives each connection a thread from its first byte to its last, so that sixteen senders that trickle
would keep everybody waiting (measured in docs/adr/0010-a-front-that-does-not-block.md). Here the poller gathers the
bytes of all of them, within limits of number, memory and time, and what exceeds those gives way.
"""

import contextlib
import errno
import logging
import selectors
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn

from webhook.front.fairness import who_gives_way
from webhook.front.incoming import Incoming
from webhook.front.limits import (
    AT_ONCE,
    HELD,
    LARGE_AT_ONCE,
    LINGER,
    PASSING,
    PIECE,
    SWEEP_EVERY,
    Limits,
    deadline,
)
from webhook.front.passing import pass_on
from webhook.front.pulsing import PulsingWorker
from webhook.front.refusals import NO_PAGES, NO_ROOM, TOO_SLOW, Refusal

log = logging.getLogger(__name__)

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_FULL = (errno.EMFILE, errno.ENFILE)
_NAP, _SAID_EVERY = 0.05, 60.0  # seconds between two tries to accept where none is left, and two lines about it
NOBODY_THERE = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)


class FrontWorker(PulsingWorker):
    """Gathers requests in its poller; `_waiting` has those that are not whole yet, oldest first.

    `_to_pass_on` has those that nobody takes yet, and until when they wait for it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: dict[Any, Incoming] = {}
        self._handed_in: dict[Any, Incoming] = {}
        self._to_pass_on: list[tuple[Incoming, float]] = []
        self._held = 0
        self._next_sweep = 0.0
        self._next_word = 0.0

    # What gunicorn calls.

    def accept(self, listener: Any) -> None:
        """Accept a connection and wait for its first request."""
        try:
            connection, client = listener.accept()
        except OSError as error:
            if error.errno in _FULL:
                self._make_room(error)
            elif error.errno not in NOBODY_THERE:
                raise
            return
        self.nr_conns += 1
        self.begin(TConn(self.cfg, connection, client, listener.getsockname()))

    def finish_request(self, conn: Any, future: Any) -> None:
        """Wait for the connection's next request, or for its end."""
        incoming = self._handed_in.pop(conn)
        incoming.close()
        if conn.sock.fileno() < 0:  # whoever answered goes on with it
            self.nr_conns -= 1
            return
        kept = not future.cancelled() and future.exception() is None and future.result()
        if kept and self.alive:
            self.begin(conn, incoming.surplus)
        else:
            self._linger(conn)

    def murder_pending(self) -> None:
        """End what came too slowly, and pass on what had to wait."""
        now = time.monotonic()
        if now < self._next_sweep:
            return
        self._next_sweep = now + SWEEP_EVERY
        waited, self._to_pass_on = self._to_pass_on, []
        for incoming, until in waited:
            self._pass_on(incoming, until)
        for incoming in [one for one in self._waiting.values() if now > deadline(one, stopping=not self.alive)]:
            if incoming.received and not incoming.discarding:
                self._refuse(incoming, TOO_SLOW)
            else:
                self._drop(incoming)

    # What happens to a request that comes in.

    def begin(self, conn: Any, surplus: bytes = b"") -> None:
        """Wait for a request of which these bytes have come."""
        limits = self._limits
        incoming = Incoming(
            conn, self.cfg, limits.spool, limits.trusted, time.monotonic(), passes=bool(limits.dashboard)
        )
        self._watch(incoming)
        if len(self._waiting) > AT_ONCE:
            self._give_way()
        if surplus and conn in self._waiting:
            self._take(incoming, surplus)

    def _watch(self, incoming: Incoming) -> None:
        incoming.conn.sock.setblocking(False)  # noqa: FBT003 - the socket module's
        self._waiting[incoming.conn] = incoming
        self.poller.register(incoming.conn.sock, selectors.EVENT_READ, partial(self._on_readable, incoming))

    def _on_readable(self, incoming: Incoming, _socket: Any) -> None:
        if self._waiting.get(incoming.conn) is not incoming:
            return  # it gave way a moment ago
        try:
            piece = incoming.conn.sock.recv(PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._drop(incoming)
            return
        if piece and not incoming.discarding:
            self._take(incoming, piece)
        elif not piece and incoming.parser and not incoming.discarding:
            incoming.cut_short()
            self._hand_in(incoming)
        elif not piece:
            self._drop(incoming)

    def _take(self, incoming: Incoming, piece: bytes) -> None:
        before, was_large = incoming.held, incoming.large
        try:
            refusal = incoming.take(piece)
        except OSError as trouble:  # the disk is full: that must not end everybody's requests
            log.error("a large body cannot be kept in the state folder: %s", trouble.strerror)  # noqa: TRY400 - it says it
            refusal = NO_ROOM
        self._held += incoming.held - before
        if refusal:
            self._refuse(incoming, refusal)
        elif incoming.asks_elsewhere:
            self._forget(incoming)
            self._pass_on(incoming, time.monotonic() + PASSING)
        elif incoming.complete:
            self._hand_in(incoming)
        elif incoming.large and not was_large and not self._has_room_for_a_large_one(incoming):
            self._refuse(incoming, NO_ROOM)
        elif incoming.waits_to_go_on:
            incoming.was_told()
            self._say(incoming, _CONTINUE)
        elif self._held > HELD:
            self._give_way()

    def _hand_in(self, incoming: Incoming) -> None:
        """Give a thread the whole request."""
        self._forget(incoming)
        incoming.rewind()
        conn = incoming.conn
        conn.parser, conn.initialized, conn.data_ready = incoming.parser, True, True
        self._handed_in[conn] = incoming
        self.enqueue_req(conn)

    def _pass_on(self, incoming: Incoming, until: float) -> None:
        """Give the connection to the dashboard's process; while that one begins anew, it waits for it."""
        assert self._limits.dashboard is not None
        if pass_on(incoming.conn.sock, incoming.said, self._limits.dashboard):
            self._close(incoming)
        elif time.monotonic() < until and len(self._to_pass_on) < AT_ONCE and self.alive:
            self._to_pass_on.append((incoming, until))
        else:
            self._say(incoming, NO_PAGES.as_bytes(problem=incoming.asks_the_api))
            self._linger(incoming.conn)

    @property
    def _limits(self) -> Limits:
        limits: Limits = self.wsgi.extensions["front"]
        return limits

    def _has_room_for_a_large_one(self, newcomer: Incoming) -> bool:
        """Say whether its body may go on; where another address has more of them, its oldest one gives way."""
        waiting = [one for one in self._waiting.values() if one.large and not one.discarding]
        in_hand = sum(one.large for one in self._handed_in.values())
        if len(waiting) + in_hand <= LARGE_AT_ONCE:
            return True
        loser = who_gives_way(waiting)
        if loser.source == newcomer.source:
            return False
        self._refuse(loser, NO_ROOM)
        return True

    def _make_room(self, full: OSError) -> None:
        """Let somebody give way who has not said all; where nobody is there, whoever connects waits in line."""
        if self._waiting:
            self._give_way()
            return
        if time.monotonic() >= self._next_word:
            log.error("%s: connections wait in line; give the web process more descriptors (ulimit -n)", full.strerror)
            self._next_word = time.monotonic() + _SAID_EVERY
        time.sleep(_NAP)

    def _give_way(self) -> None:
        self._refuse(who_gives_way(self._waiting.values()), NO_ROOM)

    # How a connection ends.

    def _refuse(self, incoming: Incoming, refusal: Refusal) -> None:
        """Answer in the request's place; whoever is still writing hears it, because we go on reading for a moment."""
        log.info("%s: answered %d before the request was whole", incoming.source, refusal.code)
        if incoming.discarding or not incoming.received:
            self._drop(incoming)
            return
        self._forget(incoming)
        incoming.close()
        self._say(incoming, refusal.as_bytes(problem=incoming.asks_the_api))
        self._linger(incoming.conn)

    def _say(self, incoming: Incoming, answer: bytes) -> None:
        with contextlib.suppress(OSError):  # gone, or it reads nothing: then it does not hear it
            incoming.conn.sock.send(answer)

    def _linger(self, conn: Any) -> None:
        """Say that no more answers come, and read on until the sender ends too, or its time is over."""
        incoming = Incoming(conn, self.cfg, self._limits.spool, (), time.monotonic() + LINGER)
        incoming.discarding = True
        self._watch(incoming)
        try:
            conn.sock.shutdown(1)
        except OSError:
            self._drop(incoming)

    def _drop(self, incoming: Incoming) -> None:
        self._forget(incoming)
        self._close(incoming)

    def _close(self, incoming: Incoming) -> None:
        incoming.close()
        self.nr_conns -= 1
        incoming.conn.close()

    def _forget(self, incoming: Incoming) -> None:
        del self._waiting[incoming.conn]
        self._held -= incoming.held
        self.poller.unregister(incoming.conn.sock)
