"""How a process shows `serve` that it does not hang: a byte per turn of its work loop, its stacks when asked.

Only the loop that does the work may beat, never a side thread: a side thread goes on while the work stands still. The
pipe comes from `serve`, by its number in the environment; a process that somebody else started has none and is silent,
unless it is given a file: then that file's time is that of its last beat, for Kubernetes to look at.
"""

import faulthandler
import os
import signal
import stat
import time
from collections.abc import Mapping
from contextlib import suppress

PULSE_FD = "PUSHBOAT_PULSE_FD"
"""The variable that names the pipe's end."""

PULSE_FILE = "PUSHBOAT_PULSE_FILE"
"""The variable that names a file, which each beat touches."""

BEAT_EVERY_SECONDS = 1.0
"""A loop that turns faster does not write more often."""

SHOW_STACKS = signal.SIGTRAP
"""The signal that asks for all stacks; gunicorn and Celery have their own uses for SIGUSR1, SIGUSR2 and SIGABRT."""


class Pulse:
    """The beating end; without a pipe and a file it does nothing."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._pipe = _pipe(environ.get(PULSE_FD, ""))
        self._file = environ.get(PULSE_FILE, "")
        self._next = 0.0

    def beat(self) -> None:
        """Say that the loop turned; never waits and never fails."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + BEAT_EVERY_SECONDS
        if self._pipe is not None:
            with suppress(OSError):  # full, because `serve` is frozen, or closed, because it is gone: not our trouble
                os.write(self._pipe, b".")
        if self._file:
            with suppress(OSError):  # who looks at it sees that it is old, and acts
                _touch(self._file)


def show_stacks_when_asked() -> None:
    """Write the stacks of all threads to standard error at the signal, also while Python code or a lock hangs."""
    faulthandler.register(SHOW_STACKS, all_threads=True, chain=False)


def _touch(file: str) -> None:
    """Give a file the time of now; it is made where it is not there."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    os.utime(file)


def _pipe(number: str) -> int | None:
    """Take the pipe's end into our hands; what we start must not have it. None where the number is not a pipe's."""
    if not number.isdecimal():
        return None
    try:
        if not stat.S_ISFIFO(os.fstat(int(number)).st_mode):
            return None
        os.set_inheritable(int(number), False)  # noqa: FBT003 - the os module's
        os.set_blocking(int(number), False)
    except (OSError, OverflowError):
        return None
    return int(number)
