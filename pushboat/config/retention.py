"""How long what was done is kept, as the operator says. What is still to be done is kept in any case."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, PlainValidator

from pushboat.config.durations import DAY, seconds
from pushboat.config.schema import Section

LONGEST = 3650 * DAY
SHORTEST = 3600.0
"""Seconds. Less would take from people what they are looking at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long, in seconds, and how many successful deployments of each environment stay however old they are."""

    deliveries: float = 30.0 * DAY
    """What a delivery said, letters that were posted, records of what was refused."""
    deployments: float = 180.0 * DAY
    """Deployments and plans that have ended, with their progress and their changes."""
    keep: int = 20
    """The newest successful deployments of each environment: what a rollback can go to."""
    caches: float = 30.0 * DAY
    """A repository's git cache after its last use; a new one costs one fetch."""
    audit: float = 730.0 * DAY
    """Who asked for what, and what became of it."""


def _span(written: object) -> float:
    span = seconds(written, longest=LONGEST)
    if span < SHORTEST:
        raise ValueError("is too short: at least 1h")
    return span


DEFAULTS = Retention()
Span = Annotated[float, PlainValidator(_span)]


class RetentionSection(Section):
    """`retention` as it is written."""

    deliveries: Span = DEFAULTS.deliveries
    deployments: Span = DEFAULTS.deployments
    keep: int = Field(default=DEFAULTS.keep, ge=1, le=10_000)
    caches: Span = DEFAULTS.caches
    audit: Span = DEFAULTS.audit

    def retention(self) -> Retention:
        """Give it as the rest of Pushboat reads it."""
        return Retention(
            deliveries=self.deliveries,
            deployments=self.deployments,
            keep=self.keep,
            caches=self.caches,
            audit=self.audit,
        )
