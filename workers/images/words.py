"""The nouns of the image gate: what was found out about one image, and what is said of it at each of its places."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from pushboat.config.images import DENY, OFF, ImageRules
from pushboat.config.sources import Source
from workers.review.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """An environment's rules, whom may be asked, and the time (epoch seconds)."""

    rules: ImageRules
    registries: tuple[Source, ...]
    now: float

    @property
    def today(self) -> date:
        """Give the day in UTC, by which signers count."""
        return datetime.fromtimestamp(self.now, UTC).date()


class Weight(StrEnum):
    """What a remark leads to: nothing, a warning, or that the images are refused."""

    NOTE = "note"
    WARNING = "warning"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sentence about an image, which goes on after its name."""

    weight: Weight
    sentence: str


class Trouble(StrEnum):
    """Why an image could not be looked at: the registry is silent, or our operator must act first."""

    SILENT = "silent"
    UNWELCOME = "unwelcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One image: its digest, where it is known, what is to be said of it, and what kept us from looking, and how."""

    reference: Reference
    digest: str = ""
    remarks: tuple[Remark, ...] = ()
    trouble: Trouble | None = None
    why: str = ""


def weight(verdict: str) -> Weight:
    """Give the weight of what a rule finds: off, warn or deny."""
    return {OFF: Weight.NOTE, DENY: Weight.DENIED}.get(verdict, Weight.WARNING)
