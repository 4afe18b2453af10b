"""The web server as `pushboat serve` starts it: it answers, it is quiet, and it leaves nothing behind when killed."""

import signal
import socket
from pathlib import Path

import pytest
import requests

from tests.receiving.front_door import SECRET, github_headers, push_body
from tests.receiving.web_process import alive, answers, children, raw, served, wait_until

pytestmark = pytest.mark.programs


def test_it_answers_and_says_nothing(config: Path) -> None:
    """A push is accepted, readiness is shown, no secret is in its argv, and the log stays empty to the end."""
    with served(config) as (master, url):
        body = push_body()
        answer = requests.post(f"{url}/webhooks/github", data=body, headers=github_headers(body), timeout=60)
        assert answer.status_code == 202
        ready = requests.get(f"{url}/readyz", timeout=60)
        assert (ready.status_code, ready.json()["store"]) == (200, "writable")
        assert "dispatcher has not reported" in ready.json()["broker"]
        assert SECRET not in Path(f"/proc/{master.pid}/cmdline").read_text()
        master.send_signal(signal.SIGTERM)
        assert master.wait(60) == 0
    assert (config.parent / "log").read_text() == ""


def test_a_large_body_hears_its_answer(config: Path) -> None:
    """A sender of 26 MB reads 413, not a connection that was reset while it was still writing."""
    with served(config) as (_, url):
        body = push_body(filler="x" * (26 * 1024 * 1024))
        answer = requests.post(f"{url}/webhooks/github", data=body, headers=github_headers(body), timeout=60)
        assert (answer.status_code, list(answer.json())) == (413, ["error"])
        twice = ["Content-Length: 2", "Content-Length: 20"]
        assert raw(url, ["POST /webhooks/github HTTP/1.1", "Host: x", *twice, "", "{}"]).startswith(b"HTTP/1.1 400")
        assert raw(url, ["POST /webhooks/github HTTP/1.1", "Host: x", "X-Odd: a\0b", "", ""]).startswith(
            b"HTTP/1.1 400"
        )


def test_killed_with_9_it_is_gone_at_once(config: Path) -> None:
    """When the master is killed its workers die with it, even with a request half sent, and the port is free."""
    with served(config) as (master, url):
        wait_until(lambda: bool(children(master.pid)), "the kernel lists its workers")
        workers = children(master.pid)
        host, _, port = url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as stuck:
            stuck.sendall(b"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
            master.kill()
            master.wait()
            wait_until(lambda: not any(map(alive, workers)), "the workers are gone")
        with served(config) as (_, again):
            assert answers(again)
