"""How much may be on its way in at once, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pushboat.config.pages import Network
from webhook.front.incoming import MIB, Incoming

AT_ONCE = 512
"""Unfinished requests and idle connections; one more, and who has the most gives way."""

HELD = 64 * MIB
"""Bytes of unfinished requests in memory, all together."""

LARGE_AT_ONCE = 4
"""Bodies above 1 MiB, which lie in files of at most 26 MiB; forges send few."""

PIECE = 64 * 1024
"""Bytes read at a time, so that a fast sender does not keep the others waiting either."""

PATIENCE = 30.0
"""Seconds for a request's head and its body up to 1 MiB …"""

SLOWEST = 64 * 1024
"""… and a second more for so many bytes above it that came: only those who send get more time."""

IDLE = 5.0
"""Seconds that a connection may stay open without a request."""

LINGER = 10.0
"""Seconds that a refused sender may go on writing before it is cut off."""

STOPPING = 2.0
"""Idle seconds while the process ends: a client may be sending already."""

SWEEP_EVERY = 0.25

PASSING = 10.0
"""Seconds that whoever asks for pages waits for the dashboard's process, which takes less to begin anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the operator's file says: the folder for large bodies, and whose forwarded addresses count.

    `dashboard` is where another process takes what asks for pages; None: this one answers everything.
    """

    spool: Path
    trusted: Sequence[Network] = ()
    dashboard: Path | None = None


def deadline(incoming: Incoming, *, stopping: bool) -> float:
    """Say until when the request must be whole."""
    if incoming.discarding:
        return incoming.began
    if not incoming.received:
        return incoming.began + (STOPPING if stopping else IDLE)
    return incoming.began + PATIENCE + max(0, incoming.received - MIB) / SLOWEST
