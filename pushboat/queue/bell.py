"""The bell: tells the dispatcher on this machine that something is due, so that it need not look all the time.

Only a courtesy: nobody waits for it, nothing depends on it, and across machines the dispatcher looks by itself.
"""

import contextlib
import selectors
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from pushboat.queue.sockets import leave_room, make_room, socket_path

_NAME = "dispatcher.sock"
_RING_BYTES = 1024


def ring(state: Path) -> None:
    """Wake the dispatcher if there is one; never waits and never fails."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as rope:
        rope.settimeout(0)
        rope.sendto(b".", str(socket_path(state, _NAME)))


class Bell:
    """The dispatcher's end, as a context manager; a second dispatcher takes the bell over from the first."""

    def __init__(self, state: Path) -> None:
        self._path = socket_path(state, _NAME)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._inode = 0
        self._listening = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        """Hang the bell up, in place of one that a dead dispatcher left behind."""
        make_room(self._path)
        self._path.unlink(missing_ok=True)
        self._socket.bind(str(self._path))
        self._path.chmod(0o700)
        self._socket.settimeout(0)
        self._inode = self._path.stat().st_ino
        self._listening.register(self._socket, selectors.EVENT_READ)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Take the bell down, unless another dispatcher's hangs there now."""
        self._listening.close()
        self._socket.close()
        with contextlib.suppress(OSError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
                leave_room(self._path)

    def wait(self, timeout: float) -> bool:
        """Wait until somebody rings; many rings are one. False when nobody did."""
        if not self._listening.select(timeout):
            return False
        with contextlib.suppress(BlockingIOError):
            while self._socket.recv(_RING_BYTES):
                pass
        return True
