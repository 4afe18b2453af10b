"""How `serve` hears that a process' work loop turns: by the byte that it writes for each turn, or by asking it.

`pushboat/pulse.py` is the other end of the pipe; the broker, which is not ours, is asked PING and answers from its one
loop. Silence is counted in turns of our own loop, each worth at most two seconds: while we are frozen, or the machine
sleeps, nobody is silent.
"""

import os
import socket
from contextlib import suppress
from pathlib import Path

LONGEST_TURN_SECONDS = 2.0
_PIECE = 65536
"""Bytes; as much as a pipe holds, so that one look hears all that was said meanwhile."""


class Silence:
    """How long one process has been silent, and how long ago it was found to hang; a restarted one begins anew."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.was_broken = False
        self.condemned_seconds: float | None = None

    def end(self) -> None:
        """Note that it was heard."""
        self.seconds, self.was_broken = 0.0, True

    def pass_time(self, seconds: float) -> None:
        """Let a turn of ours go by."""
        turn = min(seconds, LONGEST_TURN_SECONDS)
        self.seconds += turn
        if self.condemned_seconds is not None:
            self.condemned_seconds += turn


class Pipe:
    """Through which a process tells us of each turn."""

    def __init__(self, silence: Silence) -> None:
        self.reading, self.writing = os.pipe()
        for end in (self.reading, self.writing):
            os.set_blocking(end, False)
        self._silence = silence

    def give_away(self) -> None:
        """Let go of the writing end: the process has it now."""
        if self.writing >= 0:
            os.close(self.writing)
            self.writing = -1

    def listen(self) -> bool:
        """Hear what was said since the last time; False when nobody is left who could say anything."""
        with suppress(BlockingIOError):
            if not os.read(self.reading, _PIECE):
                return False
            self._silence.end()
        return True

    def close(self) -> None:
        """Let go of both ends."""
        self.give_away()
        os.close(self.reading)


class Question:
    """PING to a broker on a unix socket, once per turn of ours; any answer will do, also that it is still loading."""

    def __init__(self, silence: Silence, path: Path) -> None:
        self._silence = silence
        self._path = path
        self._socket: socket.socket | None = None

    def ask(self) -> None:
        """Hear the answers to the last questions, then ask again; never waits."""
        try:
            if self._socket is None:
                self._connect()
            elif self._socket.recv(_PIECE):
                self._silence.end()
            else:
                self.close()
        except BlockingIOError:
            pass  # no answer yet
        except OSError:
            self.close()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.send(b"PING\r\n")

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connect(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(0)
        self._socket.connect(str(self._path))
