"""Bounds of a number as people write them: 0.01, 250, 99.5%."""

import re

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?")
_PERCENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?%")


def bound(written: object) -> float | str:
    """Accept a number, or a percentage, which stays as it is written.

    Raises:
        ValueError: a sentence that says how to write it.
    """
    if isinstance(written, int) and not isinstance(written, bool):
        return float(written)
    if isinstance(written, str) and _PERCENT.fullmatch(written):
        return written
    if isinstance(written, str) and _NUMBER.fullmatch(written):
        return float(written)
    raise ValueError("must be a number such as 0.01, or a percentage such as 110%")


def percent(written: object) -> float:
    """Turn a written percentage into a share: 10% is 0.1.

    Raises:
        ValueError: a sentence that says how to write it.
    """
    found = _PERCENT.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise ValueError("must be a percentage such as 10%")
    return float(found[1]) / 100
