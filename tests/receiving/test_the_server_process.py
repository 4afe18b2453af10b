"""The web server as `pushboat serve` starts it: it answers, it is quiet, and it leaves nothing behind when killed."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from pushboat.config import operator as operator_file
from pushboat.store.database.engine import open_store
from pushboat.store.database.migrations import upgrade
from tests.receiving.front_door import SECRET, github_headers, push_body
from webhook.server import command

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


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An operator's file on a free port, and a store with its tables."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "secret").write_text(SECRET)
    file = tmp_path / "pushboat.yaml"
    file.write_text(FILE.format(port=port, state=tmp_path / "var", secret=tmp_path / "secret"))
    (tmp_path / "var").mkdir()
    store = open_store("", tmp_path / "var")
    upgrade(store)
    store.close()
    return file


@contextmanager
def served(config: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the web server and wait until it answers."""
    operator = operator_file.load(config, os.environ)
    with (config.parent / "log").open("wb") as log:
        master = subprocess.Popen(command(config, operator), stdout=log, stderr=log)
    try:
        wait_until(lambda: answers(operator.public_url), "the web server answers")
        yield master, operator.public_url
    finally:
        master.kill()  # its workers end with it, which one of these tests proves
        master.wait()


def answers(url: str) -> bool:
    """Say whether somebody listens."""
    try:
        return requests.get(f"{url}/healthz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def wait_until(so: Callable[[], bool], what: str) -> None:
    """Wait for a condition, not for a time."""
    deadline = time.monotonic() + 20
    while not so():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


def test_it_answers_and_says_nothing(config: Path) -> None:
    """A push is accepted, readiness is shown, no secret is in its argv, and the log stays empty to the end."""
    with served(config) as (master, url):
        body = push_body()
        answer = requests.post(f"{url}/webhooks/github", data=body, headers=github_headers(body), timeout=5)
        assert answer.status_code == 202
        ready = requests.get(f"{url}/readyz", timeout=5)
        assert (ready.status_code, ready.json()["store"]) == (200, "writable")
        assert "dispatcher has not reported" in ready.json()["broker"]
        assert SECRET not in Path(f"/proc/{master.pid}/cmdline").read_text()
        master.send_signal(signal.SIGTERM)
        assert master.wait(10) == 0
    assert (config.parent / "log").read_text() == ""


def test_a_large_body_hears_its_answer(config: Path) -> None:
    """A sender of 26 MB reads 413, not a connection that was reset while it was still writing."""
    with served(config) as (_, url):
        body = push_body(filler="x" * (26 * 1024 * 1024))
        answer = requests.post(f"{url}/webhooks/github", data=body, headers=github_headers(body), timeout=20)
        assert (answer.status_code, list(answer.json())) == (413, ["error"])
        twice = ["Content-Length: 2", "Content-Length: 20"]
        assert raw(url, ["POST /webhooks/github HTTP/1.1", "Host: x", *twice, "", "{}"]).startswith(b"HTTP/1.1 400")
        assert raw(url, ["POST /webhooks/github HTTP/1.1", "Host: x", "X-Odd: a\0b", "", ""]).startswith(
            b"HTTP/1.1 400"
        )


def test_killed_with_9_it_is_gone_at_once(config: Path) -> None:
    """When the master is killed its workers die with it, even with a request half sent, and the port is free."""
    with served(config) as (master, url):
        workers = children(master.pid)
        assert workers
        host, _, port = url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as stuck:
            stuck.sendall(b"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
            master.kill()
            master.wait()
            wait_until(lambda: not any(map(alive, workers)), "the workers are gone")
        with served(config) as (_, again):
            assert answers(again)


def children(pid: int) -> list[int]:
    """List a process' children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    """Say whether a process still runs; one that nobody has asked after yet does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def raw(url: str, lines: list[str]) -> bytes:
    """Send what no HTTP library would, and give the answer's beginning."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        return connection.recv(4096)
