"""Pages and deliveries have one address and two processes: whoever watches costs a delivery nothing."""

import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.ports import free_port
from tests.receiving.front_door import github_headers, push_body
from tests.receiving.web_process import (
    beginning_to_show,
    children,
    connect,
    prepare,
    processors_time,
    push,
    raw,
    read_to_end,
    served,
    showing,
    wait_until,
)
from webhook.front.passing import Line, is_ours, pass_on, place
from webhook.front.refusals import NO_PAGES

SOON = 3.0
"""Seconds in which a whole start is well within the ten for which a page waits."""
PAGE = b"GET /deliveries HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An operator's file on a free port, and a store with its tables."""
    return prepare(tmp_path)


@pytest.mark.programs
def test_a_page_and_a_delivery_are_reached_at_one_address(config: Path) -> None:
    """I open the address that the forge sends to, and see what came in; a delivery's connection leads there too."""
    with served(config) as (_, url), showing(config):
        with requests.Session() as one:
            body = push_body()
            assert one.post(f"{url}/webhooks/github", data=body, headers=github_headers(body), timeout=60).ok
            page = one.get(f"{url}/deliveries", timeout=60)
        assert (page.status_code, "acme/shop" in page.text) == (200, True)
        assert page.headers["Connection"] == "close", "the next request on it may be a delivery"
        with connect(url) as connection:  # as slow as one may be
            for byte in PAGE:
                connection.sendall(bytes([byte]))
            assert read_to_end(connection).startswith(b"HTTP/1.1 200")
        large = requests.post(f"{url}/api/v1/", data=b"x" * 300_000, timeout=60)
        assert (large.status_code, large.json()["error"]) == (405, "this address does not take that method")
    assert (config.parent / "log").read_text() == ""


@pytest.mark.programs
def test_pages_wait_while_their_process_begins_anew(config: Path) -> None:
    """The dashboard's process dies: who asks in between gets the page a moment later, and deliveries do not notice.

    A page waits for ten seconds, which may be too few for a whole start on a busy machine: there somebody asks when
    half of it is done.
    """
    with served(config) as (_, url):
        began = time.monotonic()
        with showing(config) as first:
            halfway = processors_time(first.pid) / 2 if time.monotonic() - began > SOON else 0.0
        for delivery in ("d-1", "d-2"):
            wait_until(lambda: not listens(config), "nobody listens any more")
            with beginning_to_show(config) as anew:
                wait_until(lambda: processors_time(anew.pid) >= halfway, "the process to begin")
                with connect(url) as asking:
                    asking.sendall(PAGE)
                    assert push(url, delivery) == 202
                    assert read_to_end(asking).startswith(b"HTTP/1.1 200")


