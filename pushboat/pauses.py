"""How long somebody outside may ask us to stay away."""

import time
from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST_PAUSE = 3600.0
"""Seconds. Whoever asks us to stay away for longer (a broken clock, a header made up) is asked again after an hour."""


def bounded_pause(seconds: float) -> float:
    """Bring a wish for a pause between zero and an hour; what is no number at all is no wish."""
    return min(seconds, LONGEST_PAUSE) if seconds > 0 else 0.0


def read_pause(header: str) -> float | None:
    """Read a Retry-After, seconds or a date; None where it says neither. Whoever waits bounds it to an hour."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
        return max(0.0, (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - time.time())
    except (IndexError, OverflowError, TypeError, ValueError):
        return None
