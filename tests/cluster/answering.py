"""An API server on localhost that gives prepared answers, and a kubeconfig that leads to it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

UNAUTHORIZED = {"kind": "Status", "reason": "Unauthorized", "message": "Unauthorized", "code": 401}


class Server(ThreadingHTTPServer):
    """Gives its answers one by one, the last one for ever; asks for a token where `tokens` names some."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.answers: list[tuple[int, dict[str, str], Any]] = [(200, {}, {})]
        self.seen: list[dict[str, str]] = []
        self.tokens: set[str] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, headers: dict[str, str]) -> tuple[int, dict[str, str], Any]:
        self.seen.append(headers)
        if self.tokens and headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return 401, {}, UNAUTHORIZED
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Answering(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        code, headers, body = self.server.answer({name.lower(): text for name, text in self.headers.items()})
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server as long as the block."""
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def write_kubeconfig(path: Path, server: Server, user: dict[str, Any], **cluster: Any) -> Path:
    """Write a kubeconfig for a server, as a file that takes the old one's place."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "a",
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
        "clusters": [{"name": "a", "cluster": {"server": server.address, **cluster}}],
        "users": [{"name": "a", "user": user}],
    }
    new = path.with_suffix(".new")
    new.write_text(yaml.safe_dump(config))
    return new.replace(path)
