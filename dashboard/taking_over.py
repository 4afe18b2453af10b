"""An answer that goes on: the server's connection is taken from it, so that no thread waits with whoever watches.

gunicorn puts the socket into the WSGI environment. What has taken it raises StopIteration, at which its threaded worker
leaves the connection alone, and our front (`webhook/front/worker.py`) sees that the socket is somebody else's.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from http.client import responses
from typing import Any

from flask import Request

from dashboard.watchers import Story, Watcher, Watchers, last_line

_SLOT = "pushboat.watch"
Application = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Watch:
    """What a request wants to be told on: `story` is what its answer says already, `visitor` who they are, and
    `lives` whether they may go on."""

    number: int
    story: Story
    after: int
    lives: Callable[[], bool]
    visitor: str


def goes_on(request: Request, watch: Watch) -> None:
    """Let the answer to a request go on; where the server has no connection to give, it ends as others do."""
    request.environ.get(_SLOT, []).append(watch)


def taking_over(application: Application, watchers: Watchers) -> Application:
    """Wrap a WSGI application so that answers which go on do so with `watchers`."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        client = environ.get("gunicorn.socket")
        if client is None or environ.get("REQUEST_METHOD") != "GET" or watchers.are_many:
            return application(environ, start_response)
        slot: list[Watch] = []
        began: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            if not slot or not status.startswith("200 "):
                return start_response(status, headers, error)
            began.append((status, headers))
            return _no_writing

        body = application({**environ, _SLOT: slot}, begin)
        if not began:
            return body
        [watch] = slot
        if watchers.are_many_of(watch.visitor):
            start_response(*began[0])
            return body
        said = _head(began[0][1]) + b"".join(body)
        read = last_line(watch.story, watch.after)
        taken = socket.socket(fileno=client.detach())
        watchers.take(Watcher(taken, watch.number, watch.story, read, watch.lives, watch.visitor), said)
        raise StopIteration("its connection was taken over")

    return answer


def _head(headers: list[tuple[str, str]]) -> bytes:
    """Write the head of an answer that ends with its connection."""
    left_out = ("content-length", "connection")
    lines = [f"{name}: {value}" for name, value in headers if name.lower() not in left_out]
    return "\r\n".join([f"HTTP/1.1 200 {responses[200]}", *lines, "Connection: close", "\r\n"]).encode("latin-1")


def _no_writing(_said: bytes) -> None:
    raise NotImplementedError("Flask gives its answers as what it returns")
