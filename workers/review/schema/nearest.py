"""The name that somebody meant, among those that there are."""

from collections.abc import Iterable
from difflib import get_close_matches

_LIKE_ENOUGH = 0.7
_LONGEST = 100
"""Characters; comparing takes quadratic time, and no field's name is that long."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Find the name that is most like another one; the same letters in another case come first."""
    names = [each for each in known if len(each) <= _LONGEST]
    if len(name) > _LONGEST:
        return ""
    if same := almost(name, names):
        return same
    close = get_close_matches(name, names, n=1, cutoff=_LIKE_ENOUGH)
    return close[0] if close else ""


def almost(name: str, known: Iterable[str]) -> str:
    """Find the name that has the same letters in another case, or is its plural or singular."""
    lower = name.lower()
    for each in known:
        if each.lower() == lower or each.lower() in (f"{lower}s", lower.removesuffix("s")):
            return each
    return ""
