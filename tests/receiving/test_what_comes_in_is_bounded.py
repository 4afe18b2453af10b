"""What is on its way in is bounded in number, memory and time, whatever is sent and however it is cut into pieces."""

import resource
import select
import socket
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from gunicorn.config import Config

from tests.receiving.front_door import github_headers, push_body
from tests.receiving.tricklers import HEAD
from tests.receiving.web_process import children, connect, prepare, read_to_end, served
from tests.until import until
from webhook.front.framing import LONGEST_LINE, Announced, Chunked
from webhook.front.incoming import MIB, Incoming
from webhook.front.limits import IDLE, LARGE_AT_ONCE, PATIENCE, deadline

pytestmark = pytest.mark.programs

CHUNKS = b"5;a=b\r\nhello\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nX-One: 1\r\nX-Two: 2\r\n\r\n"


def incoming(spool: Path, client: Any = ("192.0.2.1", 1)) -> Incoming:
    """Begin a request, at the time 0."""
    return Incoming(SimpleNamespace(client=client), Config(), spool, (), 0.0)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_chunks_end_where_they_end(size: int) -> None:
    """However the bytes are cut, the body ends behind its trailers, and what follows is not of it."""
    chunked, taken, sent = Chunked(), 0, CHUNKS + b"GET / HTTP/1.1\r\n"
    for start in range(0, len(sent), size):
        taken += chunked.take(sent[start : start + size])
    assert (chunked.complete, taken) == (True, len(CHUNKS))


@pytest.mark.parametrize("nonsense", [b"-5\r\n", b"1_0\r\n", b"+1\r\n", b"\r\n", b"xyz\r\n", b"f" * 16 + b"\r\n"])
def test_chunks_that_are_none_end_at_once(nonsense: bytes) -> None:
    """A size that is no size is gunicorn's to refuse, and nobody waits for more of it."""
    chunked = Chunked()
    chunked.take(nonsense)
    assert chunked.complete


def test_lines_without_an_end_are_given_up() -> None:
    """Neither a size nor trailers are gathered for ever."""
    for beginning in (b"5;", b"0\r\n"):
        chunked = Chunked()
        for _ in range(LONGEST_LINE):
            chunked.take(beginning if not chunked._line else b"aaaaaaaaaaaa\r" + b"a")
        assert chunked.complete


def test_an_announced_body_ends_at_its_length() -> None:
    """What comes behind it is the next request."""
    body = Announced(5)
    assert (body.take(b"abc"), body.complete, body.take(b"defg"), body.complete) == (3, False, 2, True)


def test_only_those_who_send_get_more_time(tmp_path: Path) -> None:
    """A trickling sender has thirty seconds, whatever it announces; only what came adds to that."""
    request = incoming(tmp_path)
    assert deadline(request, stopping=False) == IDLE
    request.take(HEAD + b"Content-Length: 25000000\r\n\r\n")
    assert deadline(request, stopping=False) == PATIENCE
    request.take(b"x" * 900_000)
    assert deadline(request, stopping=False) == PATIENCE
    request.take(b"x" * MIB)
    assert PATIENCE + 10 < deadline(request, stopping=False) < PATIENCE + 20
    request.close()


def test_a_large_body_lies_in_no_folder(tmp_path: Path) -> None:
    """Above 1 MiB a body goes to a file without a name, which ends with the request or with the process."""
    request = incoming(tmp_path)
    request.take(HEAD + b"Content-Length: 3000000\r\n\r\n" + b"x" * 1_000_000)
    assert (request.large, request.held > 1_000_000) == (False, True)
    request.take(b"x" * 1_000_000)
    assert (request.large, request.held) == (True, 0)
    assert list(tmp_path.iterdir()) == []
    request.close()


def test_only_deliveries_may_be_large(tmp_path: Path) -> None:
    """Elsewhere more than 1 MiB is refused by its announced length, without waiting for it."""
    request = incoming(tmp_path)
    request.take(b"POST /api/v1/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n")
    assert request.complete


