"""Ends servers of `socketserver` at once: by themselves they look for it every so often, and when somebody calls."""

import socket
import socketserver
import threading
from contextlib import suppress

OFTEN = 0.005
"""Seconds between two calls."""


def stop(server: socketserver.TCPServer, serving: threading.Thread) -> None:
    """Have a server stop that serves in a thread, call it until it has noticed, and wait for the thread."""
    ending = threading.Thread(target=server.shutdown)
    ending.start()
    while serving.is_alive():
        with suppress(OSError), socket.create_connection(server.server_address[:2], timeout=1):  # type: ignore[arg-type]
            serving.join(OFTEN)
    ending.join()
