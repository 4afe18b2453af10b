"""Regular expressions of schemas, of which only those are tried here that end soon whatever text they meet.

Kubernetes matches in linear time, Python does not: a pattern of somebody's CRD could keep a worker for ever. So what is
not plainly harmless (repetition within repetition, choices within repetition, more than a few open ends), and what the
two read apart, is left to the API server.
"""

import re
from functools import lru_cache

LONGEST_TEXT = 300
"""Characters; what is let through takes time that grows with the square of this at most."""
_LONGEST_PATTERN = 300
_MOST_MAYBES = 4
_TOKEN = re.compile(
    r"\\[dDwWsS]|\\[^A-Za-z0-9]"  # classes, and signs that stand for themselves
    r"|\[\^?\]?(?:\\[dDwWsS]|\\[^A-Za-z0-9]|[^\]\\\[])*\]"
    r"|\((?:\?:)?|\)|\||[*+?]\??|\{\d+(?:,\d*)?\}|[^\\()\[\]{}*+?|]"
)
_OPEN_END = re.compile(r"[*+]|\{\d+,")
_MEANT_FOR_SETS = re.compile(r"--|&&|~~|\|\|")
"""Within brackets; Python may read them otherwise one day, and warns."""


def breaks(pattern: str, text: str) -> bool:
    """Say whether a text certainly does not match a pattern, anywhere in it."""
    if len(text) > LONGEST_TEXT:
        return False
    expression = _harmless(pattern)
    return expression is not None and expression.search(text) is None


@lru_cache(maxsize=1024)
def _harmless(pattern: str) -> re.Pattern[str] | None:
    signs = _signs(pattern) if len(pattern) <= _LONGEST_PATTERN else None
    if signs is None or not _few_ends(signs) or not _ends_soon(signs):
        return None
    try:
        return re.compile(pattern, re.ASCII)
    except (re.error, OverflowError):
        return None


def _signs(pattern: str) -> list[str] | None:
    """Take a pattern apart; None where there is something in it that not everybody reads alike."""
    found, end = [], 0
    while end < len(pattern):
        sign = _TOKEN.match(pattern, end)
        if sign is None or (sign[0].startswith("[") and _MEANT_FOR_SETS.search(sign[0])):
            return None
        found.append(sign[0])
        end = sign.end()
    return found


def _few_ends(signs: list[str]) -> bool:
    """Allow one open end, and one more where the beginning is fixed."""
    is_anchored = signs[:1] == ["^"] and "|" not in signs
    open_ends = sum(bool(_OPEN_END.match(sign)) for sign in signs)
    maybes = sum(sign.startswith("?") for sign in signs)
    return open_ends <= 1 + is_anchored and maybes <= _MOST_MAYBES


def _ends_soon(signs: list[str]) -> bool:
    """Let no group be repeated that itself holds a choice or a repetition, and nothing be repeated twice."""
    holds: list[bool] = [False]
    before, last = False, "("
    for sign in signs:
        repeats = sign[0] in "*+?{"
        if repeats and (last[0] in "(|*+?{" or (before and not sign.startswith("?"))):
            return False
        if sign == ")" and len(holds) == 1:
            return False
        if sign.startswith("("):
            holds.append(False)
        elif sign == ")":
            before = holds.pop()
            holds[-1] = holds[-1] or before
        elif repeats or sign == "|":
            holds[-1] = True
        before, last = before and sign == ")", sign
    return len(holds) == 1
