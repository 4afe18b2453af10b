"""Since when an API server is seen to go by an older definition than the newest: its objects wait for it together."""

import threading
import time
from dataclasses import dataclass, field

KNOWN_WITHIN = 30.0
"""Seconds that an API server may go by an older definition; a healthy one needs less than one, a busy one some."""
FORGOTTEN_AFTER = 60.0
"""Seconds; what is seen after that is another lag, which has its own time."""
Definition = tuple[str, int]
"""A definition's name and its generation."""


@dataclass(slots=True)
class Lags:
    """The lags of one API server, shared by all who speak to it."""

    _since: dict[Definition, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def seen(self, definition: Definition) -> float:
        """Note that a definition is not followed yet; give the seconds since that was seen first, 0.0 for now."""
        now = time.monotonic()
        with self._lock:
            self._since = {each: at for each, at in self._since.items() if now - at < FORGOTTEN_AFTER}
            return now - self._since.setdefault(definition, now)

    def over(self, definition: Definition) -> None:
        """Forget a lag: the definition is followed."""
        with self._lock:
            self._since.pop(definition, None)
