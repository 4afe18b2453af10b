"""What somebody compressed, unfolded piece by piece: how much it becomes is theirs to say, how much lies here ours."""

import zlib


class Unreadable(ValueError):
    """This was not compressed by zlib, or ends elsewhere than it should."""


class Inflating:
    """A compressed text that is read from its beginning to its end, once."""

    PIECE = 64 << 10
    """Bytes that are unfolded at once."""

    def __init__(self, sent: bytes) -> None:
        self._sent, self._at = memoryview(sent), 0
        self._stream = zlib.decompressobj()
        self._here = bytearray()

    def line(self, most: int) -> bytes:
        """Give what stands before the first line's end, of at most so many bytes.

        Raises:
            Unreadable: no line ends there.
        """
        seen = 0
        while (end := self._here.find(b"\n", seen)) < 0:
            seen = len(self._here)
            if seen > most or not self._unfold():
                raise Unreadable("no line ends there")
        found = bytes(self._here[:end])
        del self._here[: end + 1]
        return found

    def take(self, size: int) -> bytes:
        """Give the next bytes.

        Raises:
            Unreadable: there are fewer.
        """
        while len(self._here) < size:
            if not self._unfold():
                raise Unreadable("it ends too early")
        found = bytes(self._here[:size])
        del self._here[:size]
        return found

    def skip(self, size: int) -> None:
        """Go on behind the next bytes.

        Raises:
            Unreadable: there are fewer.
        """
        while size > len(self._here):
            size -= len(self._here)
            self._here.clear()
            if not self._unfold():
                raise Unreadable("it ends too early")
        del self._here[:size]

    def end(self) -> None:
        """See that this is all of it.

        Raises:
            Unreadable: something follows, or its own end is missing.
        """
        if self._here or self._unfold() or not self._stream.eof or self._stream.unused_data:
            raise Unreadable("it ends elsewhere")
        if self._at < len(self._sent):
            raise Unreadable("something follows")

    def _unfold(self) -> bool:
        """Unfold one more piece; False where there is none."""
        while not self._stream.eof:
            given = self._stream.unconsumed_tail or bytes(self._sent[self._at : self._at + self.PIECE])
            if not self._stream.unconsumed_tail:
                self._at += len(given)
            try:
                found = self._stream.decompress(given, self.PIECE)
            except zlib.error as error:
                raise Unreadable("it is not compressed by zlib") from error
            self._here += found
            if found:
                return True
            if not given:
                return False
        return False
