"""How long somebody outside may ask us to stay away."""

import time
from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST_PAUSE = 3600.0
"""Seconds. Whoever asks us to stay away for longer (a broken clock, a header made up) is asked again after an hour."""


TOGETHER = 30.0
"""Seconds that two clocks may differ by and still be taken for one: an answer takes a while, and a Date has no more."""


def bounded_pause(seconds: float) -> float:
    """Bring a wish for a pause between zero and an hour; what is no number at all is no wish."""
    return min(seconds, LONGEST_PAUSE) if seconds > 0 else 0.0


def clock(date: str) -> float:
    """Read what somebody's clock says from the Date of an answer; ours, where that says nothing. Seconds."""
    moment = _moment(date)
    return time.time() if moment is None else moment


def by_our_clock(moment: float, date: str) -> float:
    """Say when by our clock it is what somebody whose answer has this Date calls `moment`; seconds apart are none."""
    ahead = clock(date) - time.time()
    return moment if abs(ahead) < TOGETHER else moment - ahead


def read_pause(header: str, date: str = "") -> float | None:
    """Read a Retry-After, seconds or a date; None where it says neither. Whoever waits bounds it to an hour.

    Args:
        date: the Date of the same answer, by which a date is read: one of two clocks may be wrong.
    """
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until = _moment(text)
    return None if until is None else max(0.0, until - clock(date))


def _moment(text: str) -> float | None:
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (IndexError, OverflowError, TypeError, ValueError):
        return None
