"""Who gives way when there are too many unfinished requests: the oldest one of whoever has the most. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol, TypeVar


class FromSomewhere(Protocol):
    """What is counted: something that an address sent."""

    @property
    def source(self) -> str:
        """Give the address that counts."""


T = TypeVar("T", bound=FromSomewhere)


def who_gives_way(oldest_first: Iterable[T]) -> T:
    """Choose the oldest of the address with the most; among equals, the one whose oldest is oldest.

    So a flood from one address ends its own requests and nobody else's.
    """
    everyone = list(oldest_first)
    counts = Counter(one.source for one in everyone)
    most = max(counts.values())
    return next(one for one in everyone if counts[one.source] == most)
