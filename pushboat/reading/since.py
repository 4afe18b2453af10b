"""Since when somebody wants to see: a day, a moment in UTC, or a time before now, as people type it."""

import re
from datetime import UTC, date, datetime, time, timedelta

_SPAN = r"[1-9][0-9]{0,3}[dh]"
_DAY = (
    r"20[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|[12][0-9]))"
)
_CLOCK = r"T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?Z"
SINCE = rf"^(?:{_SPAN}|{_DAY}(?:{_CLOCK})?)?$"
"""All that may be written; an empty text is as none."""
HOW = "write 7d or 24h, a day such as 2026-11-29, or a moment such as 2026-11-29T18:30Z; days and moments are UTC's"


def read_since(written: str, now: float) -> float:
    """Read it as seconds since the epoch; `now` is the clock that counts. A 29th of February is a 1st of March mostly.

    Raises:
        ValueError: it is written otherwise; the sentence says how.
    """
    if not written or "\n" in written or not re.fullmatch(SINCE, written):
        raise ValueError(HOW)
    if written[-1] in "dh":
        return now - int(written[:-1]) * (86_400.0 if written[-1] == "d" else 3_600.0)
    day, _, clock = written.partition("T")
    year, month, number = map(int, day.split("-"))
    at = date(year, month, 1) + timedelta(days=number - 1)
    hour = time.fromisoformat(clock.removesuffix("Z")) if clock else time()
    return datetime.combine(at, hour, UTC).timestamp()
