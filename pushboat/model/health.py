"""How an object is doing, in the field's words, and which word is worse."""

from dataclasses import dataclass
from enum import StrEnum

from pushboat.model.manifest import Ref


class Health(StrEnum):
    """From best to worst. Unverified: no rule knows this kind, and we do not call that healthy in silence."""

    HEALTHY = "Healthy"
    UNVERIFIED = "Unverified"
    SUSPENDED = "Suspended"
    PROGRESSING = "Progressing"
    MISSING = "Missing"
    UNKNOWN = "Unknown"
    DEGRADED = "Degraded"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judge's word on one object, and the reason in one sentence."""

    health: Health
    reason: str = ""
    certain: bool = False
    """A Degraded that waiting cannot mend (an exceeded progress deadline, a failed Job): stop waiting at once."""
    spoken: bool = True
    """Whether a controller has ever said anything of this object. Until one has, Progressing may mean that there is no
    controller, and Unverified that it has not had the time: neither should be waited for without a limit."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One object's judgement."""

    ref: Ref
    judgement: Judgement

    def __str__(self) -> str:
        """Say it in the sentence that every surface shows: the object, and why it is as it is."""
        return f"{self.ref}: {self.judgement.reason or self.judgement.health.value}"
