"""HTTP with an end: all of an answer within a time, not a time for each byte.

A timeout of `requests` is for one read of the socket, so a forge that sends a byte now and then holds whoever asks it
for as long as it likes. Here each answer has a deadline, and so has everything that is asked inside `within`.
"""

import http.client
import io
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from pushboat.errors import ForgeUnavailable
from pushboat.forges import allowances

ANSWER_SECONDS = 10.0
"""For one answer, from the end of the request to its last byte; to connect may take as long again."""

logger = logging.getLogger(__name__)

_END: ContextVar[float] = ContextVar("end", default=float("inf"))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let everything that this thread asks in the block be over after so many seconds.

    Raises:
        ForgeUnavailable: they are over already, so nothing is asked, whichever way a forge is.
    """
    if seconds <= 0:
        raise ForgeUnavailable("its time was over before anything was asked")
    before = _END.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _END.reset(before)


class Punctual(HTTPAdapter):
    """Mount it on a session of `requests`: late answers end as its timeouts do."""

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Ask, and hear how much may still be asked."""
        answer = super().send(request, *args, **kwargs)
        logger.debug("%s %s: %s", request.method, urlsplit(request.url or "").path, answer.status_code)
        allowances.note(request.url or "", answer.headers)
        return answer

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools whose connections look at the clock."""
        super().init_poolmanager(*args, **kwargs)
        _make_punctual(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> PoolManager:
        """Do the same behind a proxy."""
        manager: PoolManager = super().proxy_manager_for(*args, **kwargs)
        _make_punctual(manager)
        return manager


def _make_punctual(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Clocked(io.RawIOBase):
    """A socket's bytes until the deadline."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_left(self._deadline))
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Source:
    """What a response opens as its file in place of the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, *_mode: object) -> io.BufferedReader:
        return io.BufferedReader(_Clocked(self._sock, min(time.monotonic() + ANSWER_SECONDS, _END.get())))


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(_Source(sock), *args, **kwargs)  # type: ignore[arg-type]


class _Connection(HTTPConnection):
    response_class = _Answer

    def request(self, *args: Any, **kwargs: Any) -> None:
        self.timeout = min(self.timeout or ANSWER_SECONDS, _left(_END.get()))
        super().request(*args, **kwargs)


class _SecureConnection(HTTPSConnection):
    response_class = _Answer

    def request(self, *args: Any, **kwargs: Any) -> None:
        self.timeout = min(self.timeout or ANSWER_SECONDS, _left(_END.get()))
        super().request(*args, **kwargs)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the answer took too long")
    return left
