"""A connection that changes hands: what asks for pages goes from the deliveries' process to the dashboard's, whole.

The open socket itself is sent, with the bytes that had come on it, so that watchers cost a delivery nothing: no thread,
no lock and no byte goes through the process that takes it (unix(7), SCM_RIGHTS).
"""

import socket
import struct
from pathlib import Path

from pushboat.queue.sockets import socket_path

OURS = ("webhooks", "healthz", "readyz")
"""The first words of the paths that the deliveries' own process answers."""

_LENGTH = struct.Struct("!I")
_ROOM = 212_992
"""Bytes that the line between the two takes at once, which the kernel doubles: a whole head and what came with it."""

_PIECE = 64 * 1024


def place(state: Path) -> Path:
    """Say where the dashboard's process takes connections, where it has no address of its own."""
    return socket_path(state, "dashboard.sock")


def is_ours(path: str) -> bool:
    """Say whether the deliveries' process answers a path."""
    return path.lstrip("/").partition("/")[0].partition("?")[0] in OURS


def pass_on(client: socket.socket, said: bytes, to: Path) -> bool:
    """Send a connection, and what was said on it; False where nobody takes it now."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.setblocking(False)  # noqa: FBT003 - the socket module's
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ROOM)
        message = _LENGTH.pack(len(said)) + said
        try:
            line.connect(str(to))
            sent = socket.send_fds(line, [message], [client.fileno()])
            while sent < len(message):
                sent += line.send(message[sent:])
        except OSError:
            return False
    return True


class Line:
    """What comes from the other process on one line: at its end a connection, and what was said on it."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self._said = bytearray()
        self._files: list[int] = []
        line.setblocking(False)  # noqa: FBT003 - the socket module's

    def read(self) -> bool:
        """Read what is there; True at the end."""
        try:
            piece, files, _, _ = socket.recv_fds(self.line, _PIECE, 1)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True
        self._said += piece
        self._files += files
        return not piece

    def taken(self) -> tuple[socket.socket, bytes] | None:
        """Give the connection and the bytes; nothing where the other process ended in between."""
        self.line.close()
        clients = [socket.socket(fileno=number) for number in self._files]
        said = bytes(self._said[_LENGTH.size :])
        if len(clients) == 1 and _LENGTH.pack(len(said)) == self._said[: _LENGTH.size]:
            return clients[0], said
        for client in clients:
            client.close()
        return None
