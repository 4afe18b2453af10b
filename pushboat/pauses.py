"""How long somebody outside may ask us to stay away."""

LONGEST_PAUSE = 3600.0
"""Seconds. Whoever asks us to stay away for longer (a broken clock, a header made up) is asked again after an hour."""


def bounded_pause(seconds: float) -> float:
    """Bring a wish for a pause between zero and an hour; what is no number at all is no wish."""
    return min(seconds, LONGEST_PAUSE) if seconds > 0 else 0.0
