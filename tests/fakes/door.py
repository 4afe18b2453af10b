"""The HTTP side that all fake forges share: a real threaded server, a log of requests, and trouble on demand."""

import json
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.servers import stop


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request that came, and what it was answered."""

    method: str
    path: str
    status: int
    authorization: str
    at: float


@dataclass(kw_only=True)
class Trouble:
    """What to answer in place of the truth, and how often; `after` does the work first, `status` 0 hangs up."""

    status: int
    times: int = 1
    method: str = ""
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = field(default_factory=lambda: {"message": "trouble"})
    after: bool = False

    def concerns(self, method: str, path: str) -> bool:
        """Say whether this request gets into trouble."""
        return self.times > 0 and self.method in ("", method) and self.path in path


class Door:
    """Serves one application on a port of its own until it is closed."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self.requests: list[Asked] = []
        self.troubles: list[Trouble] = []
        self.down = False
        self._silent = self._trickled = ""
        self._every = 0.0
        self._speaking = threading.Condition()
        self._lock = threading.Lock()
        self.ahead = 0.0
        """Seconds that its clock is ahead of ours."""
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=_quiet(self)
        )
        self.url = f"http://127.0.0.1:{self._server.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def hush(self, path: str) -> None:
        """Leave requests for these paths without an answer, until told otherwise by an empty path."""
        with self._speaking:
            self._silent = path
            self._speaking.notify_all()

    def trickle(self, path: str, every: float = 0.2) -> None:
        """Answer requests for these paths with a byte now and then, without an end, until told otherwise."""
        self._trickled, self._every = path, every

    def close(self) -> None:
        """Stop listening."""
        self.hush("")
        self.trickle("")
        stop(self._server, self._thread)
        self._server.server_close()

    def _answer(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        method, raw = environ["REQUEST_METHOD"], environ["RAW_URI"]
        path = raw.partition("?")[0]
        # Slashes that the caller encoded belong to one name (acme%2Fshop), for GitLab's routes.
        environ["PATH_INFO"] = unquote(path.replace("%2F", "%252F").replace("%2f", "%252F"))
        with self._speaking:
            self._speaking.wait_for(lambda: not (self._silent and self._silent in path))
        if self._trickled and self._trickled in path:
            start("200 OK", [("Content-Type", "application/json"), ("Content-Length", "100000")])
            return self._slowly()
        trouble = self._trouble(method, path)
        if trouble is None or trouble.after:
            seen: list[str] = []

            def record(status: str, headers: Any, exc_info: Any = None) -> Any:
                seen.append(status)
                return (lambda _: None) if trouble else start(status, headers, exc_info)

            answer = self._app(environ, record)
            if trouble is None:
                self._log(environ, method, raw, int(seen[0].split()[0]))
                return answer
            b"".join(answer)
        else:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self._log(environ, method, raw, trouble.status)
        if trouble.status == 0:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            trouble = Trouble(status=500)
        page = isinstance(trouble.body, str)
        body = trouble.body.encode() if page else json.dumps(trouble.body).encode()
        headers = [
            ("Content-Type", "text/html" if page else "application/json"),
            ("Content-Length", str(len(body))),
            *trouble.headers.items(),
        ]
        start(f"{trouble.status} {HTTPStatus(trouble.status).phrase}", headers)
        return [body]

    def _slowly(self) -> Iterable[bytes]:
        while self._trickled:
            time.sleep(self._every)  # between two bytes of one answer
            yield b" "

    def _trouble(self, method: str, path: str) -> Trouble | None:
        with self._lock:
            if self.down:
                return Trouble(status=503, body={"message": "down for maintenance"})
            found = next((trouble for trouble in self.troubles if trouble.concerns(method, path)), None)
            if found:
                found.times -= 1
            return found

    def _log(self, environ: WSGIEnvironment, method: str, path: str, status: int) -> None:
        authorization = environ.get("HTTP_AUTHORIZATION") or environ.get("HTTP_PRIVATE_TOKEN", "")
        self.requests.append(
            Asked(method=method, path=path, status=status, authorization=authorization, at=time.monotonic())
        )


def _quiet(door: Door) -> type[WSGIRequestHandler]:
    """Make what serves one connection by this door's clock."""
    return type("_Own", (_Quiet,), {"door": door})


class _Quiet(WSGIRequestHandler):
    door: Door

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Write the Date of an answer."""
        return super().date_time_string((timestamp or time.time()) + self.door.ahead)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the library's word
        """Say nothing: tests look at `requests`."""

    def handle(self) -> None:
        """Serve, also callers that hang up."""
        try:
            super().handle()
        except (ConnectionError, ValueError):
            self.close_connection = True
