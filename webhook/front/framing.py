"""Where a request's body ends, found piece by piece as the bytes come. Pure; gunicorn judges the bytes afterwards.

A body that is not framed rightly counts as ended, and as broken: whoever reads it says what is wrong with it, and
nothing that comes after it is a request.
"""

import re

LONGEST_LINE = 16 * 1024
"""Bytes of a chunk's size with its extensions, or of all trailers."""

_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")


class Announced:
    """A body whose length was said beforehand."""

    def __init__(self, length: int) -> None:
        self._left = length

    @property
    def complete(self) -> bool:
        """Say whether all of it is there."""
        return not self._left

    def take(self, piece: bytes) -> int:
        """Say how many of these bytes still belong to the body."""
        taken = min(self._left, len(piece))
        self._left -= taken
        return taken


class Chunked:
    """A body in chunks: sizes, data, and trailers up to an empty line."""

    def __init__(self) -> None:
        self.complete = False
        self.broken = False
        self._line = bytearray()
        self._left = 0
        self._in_trailers = False
        self._after_data = False

    def take(self, piece: bytes) -> int:
        """Say how many of these bytes still belong to the body."""
        at = 0
        while at < len(piece) and not self.complete:
            if self._left:
                step = min(self._left, len(piece) - at)
                self._left -= step
                at += step
            else:
                at = self._read_line(piece, at)
        return at

    def _read_line(self, piece: bytes, start: int) -> int:
        end = piece.find(b"\n", start) + 1
        stop = end or len(piece)
        self._line += piece[start:stop]
        if end:
            self._end_line(bytes(self._line))
        if len(self._line) > LONGEST_LINE:
            self._break()
        return stop

    def _end_line(self, line: bytes) -> None:
        if not line.endswith(b"\r\n"):
            self._break()
        elif self._in_trailers:
            self.complete = line.endswith(b"\n\r\n") or line == b"\r\n"
        elif self._after_data:
            self._line.clear()
            self._after_data = False
            if line != b"\r\n":
                self._break()
        else:
            self._line.clear()
            self._begin_chunk(line.partition(b";")[0].strip())

    def _begin_chunk(self, size: bytes) -> None:
        if not _SIZE.fullmatch(size):
            self._break()
        elif int(size, 16):
            self._left = int(size, 16)
            self._after_data = True
        else:
            self._in_trailers = True

    def _break(self) -> None:
        self.complete = self.broken = True
