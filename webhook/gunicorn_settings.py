"""gunicorn's settings, with the reason of each; the address and the numbers come from `webhook.server`.

Threads, because those of one process share SQLite's one writer in order; a front of our own, because a request must not
have a thread before it is whole. The worker notices within seconds that its master was killed; the parent-death signal
makes it at once.
"""

import logging
import os
import signal
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from pushboat import logs
from pushboat.parent_death import die_with
from pushboat.pulse import show_stacks_when_asked

worker_class = "webhook.front.worker.FrontWorker"
loglevel = "warning"
"""One process of several on a terminal: quiet until something is wrong."""

accesslog = "-" if os.environ.get("PUSHBOAT_ACCESS_LOG") else None
"""Every accepted delivery is in the store, every refused one is recorded; an access log is for hunting only."""

access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s'
"""Without what stands behind the question mark, and without where somebody came from: the way back from signing in
brings a code there."""

keepalive = 5
"""More than nothing: it lets answers leave connections open. How long they stay so says `webhook.front.limits`."""

timeout = 60
graceful_timeout = 5
"""Answers take milliseconds; whoever is still sending then is answered by the next process, or sends again."""

forwarder_headers = ""
"""From this machine gunicorn would take SCRIPT_NAME for a proxy's word; proxies here pass on what visitors write."""

backlog = 512
control_socket_disable = True
"""Its path is one per user, so two Pushboats on one machine would fight over it."""

LONGEST_SILENCE = 10
"""Seconds that a reader may pause before its thread is taken away."""

ANSWER_BUFFER = 1024 * 1024
"""Bytes of an answer that the kernel takes at once, so that a slow reader holds no thread: larger than any page."""


def on_starting(server: Any) -> None:
    """Let gunicorn's lines be objects too, where all others are; the workers, forked from here, inherit that."""
    for log in (server.log.error_log, server.log.access_log):
        logs.write_alike(log)


def when_ready(server: Any) -> None:
    """Limit how long a write may take; accepted connections inherit it from the listening socket."""
    show_stacks_when_asked()  # the workers, forked from here, inherit that too
    for listener in server.LISTENERS:
        limit = struct.pack("ll", LONGEST_SILENCE, 0)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ANSWER_BUFFER)
    # gunicorn's own answer begins all workers anew, and ends with all of them where the file has a mistake.
    signal.signal(signal.SIGHUP, lambda *_: _pass_on_hangup(list(server.WORKERS)))


def _pass_on_hangup(workers: Iterable[int]) -> None:
    """Have every worker look at the operator's file."""
    for pid in workers:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGHUP)


def worth_keeping(record: logging.LogRecord) -> bool:
    """Say whether a log record is worth keeping.

    A reader that fell silent is no trouble of ours. What cannot be read as a request is the sender's, whose words would
    stand here, with whatever secret is in them and as often as they like.
    """
    if str(record.msg).startswith("Invalid request from "):
        record.msg = str(record.msg).partition(": ")[0]
        return bool(accesslog)
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))


def post_fork(server: Any, worker: Any) -> None:
    """Die with the master, also when it is killed with -9, so that the port is free for the next one."""
    worker.log.error_log.addFilter(worth_keeping)
    die_with(server.pid)()
