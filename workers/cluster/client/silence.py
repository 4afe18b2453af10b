"""Why an API server is silent, in words of people: where it was asked, and what the system or TLS says.

The library's own sentence has names of its classes in it, which help nobody who reads a status.
"""

import socket
import ssl
from collections.abc import Iterator

import urllib3

_LONGEST = 200


def why(error: Exception) -> str:
    """Say where nobody answers, and why, as what follows "does not answer"."""
    reason = getattr(error, "reason", None) or error
    place = _place(error)
    if words := next((words for each in _behind(reason) if (words := _told(each))), ""):
        return f"{place}: {words}"[:_LONGEST]
    return f"{place}: {' '.join(str(reason).split())}"[:_LONGEST]


def _place(error: Exception) -> str:
    """Say at which host and port, where the error knows that."""
    pool = error.pool if isinstance(error, urllib3.exceptions.PoolError) else None
    host, port = getattr(pool, "host", ""), getattr(pool, "port", None)
    return f" at {host}:{port}" if host and port else ""


def _behind(error: object) -> Iterator[object]:
    """Give an error, and those that it was made of: causes, and arguments that are errors themselves."""
    seen: list[object] = [error]
    for each in seen:
        if isinstance(each, BaseException) and len(seen) < _LONGEST:
            seen += [behind for behind in (each.__cause__, *each.args) if isinstance(behind, BaseException)]
    yield from seen


def _told(error: object) -> str:
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return "it took the connection, and then said nothing in time"
    if isinstance(error, socket.gaierror):
        return "no such name can be found"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no TLS is spoken with it: {error.reason or error}"
    if isinstance(error, TimeoutError):
        return "no connection in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return ""
