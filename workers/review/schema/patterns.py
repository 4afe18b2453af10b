"""Regular expressions of schemas, of which only those are tried here that end soon whatever text they meet.

Kubernetes matches in linear time, Python does not: a pattern of somebody's CRD could keep a worker for ever. So what is
not plainly harmless (repetition within repetition, choices within repetition, more than a few open ends), and what the
two read apart, is left to the API server.
"""

import re
from functools import lru_cache

LONGEST_TEXT = 1000
"""Characters; the few open ends that are let through make the time grow with the square of this."""
_LONGEST_PATTERN = 300
_MOST_OPEN_ENDS = 2
_MOST_MAYBES = 4
_TOKEN = re.compile(
    r"\\[dDwWsS]|\\[^A-Za-z0-9]"  # classes, and signs that stand for themselves
    r"|\[\^?\]?(?:\\[dDwWsS]|\\[^A-Za-z0-9]|[^\]\\\[])*\]"
    r"|\((?:\?:)?|\)|\||[*+?]\??|\{\d+(?:,\d*)?\}|[^\\()\[\]{}*+?|]"
)
_OPEN_END = re.compile(r"[*+]|\{\d+,\}")


def breaks(pattern: str, text: str) -> bool:
    """Say whether a text certainly does not match a pattern, anywhere in it."""
    if len(text) > LONGEST_TEXT:
        return False
    expression = _harmless(pattern)
    return expression is not None and expression.search(text) is None


@lru_cache(maxsize=1024)
def _harmless(pattern: str) -> re.Pattern[str] | None:
    tokens = _tokens(pattern) if len(pattern) <= _LONGEST_PATTERN else None
    if tokens is None or not _ends_soon(tokens):
        return None
    try:
        return re.compile(pattern, re.ASCII)
    except (re.error, OverflowError):
        return None


def _tokens(pattern: str) -> list[str] | None:
    found, end = [], 0
    while end < len(pattern):
        token = _TOKEN.match(pattern, end)
        if token is None:
            return None
        found.append(token[0])
        end = token.end()
    return found


def _ends_soon(signs: list[str]) -> bool:
    """Let no group be repeated that itself holds a choice or a repetition, and only a few repetitions in all."""
    open_ends = sum(bool(_OPEN_END.match(sign)) for sign in signs)
    maybes = sum(sign.startswith("?") for sign in signs)
    if open_ends > _MOST_OPEN_ENDS or maybes > _MOST_MAYBES:
        return False
    holds: list[bool] = [False]
    before = False
    for sign in signs:
        if sign.startswith("("):
            holds.append(False)
        elif sign == ")":
            if len(holds) == 1:
                return False
            before = holds.pop()
            holds[-1] = holds[-1] or before
            continue
        elif sign == "|" or sign[0] in "*+?{":
            if before and not sign.startswith("?"):
                return False
            holds[-1] = holds[-1] or not sign.startswith("{") or "," in sign or before
        before = False
    return len(holds) == 1
