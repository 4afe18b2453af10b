"""Ends pauses of tokens that their forges did not know, once there may be others.

Not every process has the new file at the same time, and a letter may be on its way with the old token: whoever is
refused by that makes the pause anew, which must not hold the new one for minutes.
"""

import time

from pushboat.store import quieting
from pushboat.store.database.engine import Store

LIFTED_AFTER = (0.0, 5.0, 40.0)
"""Seconds after a new operator's file: at once; when every process has it; when no letter is on its way by the old."""


class Lifting:
    """Says when those pauses end."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._at: list[float] = []

    def begin(self, now: float | None = None) -> None:
        """Note that there is another file."""
        begun = time.monotonic() if now is None else now
        self._at = [begun + after for after in LIFTED_AFTER]

    def look(self, now: float | None = None) -> None:
        """End them where it is time to."""
        moment = time.monotonic() if now is None else now
        if self._at and self._at[0] <= moment:
            self._at = [at for at in self._at if at > moment]
            quieting.end_unknown(self._store)
