"""Blocks of code in Markdown, whose end no line in them can be."""

import re
from collections.abc import Iterable, Sequence

SHORTEST_FENCE = 3
_TICKS = re.compile("`+")


def fence_around(lines: Iterable[str]) -> str:
    """Give a fence that none of these lines can end."""
    longest = max((len(run) for line in lines for run in _TICKS.findall(line)), default=0)
    return "`" * max(SHORTEST_FENCE, longest + 1)


def fenced(lines: Sequence[str], language: str, fence: str) -> str:
    """Put lines between two fences."""
    return "\n".join((f"{fence}{language}", *lines, fence))
