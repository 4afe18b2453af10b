"""Keep one program running and ask it many things, instead of starting it for each: behind the same limits as `run`.

It is ended with this process, and when it has said anything out of turn.
"""

import os
import selectors
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from workers.running.spawning import Limits, Stopped, TimedOut, Words, launched

_LIMITS = Limits(cpu_seconds=3600)
"""Seconds of CPU over its whole life; then it is started anew."""
_PIECE = 1 << 18
LONGEST_QUESTION = 16 << 10
"""Bytes that a pipe takes while nobody reads at its other end."""


class Ended(Stopped):
    """The program is not there any more."""


class Conversation:
    """One program that answers on stdout what it is asked on stdin, one question after the other."""

    def __init__(self, argv: Sequence[str], *, environ: Mapping[str, str], cwd: Path) -> None:
        reading, self._in = os.pipe()
        with ExitStack() as stack:
            stack.callback(os.close, self._in)
            try:
                program = stack.enter_context(launched(Words(argv=argv, environ=environ, limits=_LIMITS), reading, cwd))
            finally:
                os.close(reading)
            self._out, self._errors = program.stdout, program.stderr
            self._open = stack.pop_all()
        self._heard = bytearray()

    def say(self, question: bytes) -> None:
        """Ask something; whoever asks reads the answer before the next question.

        Raises:
            Ended: nobody listens any more.
        """
        assert len(question) <= LONGEST_QUESTION
        try:
            os.write(self._in, question)
        except OSError as error:
            raise Ended("it has ended") from error

    def line(self, deadline: float) -> bytes:
        """Read up to the end of a line, without it.

        Raises:
            Ended, TimedOut: it ended first, or takes too long.
        """
        while (end := self._heard.find(b"\n")) < 0:
            self._hear(deadline)
        return self._taken(end + 1)[:-1]

    def exactly(self, number: int, deadline: float) -> bytes:
        """Read so many bytes.

        Raises:
            Ended, TimedOut: it ended first, or takes too long.
        """
        while len(self._heard) < number:
            self._hear(deadline)
        return self._taken(number)

    def end(self) -> None:
        """End the program, whatever it does."""
        self._open.close()

    def _taken(self, number: int) -> bytes:
        taken = bytes(self._heard[:number])
        del self._heard[:number]
        return taken

    def _hear(self, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            selector.register(self._errors, selectors.EVENT_READ)
            ready = [key.fd for key, _ in selector.select(max(0.0, deadline - time.monotonic()))]
        if not ready:
            raise TimedOut("it did not answer in time")
        if self._errors in ready:
            os.read(self._errors, _PIECE)  # nobody waits for them, and a full pipe would stop the program
        if self._out in ready:
            chunk = os.read(self._out, _PIECE)
            if not chunk:
                raise Ended("it has ended")
            self._heard.extend(chunk)
