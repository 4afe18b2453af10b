"""Reads a number out of what somebody else wrote: digits of other scripts, and a thousand of them, are none to us."""

LONGEST = 18
"""Digits of what 64 bits always hold."""


def whole(text: str) -> int | None:
    """Read a whole number of ASCII digits; None for all else. (`"²".isdigit()` is true, and `int` refuses it.)"""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None
