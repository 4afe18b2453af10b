"""The head of a ref: the commit that it points to, as a delivery told us or as we found it ourselves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What we know of one ref.

    `sha` is what a delivery or a look told last, empty where neither has. `found_at` is since when a look has found
    another commit there of which no delivery told; 0 where it has not.
    """

    ref: str
    sha: str = ""
    found_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """When we compared a repository's heads with what we knew, and what kept us from it (`trouble`).

    `covered` says of which refs everything was known after the last look: `branches tags`, or fewer where those are too
    many, such as `branches refs/tags/v*`; empty before the first one. `log_at` is when the forge's log of deliveries
    was read last, `log_due` whether it should be read again, `log_trouble` why it could not be.
    """

    repository: str
    covered: str = ""
    looked_at: float = 0.0
    trouble: str = ""
    log_at: float = 0.0
    log_due: bool = False
    log_trouble: str = ""
