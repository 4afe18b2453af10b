"""An entry of the audit as people are shown it: with the commit, the deployment and the delivery that it leads to."""

from dataclasses import dataclass

from pushboat.model.ask import AuditEntry, Source
from pushboat.model.json_forms import moment
from pushboat.model.state import Trigger
from pushboat.model.times import exact

_AT_THE_FORGE = (Source.COMMENT, Source.BUTTON, Source.DEPLOYMENT)
_PUSHED = (Trigger.PUSH, Trigger.MERGE, Trigger.PULL_REQUEST, Trigger.COMMENT, Trigger.BUTTON, Trigger.DEPLOYMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One entry.

    Args:
        sha: the commit, as its deployment or whoever asked named it; empty where nobody knows.
        plan: its deployment is a plan.
        deployed: its deployment is still kept.
        delivered: its delivery is still kept.
        trigger: what asked for its deployment, where it is known.
        broken: it is not what was written, or what stood before it is gone.
    """

    entry: AuditEntry
    sha: str = ""
    plan: bool = False
    deployed: bool = False
    delivered: bool = False
    trigger: Trigger | None = None
    broken: bool = False

    @property
    def id(self) -> int:
        """Give the entry's number."""
        return self.entry.id

    @property
    def at(self) -> float | None:
        """Give its time in seconds; None where somebody put in what is none."""
        return self.entry.at if _is_time(self.entry.at) else None

    @property
    def when(self) -> str:
        """Say its time to the second, in UTC."""
        return exact(self.entry.at) if _is_time(self.entry.at) else str(self.entry.at)

    @property
    def by_account(self) -> bool:
        """Say whether who it names is an account of the repository's forge: only that is to be looked up there."""
        if self.entry.source == Source.PUSHBOAT:
            return self.trigger in _PUSHED
        return self.entry.source in _AT_THE_FORGE


def entry_form(entry: AuditEntry) -> dict[str, object]:
    """Write an entry as JSON, also one in which somebody put what is no time."""
    return {
        "id": entry.id,
        "at": moment(entry.at) if _is_time(entry.at) else str(entry.at),
        "who": entry.who,
        "source": str(entry.source),
        "repository": entry.repository,
        "environment": entry.environment,
        "word": entry.word,
        "verdict": str(entry.verdict),
        "reason": entry.reason,
        "delivery": entry.delivery or None,
        "deployment": entry.deployment,
    }


def row_form(row: AuditRow) -> dict[str, object]:
    """Write an entry of a list; `sha` is null where nobody knows a commit, `broken` where it was tampered with."""
    return {**entry_form(row.entry), "sha": row.sha or None, "broken": row.broken}


def _is_time(at: object) -> bool:
    try:
        return bool(exact(at))  # type: ignore[arg-type]  # what somebody put in need be no number
    except (ArithmeticError, OSError, TypeError, ValueError):
        return False
