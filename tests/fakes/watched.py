"""A small API server with one collection that can be listed and watched, and that fails as it is told to."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Refusal = tuple[int, dict[str, str]]
HANG_UP, END = "hang up", "end"


class WatchedServer(ThreadingHTTPServer):
    """Holds ConfigMaps of one namespace; `refuse_watches` and `refuse_lists` are answered with first, one by one."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.lock = threading.Lock()
        self.revision = 100
        self.objects: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.refuse_watches: list[Refusal] = []
        self.refuse_lists: list[Refusal] = []
        self.forbidden = False
        self._streams: list[queue.Queue[str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def watchers(self) -> int:
        return len(self._streams)

    def put(self, name: str, *, silently: bool = False) -> None:
        """Write an object; `silently`: the event gets lost."""
        with self.lock:
            self.revision += 1
            kind = "MODIFIED" if name in self.objects else "ADDED"
            self.objects[name] = self._object(name)
            if not silently:
                self.send(json.dumps({"type": kind, "object": self.objects[name]}))

    def delete(self, name: str) -> None:
        """Delete an object."""
        with self.lock:
            self.revision += 1
            last = self._object(name) | {"data": self.objects.pop(name)["data"]}
            self.send(json.dumps({"type": "DELETED", "object": last}))

    def send(self, words: str) -> None:
        """Send a line, or an end, to everybody who watches."""
        for each in self._streams:
            each.put(words)

    def listed(self) -> dict[str, Any]:
        with self.lock:
            items = list(self.objects.values())
            return {"kind": "ConfigMapList", "metadata": {"resourceVersion": str(self.revision)}, "items": items}

    def join(self, since: int) -> "queue.Queue[str]":
        """Begin to watch: what came since a version comes first."""
        with self.lock:
            mine: queue.Queue[str] = queue.Queue()
            for each in self.objects.values():
                if int(each["metadata"]["resourceVersion"]) > since:
                    mine.put(json.dumps({"type": "ADDED", "object": each}))
            self._streams.append(mine)
            return mine

    def leave(self, mine: "queue.Queue[str]") -> None:
        with self.lock:
            self._streams.remove(mine)

    def _object(self, name: str) -> dict[str, Any]:
        metadata = {"name": name, "namespace": "shop", "uid": name, "resourceVersion": str(self.revision)}
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"at": str(self.revision)}}


class _Answering(BaseHTTPRequestHandler):
    server: WatchedServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        watching = query.get("watch") == "true"
        self.server.asked.append(f"WATCH {query['resourceVersion']}" if watching else "LIST")
        refusals = self.server.refuse_watches if watching else self.server.refuse_lists
        if watching and self.server.forbidden:
            words = 'configmaps is forbidden: User "me" cannot watch resource "configmaps" in API group "v1"'
            self._answer(403, {}, {"kind": "Status", "code": 403, "reason": "Forbidden", "message": words})
        elif refusals:
            code, headers = refusals.pop(0)
            self._answer(code, headers, {"kind": "Status", "code": code, "message": "not now"})
        elif watching:
            self._watch(int(query["resourceVersion"]))
        else:
            self._answer(200, {}, self.server.listed())

    def _answer(self, code: int, headers: dict[str, str], body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _watch(self, since: int) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        mine = self.server.join(since)
        self.close_connection = True
        try:
            while (words := mine.get()) not in (HANG_UP, END):
                self._chunk(words.encode() + b"\n")
            if words == END:
                self._chunk(b"")
        except OSError:
            pass
        finally:
            self.server.leave(mine)

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def serving_a_watch() -> Iterator[WatchedServer]:
    """Run a server as long as the block."""
    with WatchedServer() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.send(HANG_UP)
        running.shutdown()
        thread.join()
