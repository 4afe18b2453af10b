"""A delivery as the store remembers it: what came, what became of it, in one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pushboat.events import Event
from pushboat.model.ask import Ask, AuditEntry

REPLAY = "#replay-"
"""What stands between the id of a delivery that we do again and the number of times."""

FORGOTTEN = (
    "What this delivery said is not kept any more, only its id, so that it is still a duplicate when it comes again; "
    "how long is `retention` in pushboat.yaml. To deploy its commit, push again or comment /deploy."
)
"""Stands in place of the details of a delivery that is old."""


class Verdict(StrEnum):
    """What the front door said. `duplicate` is only ever an answer: the row of the first one counts the others."""

    ACCEPTED = "accepted"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The answer to a delivery: its number, or that of the first one where this is a repetition.

    `ignored` says why nothing follows from it, where that is so.
    """

    id: int
    duplicate: bool = False
    ignored: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One delivery. A rejected one has an empty event, no `delivery`, and where it came from in `source`.

    `routed_at` is None while it waits for its turn in the repository; `reason` is the sentence for people, `details`
    what it leaves out, a line each (every mistake of a file). `attempts` counts how often its routing was postponed.
    `asks` are what it asks for, `audit` what became of that. One that is `forgotten` has kept its id, repository and
    commit; `details` then says so. `headers` are those of the request that its forge lets be shown.
    """

    id: int
    forge: str
    delivery: str
    event: Event
    verdict: Verdict
    reason: str
    received_at: float
    routed_at: float | None = None
    deployments: tuple[int, ...] = ()
    duplicates: int = 0
    source: str = ""
    attempts: int = 0
    details: str = ""
    forgotten: bool = False
    asks: tuple[Ask, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ask(self) -> Ask | None:
        """Give what it asks for, where it does; a delivery has one ask at most today."""
        return self.asks[0] if self.asks else None

    @property
    def answered(self) -> tuple[tuple[Ask, AuditEntry | None], ...]:
        """Give each ask with its newest verdict, which is None until there is one."""
        newest = {entry.ask: entry for entry in self.audit}
        return tuple((ask, newest.get(ask.id)) for ask in self.asks)

    @property
    def repository(self) -> str:
        """Name the repository with its forge (`github/acme/shop`), or nothing where the delivery names none."""
        return f"{self.forge}/{self.event.repository}" if self.event.repository else ""

    @property
    def replayed(self) -> bool:
        """Say whether somebody asked for it again, so that it deploys also what the lane has already."""
        return REPLAY in self.delivery
