"""Ports of this machine for what the laboratory starts."""

import random
import socket
from pathlib import Path

_LOWEST, _USUAL_END, _TRIES = 11_000, 19_000, 200
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """Give a port of the loopback address that nobody listens on now.

    What is to listen there takes a moment to start, and the system gives the ports of its own range, of which `bind` to
    0 would name one, to every connection and every other server meanwhile: it is none of those where there are others.
    """
    end = int(_RANGE.read_text().split()[0]) if _RANGE.exists() else _USUAL_END
    below = range(_LOWEST, min(end, _USUAL_END))
    for port in (*random.sample(below, min(_TRIES, len(below))), 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port of 127.0.0.1 is free")
