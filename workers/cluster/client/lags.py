"""Since when an API server is seen to go by an older definition than the newest: its objects wait for it together.

What a definition says, and which did not change lately, is known for a moment, so that many objects ask once.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KNOWN_WITHIN = 30.0
"""Seconds that an API server may go by an older definition; a healthy one needs less than one, a busy one some."""
FORGOTTEN_AFTER = 60.0
"""Seconds; what is seen after that is another lag, which has its own time."""
READ_FOR = 1.0
"""Seconds for which a definition that was read is taken for the same."""
Definition = tuple[str, int]
"""A definition's name and its generation."""


@dataclass(slots=True)
class Lags:
    """The lags of one API server, shared by all who speak to it."""

    _since: dict[Definition, float] = field(default_factory=dict)
    _read: dict[str, tuple[float, str, Any]] = field(default_factory=dict, repr=False)
    _former: dict[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
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

    def read(self, name: str, version: str, found: Any) -> None:
        """Note what a definition says of a version; None: it has not changed for long."""
        self._read[name] = time.monotonic(), version, found
        if found is None:
            self._former.pop(name, None)

    def lately(self, name: str, version: str) -> tuple[bool, Any]:
        """Say whether that was noted a moment ago, and nobody has said since that it changes; and give it."""
        at, of, found = self._read.get(name, (float("-inf"), "", None))
        return of == version and time.monotonic() - at < READ_FOR, found

    def changes(self, name: str, former: Mapping[str, Any] | None = None) -> None:
        """Note that a definition was just written; `former` is what it was, where that is worth knowing."""
        self._read.pop(name, None)
        self._former.pop(name, None)
        if former is not None:
            self._former[name] = former

    def former(self, name: str) -> Mapping[str, Any] | None:
        """Give the definition as it was before somebody said that it changes."""
        return self._former.get(name)
