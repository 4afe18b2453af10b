"""The address of the web, held by `serve` itself, so that nobody is refused while the web process is started again.

Forges do not send a refused webhook twice. As long as this socket listens, the kernel keeps callers waiting in line.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

SECONDS_FOR_THE_PORT = 3.0
"""A Pushboat that was killed a moment ago may still be letting go of it."""

LOOK_EVERY = 0.1
LINE = 512
"""Callers that may wait; gunicorn's own setting is the same."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Listen as long as the block runs, or until the socket is closed.

    Raises:
        ClickException: somebody else has the address.
    """
    deadline = time.monotonic() + SECONDS_FOR_THE_PORT
    while True:
        try:
            listener = _listen(host, port)
            break
        except OSError as trouble:
            if time.monotonic() >= deadline:
                raise click.ClickException(
                    f"cannot listen on {host}:{port}: {os.strerror(trouble.errno or 0)}; "
                    "stop what listens there, or change `listen` in pushboat.yaml"
                ) from trouble
        time.sleep(LOOK_EVERY)
    with listener:
        yield listener


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(LINE)
    except OSError:
        listener.close()
        raise
    return listener