def test_large_bodies_are_taken_in_a_few_at_a_time(config: Path) -> None:
    """A fifth large body of one sender is 503 with Retry-After, while four hang; small deliveries go through."""
    head = HEAD + b"Content-Type: application/json\r\nContent-Length: 3000000\r\n\r\n"
    with served(config) as (_, url):
        connections = [connect(url) for _ in range(LARGE_AT_ONCE + 1)]
        for connection in connections:
            connection.sendall(head + b"x" * (MIB + 1))
        until(lambda: heard(connections), what="one of them to be refused")
        (refused,) = heard(connections)
        answer = read_to_end(refused)
        assert (answer[:12], b"Retry-After" in answer) == (b"HTTP/1.1 503", True)
        connections.remove(refused)
        body = push_body()
        good = requests.post(f"{url}/webhooks/github", data=body, headers=github_headers(body), timeout=60)
        assert good.status_code == 202
        assert heard(connections) == []
        for connection in (refused, *connections):
            connection.close()


def heard(connections: Iterable[socket.socket]) -> list[socket.socket]:
    """Give those who heard something, if only that nobody listens any more."""
    return select.select(list(connections), [], [], 0)[0]


def test_a_large_delivery_is_taken(config: Path) -> None:
    """Twenty megabytes, rightly signed, are a delivery like any other; with one byte changed they are 401."""
    body = push_body(filler="x" * (20 * MIB))
    headers = github_headers(body)
    with served(config) as (_, url):
        assert requests.post(f"{url}/webhooks/github", data=body, headers=headers, timeout=60).status_code == 202
        flipped = body.replace(b"ada", b"adb")
        assert requests.post(f"{url}/webhooks/github", data=flipped, headers=headers, timeout=60).status_code == 401


def test_a_flood_behind_a_trusted_proxy_ends_itself(tmp_path: Path) -> None:
    """Where a trusted proxy brings everybody, the sender behind it with the most unfinished requests gives way."""
    config = prepare(tmp_path, "trusted_proxies: [127.0.0.0/8]\n")
    begun = b"Content-Type: application/json\r\nContent-Length: 9\r\nX-Forwarded-For: %s\r\n\r\n{"
    with served(config) as (_, url):
        good = connect(url)
        good.sendall(HEAD + begun % b"192.0.2.7")
        flood = []
        for _ in range(530):
            flood.append(connect(url))
            flood[-1].sendall(HEAD + begun % b"198.51.100.9")
        assert read_to_end(flood[0]).startswith(b"HTTP/1.1 503")
        good.sendall(b'"x": 1}}')
        assert good.recv(4096).startswith(b"HTTP/1.1 401")
        for connection in [good, *flood]:
            connection.close()


@pytest.mark.parametrize("length", [3 * MIB, MIB + 8_000, MIB + 1], ids=["half of it", "one block", "one byte"])
def test_a_full_disk_ends_one_request_only(config: Path, length: int) -> None:
    """Where a large body cannot be kept its sender hears 503, whichever byte was one too many; the others go on."""
    head = HEAD + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % length
    small = push_body()
    with served(config) as (master, url):
        [worker] = children(master.pid)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (MIB, MIB))  # no file may grow beyond, as on a full disk
        with connect(url) as large:
            large.sendall(head + b"x" * (MIB + 1))
            beside = requests.post(f"{url}/webhooks/github", data=small, headers=github_headers(small), timeout=60)
            large.sendall(b"x" * (length - MIB - 1))
            assert read_to_end(large).startswith(b"HTTP/1.1 503")
        after = requests.post(f"{url}/webhooks/github", data=small, headers=github_headers(small), timeout=60)
    assert (beside.status_code, after.status_code) == (202, 200)


def test_broken_chunks_are_unreadable(config: Path) -> None:
    """Chunks that are none, or that end half way, are 400 with a sentence and no fault of ours in the log."""
    head = HEAD + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    with served(config) as (_, url):
        for chunks in (b"xyz\r\nabc", b"5\r\nhelloworld\r\n0\r\n\r\n", b"ff\r\nhalf"):
            with connect(url) as connection:
                connection.sendall(head + chunks)
                connection.shutdown(1)
                assert read_to_end(connection).startswith(b"HTTP/1.1 400")
    assert (config.parent / "log").read_text() == ""
