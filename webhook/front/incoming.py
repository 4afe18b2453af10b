"""One request that is still coming in: its head, then its body, in memory up to 1 MiB and in an unlinked file above.

The head is parsed once, by gunicorn, as soon as it is there. Who reads the request afterwards reads what was gathered
and never the socket, so that no sender can make a thread wait.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader

from pushboat.config.pages import Network
from webhook import addresses, bodies
from webhook.front.framing import Announced, Chunked
from webhook.front.passing import is_ours
from webhook.front.refusals import BODY_TOO_LARGE, HEAD_TOO_LARGE, Refusal

MIB = 1024 * 1024
LARGE = MIB
"""Bytes above which a body goes to a file."""

LARGEST_HEAD = 128 * 1024
LARGEST_ELSEWHERE = MIB
"""Only `/webhooks` takes large bodies."""

CHUNKS_COST = MIB
"""What the framing of a chunked body may add to it."""


class Gathered(Unreader):  # type: ignore[misc]  # gunicorn ships no types
    """The bytes that have come, as gunicorn's parser reads them."""

    def __init__(self, head: bytes) -> None:
        super().__init__()
        self._head = head
        self.body: Any = None

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Give the next bytes; nothing at the end of what has come."""
        if self._head:
            head, self._head = self._head, b""
            return head
        return bytes(self.body.read(max(size_hint or 0, bodies.PIECE_BYTES))) if self.body else b""


class Whole(RequestParser):  # type: ignore[misc]  # gunicorn ships no types
    """A parser that has parsed already: it gives the one request, or raises what is wrong with it."""

    def __init__(self, cfg: Any, unreader: Gathered, source: Any) -> None:
        super().__init__(cfg, (), source)
        self.unreader = unreader
        self._trouble: Exception | None = None
        try:
            self.mesg = Request(cfg, unreader, source)
        except Exception as trouble:  # noqa: BLE001 - gunicorn answers it where it always does, in `handle`
            self._trouble = trouble

    def __next__(self) -> Any:
        """Give the request."""
        if self._trouble is not None:
            raise self._trouble
        return self.mesg

    def finish_body(self, deadline: float | None = None, max_bytes: int | None = None) -> bool:  # noqa: ARG002 - gunicorn's
        """Say whether the connection may go on; what nobody read of the body goes with the gathered bytes."""
        return self.mesg is not None and not self.mesg.body.failed


class Incoming:
    """A request on its way in. `conn` is gunicorn's connection, `began` when it was opened or last answered.

    Where it `passes`, what asks for pages goes on to the dashboard's process with all that was `said`.
    """

    def __init__(
        self, conn: Any, cfg: Any, spool: Path, trusted: Sequence[Network], began: float, *, passes: bool = False
    ) -> None:
        self.conn = conn
        self.began = began
        self.source = conn.client[0] if isinstance(conn.client, tuple) else ""
        self.received = 0
        self.complete = False
        self.discarding = False
        self.asks_elsewhere = False
        self.surplus = self.said = b""
        self.parser: Whole | None = None
        self._cfg, self._spool, self._trusted, self._passes = cfg, spool, trusted, passes
        self._head = bytearray()
        self._unreader: Gathered | None = None
        self._framing: Announced | Chunked = Announced(0)
        self._most = LARGEST_HEAD

    @property
    def large(self) -> bool:
        """Say whether its body goes to a file."""
        return self.received > LARGE

    @property
    def held(self) -> int:
        """Count the bytes that it holds in memory."""
        return 0 if self.large else self.received

    @property
    def asks_the_api(self) -> bool:
        """Say whether it is known to be for the API, whose readers have a format of their own for refusals."""
        request = self.parser.mesg if self.parser else None
        return request is not None and request.path.startswith("/api/")

    @property
    def waits_to_go_on(self) -> bool:
        """Say whether the sender wants to hear `100 Continue` before its body."""
        return bool(self.parser and self.parser.mesg and self.parser.mesg._expected_100_continue)  # noqa: SLF001 - gunicorn has no other word

    def was_told(self) -> None:
        """Note that it heard, or that it does not need to hear, `100 Continue`."""
        if self.parser and self.parser.mesg:
            self.parser.mesg._expected_100_continue = False  # noqa: SLF001 - gunicorn has no other word

    def take(self, piece: bytes) -> Refusal | None:
        """Take in what has come; give the refusal where this request cannot become a good one."""
        self.received += len(piece)
        if self.parser is None:
            self._head += piece
            searched = max(0, len(self._head) - len(piece) - 3)
            end = self._head.find(b"\r\n\r\n", searched) + 4
            if end < 4:
                return HEAD_TOO_LARGE if len(self._head) > LARGEST_HEAD else None
            said, piece = bytes(self._head), bytes(self._head[end:])
            self._begin_body(said[:end])
            self._head.clear()
            if self.asks_elsewhere:
                self.said = said
                return None
        return self._take_body(piece)

    def cut_short(self) -> None:
        """End it here: nothing more will come, or nothing more is wanted."""
        self.complete = True
        if self.parser and self.parser.mesg:
            self.parser.mesg.force_close()

    def rewind(self) -> None:
        """Make the gathered body readable from its beginning."""
        self.was_told()
        if self._unreader and self._unreader.body:
            self._unreader.body.seek(0)

    def close(self) -> None:
        """Let go of what was gathered, also of what a full disk did not take: closing tries that once more."""
        if self._unreader and self._unreader.body:
            with contextlib.suppress(OSError):
                self._unreader.body.close()

    def _begin_body(self, head: bytes) -> None:
        self._unreader = Gathered(head)
        self.parser = Whole(self._cfg, self._unreader, self.conn.client)
        request = self.parser.mesg
        if request is None:
            self.cut_short()
            return
        if self._passes and not is_ours(request.path):
            self.asks_elsewhere = True
            return
        forwarded = ",".join(value for name, value in request.headers if name == "X-FORWARDED-FOR")
        self.source = addresses.source(self.source, forwarded, self._trusted)
        most = bodies.LARGEST_BODY_BYTES if request.path.startswith("/webhooks/") else LARGEST_ELSEWHERE
        reader = request.body.reader
        self._most = len(head) + most + CHUNKS_COST
        if isinstance(reader, ChunkedReader):
            self._framing = Chunked()
        elif isinstance(reader, LengthReader):
            self._framing = Announced(reader.length)
            if reader.length > most:
                self.cut_short()  # the app refuses it by its announced length, and records that
        self.complete = self.complete or self._framing.complete

    def _take_body(self, piece: bytes) -> Refusal | None:
        if self.complete:
            self.surplus += piece
            return None
        taken = self._framing.take(piece)
        self._keep(piece[:taken])
        self.surplus = piece[taken:]
        self.complete = self._framing.complete
        if isinstance(self._framing, Chunked) and self._framing.broken:
            self.cut_short()  # also where nobody reads the body: what follows it must not pass for a request
        return BODY_TOO_LARGE if self.received > self._most and not self.complete else None

    def _keep(self, piece: bytes) -> None:
        if piece and self._unreader:
            if self._unreader.body is None:
                self._unreader.body = SpooledTemporaryFile(LARGE, dir=str(self._spool))  # noqa: SIM115 - closed by `close`
            self._unreader.body.write(piece)
            self._unreader.body.flush()  # a full disk is noticed here, where it has an answer, and not when it is read
