"""Senders that never finish: they send a byte now and then, and wait for nothing."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

HEAD = b"POST /webhooks/github HTTP/1.1\r\nHost: x\r\n"
BODY = HEAD + b"Content-Type: application/json\r\nContent-Length: 900000\r\n\r\n"
CHUNKS = HEAD + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n"
EVERY = 0.05


class Tricklers:
    """Some open connections, and a thread that feeds each of them a byte at a time."""

    def __init__(self, url: str, number: int, beginning: bytes, drop: bytes = b"x") -> None:
        address = urlsplit(url)
        self.connections = [
            socket.create_connection((address.hostname or "", address.port or 80), timeout=60) for _ in range(number)
        ]
        self._drop = drop
        self._ended = threading.Event()
        for connection in self.connections:
            connection.sendall(beginning)
        self._thread = threading.Thread(target=self._trickle)
        self._thread.start()

    def hanging(self) -> int:
        """Count those that neither heard an answer nor were cut off."""
        with selectors.DefaultSelector() as selector:
            for connection in self.connections:
                selector.register(connection, selectors.EVENT_READ)
            return len(self.connections) - len(selector.select(0))

    def end(self) -> None:
        """Let go of all of them."""
        self._ended.set()
        self._thread.join()
        for connection in self.connections:
            connection.close()

    def _trickle(self) -> None:
        while not self._ended.wait(EVERY):
            for connection in self.connections:
                try:
                    connection.send(self._drop)
                except OSError:
                    continue  # cut off; that one is counted by `hanging`


@contextmanager
def trickling(url: str, number: int, beginning: bytes, drop: bytes = b"x") -> Iterator[Tricklers]:
    """Keep so many requests unfinished for as long as the block runs."""
    tricklers = Tricklers(url, number, beginning, drop)
    try:
        yield tricklers
    finally:
        tricklers.end()
