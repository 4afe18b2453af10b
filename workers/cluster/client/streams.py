"""An answer that goes on for a while, line by line, and that another thread may end at any moment."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import urllib3

from pushboat.errors import ClusterUnavailable
from workers.cluster.client.silence import why

_PIECE = 1 << 16


class Broken(ClusterUnavailable):
    """The connection broke while an answer went on; what came before holds."""


class Stream:
    """What the API server sends as it comes; `status` is there before the first line."""

    def __init__(self, raw: urllib3.BaseHTTPResponse, cluster: str) -> None:
        self._raw = raw
        self._cluster = cluster
        self._ending = threading.Lock()
        self._ended = False
        self.status: int = raw.status
        self.headers: Mapping[str, Any] = raw.headers

    def lines(self) -> Iterator[bytes]:
        """Give each line when it is whole; what was cut off in the middle of a line is nothing.

        Raises:
            Broken: the connection ended before the answer did.
        """
        rest = b""
        try:
            for piece in self._raw.stream(_PIECE):
                *whole, rest = (rest + piece).split(b"\n")
                yield from whole
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:  # ValueError: ended while it was read
            if not self._ended:
                raise Broken(f"cluster {self._cluster} hung up: {error}"[:200]) from error

    def content(self) -> bytes:
        """Give all that is left: a refusal's words."""
        try:
            return self._raw.read()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise ClusterUnavailable(f"cluster {self._cluster} does not answer{why(error)}") from error

    def end(self) -> None:
        """Let whoever reads the lines see their end now."""
        with self._ending:
            self._ended = True
            with suppress(ValueError, RuntimeError, OSError):  # it has ended by itself
                self._raw.shutdown()

    def close(self) -> None:
        """Let the connection go; it is not used again."""
        with self._ending:
            self._ended = True
            self._raw.close()
