"""However many senders never finish, a good delivery is answered while they still hang."""

import socket
from pathlib import Path

import pytest
import requests

from tests.receiving.front_door import github_headers, push_body
from tests.receiving.tricklers import BODY, CHUNKS, HEAD, trickling
from tests.receiving.web_process import connect, raw, read_to_end, served, showing

pytestmark = pytest.mark.programs

SOON = 20
"""Seconds in which the good one is answered; those who trickle are cut off much later."""


def push(url: str, delivery: str) -> requests.Response:
    """Send a good delivery."""
    body = push_body()
    return requests.post(
        f"{url}/webhooks/github", data=body, headers=github_headers(body, delivery=delivery), timeout=SOON
    )


@pytest.mark.proves("receiver-load")
@pytest.mark.parametrize("number", [20, 200])
@pytest.mark.parametrize("beginning", [HEAD, BODY, CHUNKS, b""], ids=["heads", "bodies", "chunks", "nothing yet"])
def test_a_good_delivery_is_answered_at_once(config: Path, beginning: bytes, number: int) -> None:
    """Twenty or two hundred that trickle, heads as well as bodies, do not keep one that does not waiting."""
    with served(config) as (_, url), trickling(url, number, beginning, b"x" if beginning else b"") as tricklers:
        for delivery in range(3):
            assert push(url, f"d-{delivery}").status_code == 202
        assert tricklers.hanging() == number


def test_a_second_request_may_trickle_too(config: Path) -> None:
    """A connection that was good once has no thread of its own: its next request is waited for like a first one."""
    good = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with served(config) as (_, url):
        connections = [connect(url) for _ in range(20)]
        for connection in connections:
            connection.sendall(good)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
            connection.sendall(BODY + b"{")
        assert push(url, "d-1").status_code == 202
        for connection in connections:
            connection.close()


def test_those_who_read_slowly_hold_nobody_up(config: Path) -> None:
    """Twenty that ask for pages and read none of the answers are no trouble for the next one."""
    with served(config) as (_, url), showing(config):
        connections = [connect(url) for _ in range(20)]
        for connection in connections:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            connection.sendall(b"GET /deliveries HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
        assert push(url, "d-1").status_code == 202
        for connection in connections:
            connection.close()


def test_a_size_that_is_announced_is_refused_before_it_comes(config: Path) -> None:
    """26 MB announced by Content-Length alone is 413 at once, also for a sender that asks whether to go on."""
    too_large = [*github_lines(), "Content-Length: 27262976"]
    with served(config) as (_, url), showing(config):
        for more in ([], ["Expect: 100-continue"]):
            assert raw(url, [*too_large, *more, "", ""]).startswith(b"HTTP/1.1 413")
        newest = requests.get(f"{url}/api/v1/deliveries", timeout=60).json()["items"][0]
        assert newest["verdict"] == "rejected"
        assert "25 MiB" in newest["reason"]


def test_whoever_asks_first_is_told_to_go_on(config: Path) -> None:
    """`Expect: 100-continue` is answered before the body comes, and once."""
    body = push_body()
    lines = ["POST /webhooks/github HTTP/1.1", "Host: x", "Connection: close", "Expect: 100-continue"]
    lines += [f"{name}: {value}" for name, value in github_headers(body).items()] + [f"Content-Length: {len(body)}"]
    with served(config) as (_, url), connect(url) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert read_to_end(connection).startswith(b"HTTP/1.1 202")


def test_requests_in_one_breath_are_answered_in_order(config: Path) -> None:
    """What a client sends behind a request is the next one, chunked bodies included."""
    body = push_body()
    head = "\r\n".join(
        ["POST /webhooks/github HTTP/1.1", "Host: x", "Transfer-Encoding: chunked"]
        + [f"{name}: {value}" for name, value in github_headers(body).items()]
    )
    chunked = b"%s\r\n\r\n%x\r\n%s\r\n5;a=b\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n" % (
        head.encode(),
        len(body) - 5,
        body[:-5],
        body[-5:],
    )
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with served(config) as (_, url), connect(url) as connection:
        connection.sendall(chunked + chunked + last)
        answers = read_to_end(connection)
        assert [part[:3] for part in answers.split(b"HTTP/1.1 ")[1:]] == [b"202", b"200", b"200"]
        assert answers.endswith(b'{"alive":true}\n')


def test_a_sender_that_gives_up_half_way_is_not_kept(config: Path) -> None:
    """Half a delivery is no delivery, and its sender, if still there, hears so."""
    with served(config) as (_, url), connect(url) as connection:
        connection.sendall(BODY + b"{")
        connection.shutdown(socket.SHUT_WR)
        assert read_to_end(connection).startswith(b"HTTP/1.1 401")


def test_an_endless_head_is_refused(config: Path) -> None:
    """Headers without an end are cut off instead of being gathered for ever."""
    with served(config) as (_, url), connect(url) as connection:
        connection.sendall(HEAD + b"X-Long: a\r\n" * 20_000)
        assert read_to_end(connection).startswith(b"HTTP/1.1 431")


def github_lines() -> list[str]:
    """Begin a push."""
    return ["POST /webhooks/github HTTP/1.1", "Host: x", "Content-Type: application/json", "X-GitHub-Event: push"]
