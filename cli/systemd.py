"""Speaks systemd's readiness and watchdog protocol, where systemd started us: see sd_notify(3).

Datagrams to the socket that NOTIFY_SOCKET names. What goes wrong with them must not hinder us, so nothing is raised.
"""

import os
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
"""What systemd tells us and nobody else: gunicorn would say that all is ready when only the web is."""


class Systemd:
    """The way to tell the service manager; silent where there is none."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self._every = _period(environ)
        self._next = 0.0
        self._absent: tuple[str, ...] = ()
        self._usual = "starting"

    @property
    def wants_a_beat(self) -> bool:
        """Say whether it waits for our watchdog beats."""
        return bool(self._address) and self._every is not None

    def ready(self, sentence: str) -> None:
        """Say that everything answers."""
        self._usual = sentence
        self._tell("READY=1", f"STATUS={sentence}")

    def stopping(self) -> None:
        """Say that we end because somebody asked for it."""
        self._tell("STOPPING=1", "STATUS=stopping")

    def alive(self, absent: Sequence[str]) -> None:
        """Beat, in time for the watchdog and not more often; `absent` are those that are being started again."""
        if tuple(absent) != self._absent:
            self._absent = tuple(absent)
            self._tell(f"STATUS=starting again: {', '.join(absent)}" if absent else f"STATUS={self._usual}")
        now = time.monotonic()
        if self._every is not None and now >= self._next:
            self._next = now + self._every
            self._tell("WATCHDOG=1")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as post:
            post.settimeout(0)
            post.sendto("\n".join(lines).encode(), self._address)


def without(environ: Mapping[str, str]) -> dict[str, str]:
    """Give an environment for children, who must not speak in our name."""
    return {name: value for name, value in environ.items() if name not in VARIABLES}


def _address(said: str) -> str:
    """Read a path or, after an at sign, an abstract name; nothing else is a socket that we can reach."""
    return f"\0{said[1:]}" if said.startswith("@") else said if said.startswith("/") else ""


def _period(environ: Mapping[str, str]) -> float | None:
    """Give half of the watchdog's time in seconds; None where it does not wait for us."""
    if environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    usec = environ.get("WATCHDOG_USEC", "")
    return int(usec) / 2_000_000 if usec.isdecimal() and int(usec) else None
