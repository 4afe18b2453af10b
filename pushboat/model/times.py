"""How moments and lengths of time are said: the same at the terminal, on the pages and in replies."""

from datetime import UTC, datetime

JUST_NOW = 5
"""Seconds: what is younger happened just now."""

_STEPS = ((60, 1, "s"), (3600, 60, "min"), (172_800, 3600, "h"), (float("inf"), 86_400, "days"))
"""Below so many seconds, in units of so many, called so; dashboard/static/live.js goes on counting with the same."""


def clock(seconds: float) -> str:
    """Say a moment to people of every time zone."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def day(seconds: float) -> str:
    """Say on which day a moment is, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def exact(seconds: float) -> str:
    """Say a moment to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def ago(seconds: float, now: float) -> str:
    """Say how long ago a moment was."""
    passed = now - seconds
    return "just now" if passed < JUST_NOW else f"{_in_one_unit(passed)} ago"


def lasted(seconds: float) -> str:
    """Say how long something took."""
    if seconds < 10:
        return f"{max(0.0, seconds):.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return _in_one_unit(seconds)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def _in_one_unit(seconds: float) -> str:
    unit, word = next((unit, word) for below, unit, word in _STEPS if seconds < below)
    return f"{seconds // unit:.0f} {word}"
