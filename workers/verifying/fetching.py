"""One question to a web address: bounded in time and size, followed nowhere, over a connection of its own."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from workers.verifying.addresses import addresses_of

AGENT = "pushboat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: its code, as much of its body as was asked for, and where it sends us or whom to log in at.

    `digest` is what a registry says that its content has, `retry_after` when to come again, as it was written.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    location: str = ""
    challenge: str = ""
    digest: str = ""
    retry_after: str = ""


class NoAnswer(Exception):
    """Nothing came back; says why in our own words, never in the other side's."""


def fetch(
    url: str,
    timeout: float,
    most: int = 0,
    token: str = "",
    login: str = "",
    accept: str = "*/*",
    method: str = "GET",
) -> Answer:
    """Ask a web address, and read at most `most` bytes of what it says; the token is the host's, and sent there only.

    `login` is the whole value of an Authorization header, for what wants another than a token; `method` is GET or HEAD.

    Raises:
        NoAnswer: nothing that can be understood came in time.
        VerificationRefused: the address leads to where nobody is asked.
    """
    shown = f"Bearer {token}" if token else login
    headers = {"Accept": accept, **({"Authorization": shown} if shown else {})}
    return _exchange(url, timeout, _Request(method=method, headers=headers, most=most))


def look(url: str, timeout: float, headers: Mapping[str, str], most: int) -> Answer:
    """Ask a web address with headers of the asker's own, and read at most `most` bytes of what it says.

    Raises:
        NoAnswer: nothing that can be understood came in time.
        VerificationRefused: the address leads to where nobody is asked.
    """
    return _exchange(url, timeout, _Request(method="GET", headers=headers, most=most))


def send(url: str, timeout: float, body: bytes, headers: Mapping[str, str], most: int) -> Answer:
    """Post a body to a web address, and read at most `most` bytes of what it says.

    Raises:
        NoAnswer: nothing that can be understood came in time.
        VerificationRefused: the address leads to where nobody is asked.
    """
    return _exchange(url, timeout, _Request(method="POST", headers=headers, body=body, most=most))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    method: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    most: int = 0


def _exchange(url: str, timeout: float, request: _Request) -> Answer:
    parts = urlsplit(url)
    host, deadline = parts.hostname or "", time.monotonic() + timeout
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _connected(host, port, deadline) as raw, _ended_at(raw, deadline):
            line = ssl.create_default_context().wrap_socket(raw, server_hostname=host.rstrip(".")) if secure else raw
            with line:
                answer = _ask(line, parts.netloc, target, request)
        if time.monotonic() >= deadline:  # hung up in the middle, which looks like an end
            raise TimeoutError
    except (OSError, http.client.HTTPException, ValueError) as trouble:
        raise NoAnswer(_why(trouble, late=time.monotonic() >= deadline)) from trouble
    return answer


def _ask(line: socket.socket, host: str, target: str, request: _Request) -> Answer:
    connection = http.client.HTTPConnection(host)
    connection.sock = line
    headers = {"User-Agent": AGENT, "Connection": "close", **request.headers}
    connection.request(request.method, target, body=request.body, headers=headers)
    with connection.getresponse() as answer:
        return Answer(
            status=answer.status,
            body=answer.read(request.most) if request.most else b"",
            location=answer.headers.get("Location", ""),
            challenge=answer.headers.get("WWW-Authenticate", ""),
            digest=answer.headers.get("Docker-Content-Digest", ""),
            retry_after=answer.headers.get("Retry-After", ""),
        )


@contextmanager
def _connected(host: str, port: int, deadline: float) -> Iterator[socket.socket]:
    """Connect to the first address that takes us."""
    trouble: OSError = TimeoutError()
    for address in addresses_of(host, port, deadline - time.monotonic()):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            found = socket.create_connection((address, port), timeout=left)
        except OSError as refused:
            trouble = refused
            continue
        with found:
            yield found
        return
    raise trouble


@contextmanager
def _ended_at(line: socket.socket, deadline: float) -> Iterator[None]:
    """Hang up when the time is over: a timeout of the socket's own begins anew with each byte."""
    line.settimeout(max(0.1, deadline - time.monotonic()))
    with line.dup() as same:  # TLS takes the first one over
        over = threading.Timer(max(0.0, deadline - time.monotonic()), _hang_up, (same,))
        over.daemon = True
        over.start()
        try:
            yield
        finally:
            over.cancel()


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _why(trouble: Exception, *, late: bool) -> str:
    if late or isinstance(trouble, TimeoutError):
        return "no answer in time"
    if isinstance(trouble, ssl.SSLCertVerificationError):
        return f"its certificate is not good ({trouble.verify_message})"
    if isinstance(trouble, ssl.SSLError):
        return "it speaks no TLS that we understand"
    if isinstance(trouble, socket.gaierror):
        return "nobody knows this host"
    if isinstance(trouble, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(trouble, http.client.HTTPException) and not isinstance(trouble, http.client.RemoteDisconnected):
        return "what came back is not HTTP"
    return "the connection broke off" if isinstance(trouble, ConnectionError) else "it cannot be reached"
