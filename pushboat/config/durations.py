"""Durations as people write them: 90s, 10m, 1h30m, 30d, 0."""

import re

DAY = 24 * 3600

LONGEST_SECONDS = DAY
"""Seconds. A rollout that takes longer than a day is stuck, and holds its lane."""

_PATTERN = re.compile(r"(?=[0-9])(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")


def some(written: object, longest: float, example: str) -> float:
    """Turn a written duration into seconds, more than none of them; `example` shows two that are.

    Raises:
        ValueError: a sentence that says how to write it.
    """
    lasts = seconds(written, longest)
    if not lasts:
        raise ValueError(f"must be longer than nothing: {example}, say")
    return lasts


def seconds(written: object, longest: float = LONGEST_SECONDS) -> float:
    """Turn a written duration into seconds, at most `longest` of them.

    Raises:
        ValueError: a sentence that says how to write it.
    """
    example = "90s, 10m or 1h30m" if longest <= DAY else "12h, 30d or 1d12h"
    if isinstance(written, int) and not isinstance(written, bool):
        if written == 0:
            return 0.0
        units = "sm" if longest <= DAY else "hd"
        raise ValueError(f"has no unit: write {abs(written)}{units[0]} or {abs(written)}{units[1]}")
    if not isinstance(written, str):
        raise ValueError(f"must be a duration such as {example}")  # noqa: TRY004 - pydantic wants ValueError
    if written == "0":
        return 0.0
    match = _PATTERN.fullmatch(written)
    if match is None:
        raise ValueError(f"must be a duration such as {example} (d, h, m and s in this order, whole numbers)")
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    total = days * DAY + hours * 3600 + minutes * 60 + rest
    if total > longest:
        most = f"{longest // DAY:.0f}d" if longest > DAY else f"{longest // 3600:.0f}h"
        raise ValueError(f"is too long: at most {most}")
    return float(total)
