"""A proxy before a real API server that does what a real one does on a bad day, by a seed.

It stays within what the API allows: a LIST may be old only where the client asked for `resourceVersion=0`, a continue
token may be expired at any time, a watch may end, lose its connection or be too old, and any request may be answered
429, 500 or 503, or lose its connection before, or after the API server has done what was asked.
"""

import base64
import http.client
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

from workers.cluster.client.certificates import as_kubectl

MOST_IN_A_ROW = 2
"""Lies about one request after which the truth must come, so that whoever goes on gets somewhere."""
ONE_IN_PAUSES = 4
"""Of the 429 answers, those that ask for a second: where all did, a bad day was spent waiting, as it should be."""

EXPIRED = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": 410,
           "message": "the provided continue parameter is too old"}  # fmt: skip
BUSY = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "TooManyRequests", "code": 429,
        "message": "too many requests"}  # fmt: skip
AWAY = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "InternalError", "code": 500,
        "message": "etcdserver: leader changed"}  # fmt: skip
LIES = ("busy", "away", "unavailable", "lost before", "lost after", "stale", "expired")


@dataclass
class Mood:
    """How often it lies, and what it did so far."""

    random: Random
    often: float = 0.0
    told: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    in_a_row: Counter[str] = field(default_factory=Counter)

    def lie(self, method: str, path: str, query: dict[str, list[str]], *, remembers: bool) -> str:
        """Choose what to do to a request; empty for the truth."""
        possible = [each for each in LIES if _fits(each, query, remembers=remembers)]
        with self.lock:
            request = f"{method} {path}"
            if self.in_a_row[request] >= MOST_IN_A_ROW or self.random.random() >= self.often:
                self.in_a_row[request] = 0
                return ""
            self.in_a_row[request] += 1
            lie = self.random.choice(possible)
            self.told[lie] += 1
            return lie

    def pause(self) -> str:
        """Say for how many seconds nobody should ask: everybody keeps to it, so mostly for none."""
        with self.lock:
            return "1" if self.told["busy"] % ONE_IN_PAUSES == 1 else "0"


def _fits(lie: str, query: dict[str, list[str]], *, remembers: bool) -> bool:
    if lie == "stale":
        return remembers and query.get("resourceVersion") == ["0"]
    return lie != "expired" or "continue" in query


class LyingCluster(ThreadingHTTPServer):
    """The proxy; `mood.often` may change while it runs."""

    daemon_threads = True
    ahead = 0.0
    """Seconds by which its clock is ahead of the tests'."""

    def __init__(self, kubeconfig: Path, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.mood = Mood(Random(seed))
        self.remembered: dict[str, bytes] = {}
        self._config: dict[str, Any] = yaml.safe_load(kubeconfig.read_text())
        self.target = urlsplit(self._config["clusters"][0]["cluster"]["server"])
        self.tls = as_kubectl(ssl.create_default_context(cadata=_authority(self._config["clusters"][0]["cluster"])))

    def instead(self, _method: str, _path: str) -> tuple[int, bytes] | None:
        """Answer a request in the API server's place; None lets it through."""
        return None

    @property
    def kubeconfig(self) -> dict[str, Any]:
        """Give a kubeconfig that leads here, with the same user."""
        cluster = {"name": "lying", "cluster": {"server": f"http://127.0.0.1:{self.server_port}"}}
        user = self._config["users"][0]["name"]
        context = {"name": "lying", "context": {"cluster": "lying", "user": user}}
        return {**self._config, "current-context": "lying", "clusters": [cluster], "contexts": [context]}


def _authority(cluster: dict[str, Any]) -> str:
    if "certificate-authority-data" in cluster:
        return base64.b64decode(cluster["certificate-authority-data"]).decode()
    return Path(cluster["certificate-authority"]).read_text()


class _Request(BaseHTTPRequestHandler):
    server: LyingCluster
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def do_PATCH(self) -> None:
        self._pass_on()

    def do_DELETE(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        if (answer := self.server.instead(self.command, address.path)) is not None:
            self._send(*answer, {"Content-Type": "application/json"})
            return
        query = parse_qs(address.query)
        old = self.server.remembered.get(self.path)
        lie = self.server.mood.lie(self.command, address.path, query, remembers=old is not None)
        match lie:
            case "busy":
                self._say(429, BUSY, {"Retry-After": self.server.mood.pause()})
            case "away":
                self._say(500, AWAY)
            case "unavailable":
                self._send(503, b"upstream connect error", {"Content-Type": "text/plain"})
            case "expired":
                self._say(410, EXPIRED)
            case "stale":
                assert old is not None
                self._send(200, old, {"Content-Type": "application/json"})
            case "lost before":
                self._hang_up()
            case _:
                self._ask(body, lose=lie == "lost after", watch="watch" in query)

    def _ask(self, body: bytes, *, lose: bool, watch: bool) -> None:
        target = self.server.target
        line = http.client.HTTPSConnection(str(target.hostname), target.port, context=self.server.tls, timeout=60)
        try:
            headers = {name: text for name, text in self.headers.items() if name.lower() not in ("host", "connection")}
            line.request(self.command, self.path, body or None, {**headers, "Accept-Encoding": "identity"})
            answer = line.getresponse()
            if watch and answer.status == 200:
                self._stream(answer, lose=lose)
                return
            content = answer.read()
            if lose:
                self._hang_up()
                return
            if self.command == "GET" and answer.status == 200:
                self.server.remembered.setdefault(self.path, content)
            kept = ("content-type", "warning", "retry-after", "audit-id", "etag")
            self._send(answer.status, content, {n: t for n, t in answer.getheaders() if n.lower() in kept})
        finally:
            line.close()

    def _stream(self, answer: http.client.HTTPResponse, *, lose: bool) -> None:
        """Pass a watch on; an unlucky one loses its connection after a few events."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        left = self.server.mood.random.randrange(3) if lose else -1
        with suppress(ConnectionError):  # whoever watched has seen enough
            while left and (line := answer.readline()):
                left -= 1
                self.wfile.write(line)
                self.wfile.flush()
        self.close_connection = True

    def _say(self, code: int, status: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._send(code, json.dumps(status).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _send(self, code: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(2)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Show the server's own clock."""
        return super().date_time_string((timestamp or time.time()) + self.server.ahead)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def lying_before(kubeconfig: Path, seed: int) -> Iterator[LyingCluster]:
    """Stand before a cluster as long as the block runs."""
    with LyingCluster(kubeconfig, seed) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()
