"""A hook of a deployment as people see it: what runs, when, by which word of its tool, and how it went."""

from dataclasses import dataclass
from enum import StrEnum

VERIFY = "verify"
"""What is said of a Job that runs because the repository's file says so, and no annotation."""
ON_FAILURE = "on_failure"
"""The phase that only a deployment reaches which fails."""


class HookState(StrEnum):
    """Where a hook stands. `left`: nobody waits for it any more. `not_run`: the deployment ended before its turn."""

    DUE = "due"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LEFT = "left"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One run of a hook: `key` names it in its deployment (`before Job/shop/migrate`), `said` is its tool's word.

    `group` is of its object's kind, and `run` the label that its object carries. `reason` says why it failed.
    """

    key: str
    said: str = ""
    group: str = ""
    run: str = ""
    state: HookState = HookState.DUE
    reason: str = ""
    began_at: float | None = None
    ended_at: float | None = None

    @property
    def phase(self) -> str:
        """Name the phase in which it runs: before, sync, after, on_failure."""
        return self.key.partition(" ")[0]

    @property
    def ref(self) -> str:
        """Name its object."""
        return self.key.partition(" ")[2]

    @property
    def lasted(self) -> float | None:
        """Say for how many seconds it ran; None where it has not begun or not ended."""
        return None if self.began_at is None or self.ended_at is None else max(0.0, self.ended_at - self.began_at)
