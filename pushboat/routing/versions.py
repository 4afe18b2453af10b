"""Which of two tags names the newer version, where neither commit contains the other; pure.

As Semantic Versioning orders them (https://semver.org, 11), and numbers in any other scheme part by part: v1.9 is older
than v1.10, 2024-05 than 2024-11. Tags of two schemes cannot be compared.
"""

import re

_DOTTED = re.compile(r"(?P<scheme>\D*)(?P<numbers>\d+(?:\.\d+)*)(?:[-_.]?(?P<early>[^+]*))?(?:\+.*)?", re.ASCII)
_DASHED = re.compile(r"(?P<scheme>\D*)(?P<numbers>\d+(?:[-_]\d+)+)", re.ASCII)
_LONGEST_NUMBER = 18
"""Digits; more are no version, and Python would take its time."""

Rank = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


def is_older(tag: str, other: str) -> bool:
    """Say whether a tag's version is older than another's; no where that cannot be said."""
    one, two = _read(tag), _read(other)
    if one is None or two is None or one[0] != two[0]:
        return False
    return one[1] < two[1]


def _read(tag: str) -> tuple[str, Rank] | None:
    """Read a tag as its scheme and its rank in it: numbers, whether it is a release, what comes before one."""
    dashed = _DASHED.fullmatch(tag)
    found = dashed or _DOTTED.fullmatch(tag)
    if found is None:
        return None
    numbers = re.findall(r"\d+", found["numbers"], re.ASCII)
    early = "" if dashed else (found["early"] or "")
    if any(len(number) > _LONGEST_NUMBER for number in numbers):
        return None
    ranked = tuple(int(number) for number in numbers)
    while len(ranked) > 1 and ranked[-1] == 0:  # 1.2 is 1.2.0
        ranked = ranked[:-1]
    return found["scheme"].casefold(), (ranked, not early, tuple(_part(part) for part in _parts(early)))


def _parts(early: str) -> list[str]:
    """Split what follows the numbers: rc.1, rc1 and rc-1 are all the first candidate."""
    return re.findall(r"\d+|[^\d.\-_]+", early, re.ASCII)


def _part(part: str) -> tuple[bool, int, str]:
    """Rank one identifier: numbers before words, as numbers."""
    number = part.isascii() and part.isdigit() and len(part) <= _LONGEST_NUMBER
    return (not number, int(part) if number else 0, "" if number else part)
