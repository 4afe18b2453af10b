"""Durations as people write them: 90s, 10m, 1h30m, 0."""

import re

LONGEST_SECONDS = 24 * 3600
"""Seconds. A rollout that takes longer than a day is stuck, and holds its lane."""

_PATTERN = re.compile(r"(?=[0-9])(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")


def seconds(written: object, longest: int = LONGEST_SECONDS) -> float:
    """Turn a written duration into seconds, at most `longest` of them.

    Raises:
        ValueError: a sentence that says how to write it.
    """
    if isinstance(written, int) and not isinstance(written, bool):
        if written == 0:
            return 0.0
        raise ValueError(f"has no unit: write {abs(written)}s or {abs(written)}m")
    if not isinstance(written, str):
        raise ValueError("must be a duration such as 90s, 10m or 1h30m")  # noqa: TRY004 - pydantic wants ValueError
    if written == "0":
        return 0.0
    match = _PATTERN.fullmatch(written)
    if match is None:
        raise ValueError("must be a duration such as 90s, 10m or 1h30m (h, m and s in this order, whole numbers)")
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + rest
    if total > longest:
        raise ValueError(f"is too long: at most {longest // 3600}h")
    return float(total)
