"""The web server as `pushboat serve` starts it, on a free port, with a store that has its tables."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from dashboard import server as dashboard
from pushboat.config import operator as operator_file
from tests.fresh_store import fresh_store
from tests.ports import free_port
from tests.receiving.front_door import SECRET, github_headers, push_body
from tests.until import until
from webhook import server as web

FILE = """
public_url: http://127.0.0.1:{port}
listen: 127.0.0.1:{port}
state: {state}
forges:
  github: {{kind: github, webhook_secrets: [{{file: {secret}}}], token: {{file: {secret}}}}}
clusters: {{dev: {{in_cluster: true}}}}
projects:
  - repository: github/acme/shop
    environments: {{staging: {{cluster: dev, namespaces: [shop]}}}}
"""


def prepare(tmp_path: Path, more: str = "") -> Path:
    """Write an operator's file for a free port, with more lines at its end, and make a store with its tables."""
    port = free_port()
    (tmp_path / "secret").write_text(SECRET)
    file = tmp_path / "pushboat.yaml"
    file.write_text(FILE.format(port=port, state=tmp_path / "var", secret=tmp_path / "secret") + more)
    (tmp_path / "var").mkdir()
    store = fresh_store(tmp_path / "var")
    store.close()
    return file


@contextmanager
def served(config: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the web server and wait until it answers."""
    operator = operator_file.load(config, os.environ)
    with _running(config, web.command(config, operator)) as master:
        wait_until(lambda: answers(operator.public_url), "the web server answers")
        yield master, operator.public_url


@contextmanager
def showing(config: Path, url: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """Start the dashboard's server beside it, and wait until it answers."""
    with beginning_to_show(config) as master:
        wait_until(lambda: shows(url or operator_file.load(config, os.environ).public_url), "the dashboard answers")
        yield master


@contextmanager
def beginning_to_show(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the dashboard's server beside it, and wait for nothing."""
    with _running(config, dashboard.command(config, operator_file.load(config, os.environ))) as master:
        yield master


@contextmanager
def _running(config: Path, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    with (config.parent / "log").open("ab") as log:
        master = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield master
    finally:
        master.kill()  # its workers end with it, which one of these tests proves
        master.wait()


def push(url: str, delivery: str = "d-1") -> int:
    """Send a good delivery, and give the answer's code."""
    body = push_body()
    headers = github_headers(body, delivery=delivery)
    return requests.post(f"{url}/webhooks/github", data=body, headers=headers, timeout=60).status_code


def shows(url: str) -> bool:
    """Say whether pages are shown, or would be with a password."""
    try:
        return requests.get(f"{url}/api/v1/", timeout=60).status_code in (200, 401)
    except (requests.ConnectionError, requests.Timeout):
        return False


def answers(url: str) -> bool:
    """Say whether somebody listens; who is too busy to answer does not yet."""
    try:
        return requests.get(f"{url}/healthz", timeout=10).status_code == 200
    except (requests.ConnectionError, requests.Timeout):
        return False


def wait_until(so: Callable[[], bool], what: str) -> None:
    """Wait for a condition, not for a time."""
    until(so, what=what)


def children(pid: int) -> list[int]:
    """List a process' children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def processors_time(pid: int) -> float:
    """Give the seconds of processors that a process and its children have taken so far."""
    stats = (Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in (pid, *children(pid)))
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / os.sysconf("SC_CLK_TCK")


def alive(pid: int) -> bool:
    """Say whether a process still runs; one that nobody has asked after yet does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def connect(url: str) -> socket.socket:
    """Open a connection, for what no HTTP library would send."""
    host, _, port = url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=60)


def raw(url: str, lines: list[str]) -> bytes:
    """Send what no HTTP library would, and give the answer's beginning."""
    with connect(url) as connection:
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        return connection.recv(4096)


def read_to_end(connection: socket.socket) -> bytes:
    """Read until the server closes."""
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)
