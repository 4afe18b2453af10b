"""Ports for servers that are told theirs, which they take a while later: nobody else gets one in the meantime.

What asks for any port (`bind` to 0) and every connection out gets one of the system's own range, and the next one of
twenty sides may get the very port that was free a moment ago. These are below that range, and each is given out once
in many thousand times on this machine, so that no test meets what another one's server left behind.
"""

import fcntl
import os
import socket
import tempfile
from pathlib import Path

_LOWEST, _USUAL_END = 19_000, 32_768
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """Give a port of the loopback address that nobody listens on, and that nobody but who asked here will get."""
    end = int(_RANGE.read_text().split()[0]) if _RANGE.exists() else _USUAL_END
    count = max(end, _LOWEST + 1_000) - _LOWEST
    with (Path(tempfile.gettempdir()) / f"pushboat-ports-{os.getuid()}").open("a+") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        turn.seek(0)
        given = int(turn.read() or os.getpid())
        for number in range(given + 1, given + count):
            if _is_free(port := _LOWEST + number % count):
                turn.truncate(0)
                turn.write(str(number))
                return port
    raise AssertionError(f"no port from {_LOWEST} on is free")


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
