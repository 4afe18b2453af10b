"""Numbers as Go reads them from words and writes them as JSON, on the way that a manifest takes through kubectl."""

import math
import re
import struct
from decimal import Decimal

_WHOLE = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_BASES = (16, 2, 8, 10)
_SIGN_BEHIND_PREFIX = re.compile(r"0b([-+])([01]+)")
"""Go's own slip: it tries once more without the prefix, and then the sign counts."""
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BARE_FRACTION = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
"""Here underscores stand between digits only."""
_SMALLEST, _LARGEST, _LARGEST_UNSIGNED = -(1 << 63), (1 << 63) - 1, (1 << 64) - 1
_LONGEST_DECIMAL = 20
"""Digits in 64 bits; Python takes quadratic time for long ones, of this base alone."""
_EXPONENTS_FROM = 1e21
_LARGEST_FLOAT32 = 3.4028235677973366e38
"""From here on, rounding to 32 bits gives infinity."""
_DIGITS_OF_A_KEY = 6
"""A key from 1e6 on is written with its exponent."""


def number(word: str) -> int | float | None:
    """Read a word that begins with a digit, a sign or a point; nothing where it is text after all."""
    plain = word.replace("_", "")
    if word.startswith("."):
        return _finite(plain) if _BARE_FRACTION.fullmatch(word) else None
    if (whole := _whole(plain)) is not None:
        return whole
    return _finite(plain) if _FRACTION.fullmatch(plain) else None


def as_sent(value: float) -> int | float:
    """Give a number as it stands in JSON once it went through Go: whole ones without a point, in 64 bits or rounded."""
    if isinstance(value, int):
        return value if _SMALLEST <= value <= _LARGEST else as_sent(float(value))
    return int(value) if value.is_integer() and abs(value) < _EXPONENTS_FROM else value


def fits_unsigned_only(value: float) -> bool:
    """Tell the whole numbers that Go keeps apart from all others."""
    return isinstance(value, int) and value > _LARGEST


def float32_text(value: float) -> str:
    """Write a fraction as the key that Go makes of it: the shortest that is the same number in 32 bits."""
    if math.isnan(value):
        return ".nan"
    if abs(value) >= _LARGEST_FLOAT32:
        return ".inf" if value > 0 else "-.inf"
    rounded = _float32(value)
    written = next(text for digits in range(9) if _float32(float(text := f"{rounded:.{digits}e}")) == rounded)
    mantissa, _, exponent = written.partition("e")
    return f"{mantissa}e{int(exponent):+03}" if not -4 <= int(exponent) < _DIGITS_OF_A_KEY else f"{Decimal(written):f}"


def _whole(plain: str) -> int | None:
    found = _WHOLE.fullmatch(plain)
    if found is None:
        behind = _SIGN_BEHIND_PREFIX.fullmatch(plain)
        return _in_64_bits(int(behind[1] + behind[2], 2), unsigned=False) if behind else None
    sign, *digits = found.groups()
    if digits[-1] and len(digits[-1]) > _LONGEST_DECIMAL:
        return None
    value = next(int(text, base) for text, base in zip(digits, _BASES, strict=True) if text)
    return _in_64_bits(-value if sign == "-" else value, unsigned=not sign)


def _in_64_bits(value: int, *, unsigned: bool) -> int | None:
    return value if _SMALLEST <= value <= (_LARGEST_UNSIGNED if unsigned else _LARGEST) else None


def _finite(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None


def _float32(value: float) -> float:
    return float(struct.unpack("f", struct.pack("f", value))[0])
