"""What `serve` hears of one process' pulse: a byte for each turn of its work loop.

`pushboat/pulse.py` is the other end. Silence is counted in turns of our own loop, each worth at most two seconds: while
we are frozen, or the machine sleeps, nobody is silent.
"""

import os
from contextlib import suppress

LONGEST_TURN_SECONDS = 2.0
_PIECE = 65536
"""Bytes; as much as the pipe holds, so that one look hears all that was said meanwhile."""


class Heard:
    """One process' beats, and what became of it when they stopped; a restarted process has a new one."""

    def __init__(self) -> None:
        self.reading, self._writing = os.pipe()
        os.set_blocking(self.reading, False)
        os.set_blocking(self._writing, False)
        self.silent_seconds = 0.0
        self.ever = False
        self.condemned_seconds: float | None = None
        """How long ago it was found to hang; None while it does not."""

    @property
    def other_end(self) -> int:
        """Give the file descriptor that the process must inherit."""
        return self._writing

    def give_away(self) -> None:
        """Let go of the other end: the process has it now."""
        if self._writing >= 0:
            os.close(self._writing)
            self._writing = -1

    def listen(self) -> bool:
        """Hear what was said since the last time; False when nobody is left who could say anything."""
        with suppress(BlockingIOError):
            if not os.read(self.reading, _PIECE):
                return False
            self.silent_seconds, self.ever = 0.0, True
        return True

    def pass_time(self, seconds: float) -> None:
        """Let a turn of ours go by."""
        turn = min(seconds, LONGEST_TURN_SECONDS)
        self.silent_seconds += turn
        if self.condemned_seconds is not None:
            self.condemned_seconds += turn

    def close(self) -> None:
        """Let go of both ends."""
        self.give_away()
        os.close(self.reading)
