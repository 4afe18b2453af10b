"""Is everything there? What `serve` waits for before it says "ready": the web answers, worker and reporter live."""

import http.client

from pushboat.config.operator import Operator
from pushboat.errors import StoreUnavailable
from pushboat.reading.processes import signs
from pushboat.store.database.engine import Store

NEEDED = ("dispatcher", "worker", "reporter")
HEARTBEAT_LIVES = 10.0
"""Seconds; a process writes one every two."""


def missing(operator: Operator, store: Store, since: float) -> list[str]:
    """Name the processes that do not answer yet; heartbeats before `since` (store clock) are of an earlier run."""
    asked = {"web": web_answers, "dashboard": dashboard_answers}
    absent = [name for name, answers in asked.items() if not answers(operator)]
    try:
        alive = living(store, since)
    except StoreUnavailable:
        return [*absent, "store"]
    return absent + [name for name in NEEDED if name not in alive]


def living(store: Store, since: float) -> set[str]:
    """Name the processes with a heartbeat no older than `since`."""
    return signs(store).living(since)


def web_answers(operator: Operator) -> bool:
    """Ask our own web process; every address means this machine."""
    return _asked(operator.host, operator.port, "/readyz") == http.client.OK


def dashboard_answers(operator: Operator) -> bool:
    """Ask the dashboard's process, which may hide everything, by its own address or through the web's."""
    code = _asked(*(operator.dashboard or (operator.host, operator.port)), "/api/v1/")
    return 0 < code < http.client.INTERNAL_SERVER_ERROR


def _asked(host: str, port: int, path: str) -> int:
    """Give the answer's code; 0: there is none."""
    connection = http.client.HTTPConnection(own_address(host), port, timeout=1.0)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def own_address(host: str) -> str:
    """Turn "every address" into one that can be called."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  # not bound here


def bracketed(host: str) -> str:
    """Write a host as a URL has it."""
    return f"[{host}]" if ":" in host else host
