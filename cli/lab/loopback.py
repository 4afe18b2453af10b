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
    below = range(_LOWEST, min(first_of_the_system(_USUAL_END), _USUAL_END))
    for port in (*random.sample(below, min(_TRIES, len(below))), 0):
        if found := bound(port):
            return found
    raise OSError("no port of 127.0.0.1 is free")


def first_of_the_system(usual: int) -> int:
    """Give the first port of the range that the system gives from by itself; `usual` where it does not tell."""
    return int(_RANGE.read_text().split()[0]) if _RANGE.exists() else usual


def bound(port: int) -> int:
    """Bind a port and let go of it again: 0 where somebody listens on it. For 0, the system chooses one."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