@pytest.mark.programs
@pytest.mark.proof  # it waits for ten seconds
def test_without_a_dashboard_deliveries_are_taken_all_the_same(config: Path) -> None:
    """It never comes back: I read a sentence that names the way on, and the forges lose nothing."""
    with served(config) as (_, url):
        with connect(url) as connection, connect(url) as program:
            connection.sendall(PAGE)
            program.sendall(b"GET /api/v1/environments HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert read_to_end(connection) == NO_PAGES.as_bytes()
            assert read_to_end(program) == NO_PAGES.as_bytes(problem=True)
        assert push(url) == 202


@pytest.mark.programs
def test_a_frozen_dashboard_holds_no_delivery_up(config: Path) -> None:
    """It hangs, and a hundred people wait for their pages: each delivery is answered."""
    with served(config) as (_, url), showing(config) as shown:
        workers = children(shown.pid)
        for pid in (shown.pid, *workers):
            os.kill(pid, signal.SIGSTOP)
        waiting = [connect(url) for _ in range(100)]
        for connection in waiting:
            connection.sendall(PAGE)
        for number in range(5):
            assert push(url, f"d-{number}") == 202
        for pid in (shown.pid, *workers):
            os.kill(pid, signal.SIGCONT)
        for connection in waiting:
            assert read_to_end(connection).startswith(b"HTTP/1.1 200")
            connection.close()


@pytest.mark.programs
def test_an_own_address_shows_pages_there_and_nowhere_else(tmp_path: Path) -> None:
    """With `dashboard: {listen: …}` each address says where the other one's things stand."""
    port = free_port()
    config = prepare(tmp_path, f"dashboard: {{listen: '127.0.0.1:{port}'}}\n")
    there = f"http://127.0.0.1:{port}"
    with served(config) as (_, url), showing(config, there):
        assert push(url) == 202
        assert requests.get(f"{there}/deliveries", timeout=60).status_code == 200
        nothing = requests.get(f"{url}/deliveries", timeout=60)
        assert (nothing.status_code, f"pages and API stand at {url}" in nothing.json()["error"]) == (404, True)
        misled = requests.post(f"{there}/webhooks/github", data=push_body(), timeout=60)
        assert (misled.status_code, "deliveries come in at 127.0.0.1:" in misled.json()["error"]) == (404, True)
        assert requests.get(f"{there}/healthz", timeout=60).json() == {"alive": True}


@pytest.mark.programs
def test_hostile_heads_are_refused_by_whoever_gets_them(config: Path) -> None:
    """Two lengths, a NUL, a head without an end: 400 or 431, the same as at one process."""
    with served(config) as (_, url), showing(config):
        twice = ["Content-Length: 2", "Content-Length: 20"]
        assert raw(url, ["GET / HTTP/1.1", "Host: localhost", *twice, "", "{}"]).startswith(b"HTTP/1.1 400")
        assert raw(url, ["GET / HTTP/1.1", "Host: localhost", "X-Odd: a\0b", "", ""]).startswith(b"HTTP/1.1 400")
        assert raw(url, ["GET / HTTP/1.1", "Host: localhost", f"X-Long: {'a' * 140_000}"]).startswith(b"HTTP/1.1 431")
        assert push(url) == 202


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        *((path, True) for path in ("/webhooks/github", "//webhooks/github", "/healthz", "/readyz/", "/webhooks?x=1")),
        *((path, False) for path in ("/", "", "/webhooksx", "/api/v1/webhooks/", "/deployments/1", "/x/../healthz")),
    ],
)
def test_each_path_belongs_to_one_process(path: str, ours: bool) -> None:
    """Deliveries and health are answered where they come in, everything else is shown elsewhere."""
    assert is_ours(path) is ours


def listens(config: Path) -> bool:
    """Say whether a process takes connections for the dashboard, be it a dying one."""
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(str(place(config.parent / "var"))) == 0


def received(listener: socket.socket) -> Line:
    """Take what comes on one line, to its end."""
    line = Line(listener.accept()[0])
    wait_until(line.read, "the line's end")
    return line


def test_a_connection_comes_whole(tmp_path: Path) -> None:
    """A head of the largest size and what came with it pass at once, and the other end hears who answers now."""
    ours, theirs = socket.socketpair()
    said = bytes(range(256)) * 750
    with ours, theirs, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "line"))
        listener.listen()
        passed: list[bool] = []
        sending = threading.Thread(target=lambda: passed.append(pass_on(ours, said, tmp_path / "line")))
        sending.start()
        found = received(listener).taken()
        sending.join()
        assert passed == [True]
        assert found is not None
        client, heard = found
        ours.close()
        with client:
            assert heard == said
            client.sendall(b"from the other process")
        assert theirs.recv(100) == b"from the other process"


@pytest.mark.parametrize("message", [b"", b"\0\0", b"\0\0\0\x05hell", b"\0\0\0\x05hello, and more"])
def test_what_was_cut_off_is_nobody_s_request(tmp_path: Path, message: bytes) -> None:
    """The web process dies while it sends: half a request is closed, and not answered as if it were whole."""
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "line"))
        listener.listen()
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(tmp_path / "line"))
            if message:
                socket.send_fds(line, [message], [ours.fileno()])
        assert received(listener).taken() is None
        ours.close()
        assert theirs.recv(100) == b"", "and it is closed"


def test_nobody_takes_it(tmp_path: Path) -> None:
    """No process, or one that died: it stays with us."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert not pass_on(ours, b"GET / HTTP/1.1\r\n\r\n", tmp_path / "nobody")
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(tmp_path / "dead"))
        assert not pass_on(ours, b"GET / HTTP/1.1\r\n\r\n", tmp_path / "dead")
