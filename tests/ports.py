"""Ports for servers that are told theirs, which they take a while later: nobody else gets one in the meantime.

What asks for any port (`bind` to 0) and every connection out gets one of the system's own range, and the next one of
twenty sides may get the very port that was free a moment ago. These are below that range and above those of the
laboratory, and each is given out once in many thousand times on this machine, so that no test meets what another one's
server left behind.
"""

import fcntl
import os
import tempfile
from pathlib import Path

from cli.lab.loopback import bound, first_of_the_system

_LOWEST, _USUAL_END = 19_000, 32_768


def free_port() -> int:
    """Give a port of the loopback address that nobody listens on, and that nobody but who asked here will get."""
    count = max(first_of_the_system(_USUAL_END), _LOWEST + 1_000) - _LOWEST
    with (Path(tempfile.gettempdir()) / f"pushboat-ports-{os.getuid()}").open("a+") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        turn.seek(0)
        given = int(turn.read() or os.getpid())
        for number in range(given + 1, given + count):
            if port := bound(_LOWEST + number % count):
                turn.truncate(0)
                turn.write(str(number))
                return port
    raise AssertionError(f"no port from {_LOWEST} on is free")
