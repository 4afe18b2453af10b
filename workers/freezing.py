"""Keeps the windows of the operator's `freeze` standing in the store, ahead of their time."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime

from pushboat.config.operator import Limits, Operator
from pushboat.model.hold import Hold, Scope
from pushboat.reading import known
from pushboat.store import freezing
from pushboat.store.database.engine import Store

BY = "pushboat.yaml"
LOOKS_EVERY = 20.0
"""Seconds."""


class Calendar:
    """Looks now and then what the operator's windows are; nothing depends on when, for they stand days ahead."""

    def __init__(self, operator: Operator, store: Store, every: float = LOOKS_EVERY) -> None:
        self._operator, self._store, self._every = operator, store, every
        self._looked_at = math.inf

    def look(self) -> None:
        """Put the windows that are open or come, and take away what the file has no more."""
        now = self._store.now()
        if not is_due(now, self._looked_at, self._every):
            return
        freezing.keep(self._store, lambda: _windows(self._operator, self._store, now))
        self._looked_at = now


def is_due(now: float, looked_at: float, every: float) -> bool:
    """Say whether it is time to look again; by a clock that was set back since it is."""
    return not looked_at <= now < looked_at + every


def _windows(operator: Operator, store: Store, now: float) -> Iterator[Hold]:
    for repository, environments in known.everywhere(store, operator).items():
        for limits in environments.values():
            yield from windows_of(repository, limits, now)


def windows_of(repository: str, limits: Limits, now: float) -> Iterator[Hold]:
    """Give the windows of an environment that are open or come, as holds."""
    scope = Scope(repository=repository, environment=limits.environment)
    for number, rule in enumerate(limits.freeze):
        for window in rule.windows(now):
            begins = datetime.fromtimestamp(window.begins, UTC).isoformat(timespec="minutes")
            yield Hold(
                kind=freezing.FREEZE,
                scope=scope,
                by=BY,
                subject=f"{number}: {begins}",
                reason=rule.reason,
                begins=window.begins,
                until=window.ends,
            )
