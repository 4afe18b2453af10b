"""What a schema says about a value beyond its shape, as small functions that answer in words.

Nothing here prints the value: it may be a secret's.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pushboat.model.wording import counted, printable
from workers.review.schema.parts import number, several, word
from workers.review.schema.patterns import breaks
from workers.review.schema.words import Judge, Shape

_MOST_NAMED = 12
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_QUANTITY = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?\s*", re.ASCII)


def judges(schema: Mapping[str, Any], shape: Shape, *, of_a_crd: bool) -> tuple[Judge, ...]:
    """Make the judges of one schema; a built-in kind's words on values are few and not all meant."""
    return tuple(_of_a_crd(schema, shape) if of_a_crd else _of_a_built_in(schema, shape))


def _of_a_built_in(schema: Mapping[str, Any], shape: Shape) -> Iterator[Judge]:
    if shape is Shape.QUANTITY:
        yield _quantity
    if shape is Shape.WHOLE_OR_TEXT:
        yield _within(32)
    yield from _formats(schema, shape)


def _of_a_crd(schema: Mapping[str, Any], shape: Shape) -> Iterator[Judge]:
    if allowed := several(schema, "enum"):
        yield one_of(allowed)
    if shape in (Shape.INTEGER, Shape.NUMBER):
        yield from _bounds(schema)
    if shape in (Shape.INTEGER, Shape.WHOLE_OR_TEXT):
        yield _within(32 if schema.get("format") == "int32" else 64)
    if shape in (Shape.TEXT, Shape.WHOLE_OR_TEXT) and (pattern := word(schema, "pattern")):
        yield _like(pattern)
    yield from _formats(schema, shape)
    for noun, name in (("character", "Length"), ("item", "Items"), ("field", "Properties")):
        if shape is {"Length": Shape.TEXT, "Items": Shape.LIST, "Properties": Shape.OBJECT}[name]:
            yield from _sizes(number(schema, f"min{name}"), number(schema, f"max{name}"), noun)


def _formats(schema: Mapping[str, Any], shape: Shape) -> Iterator[Judge]:
    if shape is Shape.TEXT and (form := word(schema, "format")) in _FORMATS:
        yield _FORMATS[form]


def one_of(allowed: tuple[Any, ...]) -> Judge:
    """Make the judge of a list of values."""
    named = ", ".join(printable(str(each)) for each in allowed[:_MOST_NAMED] if each != "")
    more = f" … ({len(allowed)} in all)" if len(allowed) > _MOST_NAMED else ""

    def judge(value: Any) -> str:
        return "" if value in allowed else f"must be one of {named}{more}"

    return judge


def _within(bits: int) -> Judge:
    most = 2 ** (bits - 1)
    return lambda value: "" if isinstance(value, str) or -most <= value < most else f"must fit into {bits} bits"


def _bounds(schema: Mapping[str, Any]) -> Iterator[Judge]:
    least, most = number(schema, "minimum"), number(schema, "maximum")
    if least is not None and schema.get("exclusiveMinimum") is True:
        yield lambda value: "" if value > least else f"must be more than {least}"
    elif least is not None:
        yield lambda value: "" if value >= least else f"must be at least {least}"
    if most is not None and schema.get("exclusiveMaximum") is True:
        yield lambda value: "" if value < most else f"must be less than {most}"
    elif most is not None:
        yield lambda value: "" if value <= most else f"must be at most {most}"


def _sizes(least: float | None, most: float | None, noun: str) -> Iterator[Judge]:
    if least:
        yield lambda value: "" if len(value) >= least else f"must have at least {counted(int(least), noun)}"
    if most is not None:
        yield lambda value: "" if len(value) <= most else f"must have at most {counted(int(most), noun)}"


def _like(pattern: str) -> Judge:
    def judge(value: Any) -> str:
        return f"must match {printable(pattern)}" if isinstance(value, str) and breaks(pattern, value) else ""

    return judge


def _base64(value: str) -> str:
    try:
        base64.b64decode(value.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return "must be base64: encode it"
    return ""


def _quantity(value: Any) -> str:
    if not isinstance(value, str) or _QUANTITY.fullmatch(value):
        return ""
    return "must be a quantity: a number with a unit such as m, k, M, G, Ki, Mi or Gi"


def _time(value: str) -> str:
    return "" if _DATE.match(value) else "must be a date and time such as 2024-05-17T08:30:00Z"


_FORMATS: Mapping[str, Judge] = {"byte": _base64, "date-time": _time}
