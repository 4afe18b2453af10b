"""How Kubernetes writes amounts: `500m`, `1Gi`, `1e3`; and what its admission asks of them and of lists, as functions.

https://kubernetes.io/docs/reference/using-api/cel/ documents those functions. Amounts are floating point here: exact
where people compare them, up to eight pebibytes.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

_WRITTEN = re.compile(r"([+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40}))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?")
_SMALL = {"n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000)}
_LARGE = {letter: Fraction(1000**power) for power, letter in enumerate("kMGTPE", 1)}
_BINARY = {f"{letter}i": Fraction(1024**power) for power, letter in enumerate("KMGTPE", 1)}
_SUFFIXES: Mapping[str, Fraction] = {**_SMALL, **_LARGE, **_BINARY}


def quantity(written: str) -> float:
    """Read an amount.

    Raises:
        ValueError: it is none.
    """
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError("is no quantity")
    number, suffix, power = found.groups()
    scale = _SUFFIXES[suffix] if suffix else Fraction(10) ** int(power or 0)
    return float(Fraction(number.rstrip(".")) * scale)


def is_quantity(written: str) -> bool:
    """Say whether this is an amount."""
    return _WRITTEN.fullmatch(written) is not None


def _compared(one: float, other: float) -> int:
    return (one > other) - (one < other)


def _is_ip(written: str) -> bool:
    try:
        return "%" not in written and bool(ipaddress.ip_address(written))
    except ValueError:
        return False


def _is_sorted(items: Sequence[Any]) -> bool:
    return list(items) == sorted(items)


TEXT, NUMBER, WHOLE, TRUTH, LIST, ANYTHING = "text", "number", "whole", "truth", "list", "anything"
Row = tuple[str, tuple[str, ...], str, bool, Callable[..., Any]]
FUNCTIONS: tuple[Row, ...] = (
    ("quantity", (TEXT,), NUMBER, False, quantity),
    ("isQuantity", (TEXT,), TRUTH, False, is_quantity),
    ("isGreaterThan", (NUMBER, NUMBER), TRUTH, True, lambda one, other: one > other),
    ("isLessThan", (NUMBER, NUMBER), TRUTH, True, lambda one, other: one < other),
    ("compareTo", (NUMBER, NUMBER), WHOLE, True, _compared),
    ("asApproximateFloat", (NUMBER,), NUMBER, True, lambda one: one),
    ("isInteger", (NUMBER,), TRUTH, True, lambda one: one.is_integer()),
    ("asInteger", (NUMBER,), WHOLE, True, int),
    ("sign", (NUMBER,), WHOLE, True, lambda one: _compared(one, 0)),
    ("add", (NUMBER, NUMBER), NUMBER, True, lambda one, other: one + other),
    ("sub", (NUMBER, NUMBER), NUMBER, True, lambda one, other: one - other),
    ("isIP", (TEXT,), TRUTH, False, _is_ip),
    ("isSorted", (LIST,), TRUTH, True, _is_sorted),
    ("sum", (LIST,), ANYTHING, True, sum),
    ("min", (LIST,), ANYTHING, True, min),
    ("max", (LIST,), ANYTHING, True, max),
)
"""By name: what each takes and gives, whether it is asked of its first value, and itself."""
