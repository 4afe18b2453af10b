"""Ask kubectl what it makes of files: it applies them on an API server of ours, which writes down what it is sent."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.manifests.cases.words import Cases

_GROUP = "example.com/v1"
LENGTH = len("c0000")
NEVER = 300
_SAID = re.compile(r'(c\d{4})\.yaml"?:? ?(.*?)(?=, (?:error|resource|unable|\*)|\]?\n|\Z)')


def _resource(plural: str, kind: str) -> dict[str, Any]:
    return {"name": plural, "singularName": kind.lower(), "namespaced": True, "kind": kind, "verbs": ["get", "patch"]}


_DISCOVERY: dict[str, dict[str, Any]] = {
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {
        "kind": "APIGroupList",
        "apiVersion": "v1",
        "groups": [
            {
                "name": "example.com",
                "versions": [{"groupVersion": _GROUP, "version": "v1"}],
                "preferredVersion": {"groupVersion": _GROUP, "version": "v1"},
            }
        ],
    },
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [_resource("configmaps", "ConfigMap")]},
    f"/apis/{_GROUP}": {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": _GROUP,
        "resources": [_resource("things", "Thing")],
    },
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What kubectl sent of a file, in its order, and what it said against the file, or the rest of it."""

    sent: list[Any]
    refused: str = ""


class _Writing(BaseHTTPRequestHandler):
    """An API server that knows two kinds and writes down what is applied."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        found = _DISCOVERY.get(self.path.partition("?")[0])
        self._reply(200 if found else 404, json.dumps(found or {"kind": "Status", "code": 404}).encode())

    def do_PATCH(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.applied.append(json.loads(raw))
        self._reply(200, raw)

    def _reply(self, status: int, raw: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("X-Kubernetes-Pf-Flowschema-Uid", "any")  # without it, kubectl sends five a second
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Writing)
        self.applied: list[dict[str, Any]] = []


def ask(cases: Cases) -> dict[str, Answer]:
    """Let kubectl apply every case, each a file of its own, and give what came of it.

    Some of its refusals name no file: what came to nothing is asked once more, alone.
    """
    answers = _ask(cases)
    silent = [name for name, answer in answers.items() if not answer.sent and not answer.refused]
    alone = {name: _ask({name: cases[name]}, alone=True)[name] for name in silent}
    return {name: alone.get(name, answer) for name, answer in answers.items()}


def _ask(cases: Cases, *, alone: bool = False) -> dict[str, Answer]:
    files = {name: f"c{number:04}" for number, name in enumerate(cases)}
    with tempfile.TemporaryDirectory() as folder:
        for name, file in files.items():
            (Path(folder) / f"{file}.yaml").write_bytes(named(cases[name], file))
        applied, said = _apply(Path(folder))
    sent: dict[str, list[Any]] = {file: [] for file in files.values()}
    for body in applied:
        file = body["metadata"]["name"][:LENGTH]
        sent[file].append(_as_written(body, file))
    refused = {found[1]: found[2].strip() for found in _SAID.finditer(said)}
    anyway = said.strip() if alone and "no objects passed" not in said else ""
    return {name: Answer(sent[file], refused.get(file, anyway).replace(file, "NAME")) for name, file in files.items()}


def named(content: str | bytes, name: str) -> bytes:
    """Put an object's name into a case, in whatever encoding."""
    raw = content.encode() if isinstance(content, str) else content
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
        raw = raw.replace("NAME".encode(encoding), name.encode(encoding))
    return raw


def _apply(folder: Path) -> tuple[list[dict[str, Any]], str]:
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    command = ["kubectl", "apply", "--server-side", "--validate=false", "-f", "."]
    address = ["--server", f"http://127.0.0.1:{server.server_port}", "--cache-dir", f"{folder}.cache"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(
        [*command, *address], capture_output=True, text=True, cwd=folder, env=environment, timeout=NEVER, check=False
    )
    server.shutdown()
    thread.join()
    server.server_close()
    shutil.rmtree(f"{folder}.cache", ignore_errors=True)
    return server.applied, done.stderr


def _as_written(body: dict[str, Any], file: str) -> Any:
    """Take off what kubectl adds to any object, and the name of the case."""
    metadata = {key: value for key, value in body["metadata"].items() if key != "namespace"}
    return json.loads(json.dumps({**body, "metadata": metadata}).replace(file, "NAME"))
