"""How long a wait waits: its time counts from its beginning, and for what goes on step by step from the last step."""

from collections.abc import Sequence

from pushboat.model.health import Finding
from workers.cluster.waiting.holding import is_canary


class Patience:
    """The time of one wait."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._pending: tuple[Finding, ...] = ()
        self._progressed = 0.0

    def left(self, pending: Sequence[Finding], elapsed: float) -> float:
        """Say how many seconds are left for what is pending; a canary's every step (another reason) begins anew."""
        if tuple(pending) != self._pending:
            self._pending, self._progressed = tuple(pending), elapsed
        since = self._progressed if pending and all(map(is_canary, pending)) else 0.0
        return self._deadline - (elapsed - since)


def duration(seconds: float) -> str:
    """Write so many seconds as a file's author would."""
    return f"{seconds / 60:g}m" if seconds >= 60 else f"{seconds:g}s"
