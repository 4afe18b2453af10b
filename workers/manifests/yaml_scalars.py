"""Plain words of YAML as kubectl reads them: YAML 1.1 with Go's numbers, kept true by a vector of kubectl's answers."""

import base64
import binascii
import math
import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml.nodes import Node, ScalarNode

from pushboat.model.wording import printable

_PREFIX = "tag:yaml.org,2002:"
_GO_PRINTS_EXPONENTS_FROM = 1e21
_LONGEST_NUMBER = 400
"""Digits; a longer one is no number of Go's, and Python's conversion takes quadratic time."""


class NotASupportedValue(Exception):
    """The word is YAML, but not a value that JSON or Kubernetes knows."""


class Resolving(yaml.CSafeLoader):
    """The C parser with kubectl's idea of what a plain word is."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (PyYAML's own attribute, filled below)


def _resolve(kind: str, pattern: str, first: list[str]) -> None:
    Resolving.add_implicit_resolver(_PREFIX + kind, re.compile(pattern), first)


_resolve(
    "bool",
    r"^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$",
    list("yYnNtTfFoO"),
)
_resolve(  # before float
    "int", r"^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$", list("-+0123456789")
)
_resolve(
    "float",
    r"^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"
    r"|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$",
    list("-+0123456789."),
)
_resolve("merge", r"^<<$", ["<"])
_resolve("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""])


def scalar(node: Node) -> Any:
    """Turn a scalar node into JSON data.

    Raises:
        NotASupportedValue: the tag is not one of JSON's kinds, or the number is none.
    """
    kind = node.tag.removeprefix(_PREFIX)
    if kind not in _READERS:
        raise NotASupportedValue(not_supported(node.tag))
    try:
        return _READERS[kind](str(node.value))
    except (ValueError, OverflowError, binascii.Error) as error:
        what = (
            "!!binary, but not base64 of UTF-8 text" if kind == "binary" else "not a number that JSON knows: quote it"
        )
        raise NotASupportedValue(f"this is {what}") from error  # the value itself may be a secret's


def not_supported(tag: str) -> str:
    """Say that a tag is not one of ours, as the author wrote it."""
    return f"the tag {printable(tag.replace(_PREFIX, '!!', 1))} is not supported: write plain YAML"


def key(node: ScalarNode) -> str:
    """Turn a mapping's key into text, as JSON needs it: `on:` is the key "true", as for kubectl.

    Raises:
        NotASupportedValue: the key is empty or null.
    """
    value = scalar(node)
    if value is None:
        raise NotASupportedValue("a mapping's key must not be empty or null: quote it")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def integer(text: str) -> int:
    """Read a whole number in any of Go's notations.

    Raises:
        ValueError: it is too long for any number.
    """
    plain = text.replace("_", "").lower()
    if len(plain) > _LONGEST_NUMBER:
        raise ValueError("a value is not a number that JSON knows: quote it")
    sign = -1 if plain.startswith("-") else 1
    digits = plain.lstrip("+-")
    if digits.startswith(("0x", "0b", "0o")):
        number = sign * int(digits, 0)
    elif len(digits) > 1 and digits.startswith("0") and not set(digits) & {"8", "9"}:
        number = sign * int(digits, 8)
    else:
        number = sign * int(digits)
    float(number)  # what no double can hold is no number in JSON
    return number


def _float(text: str) -> int | float:
    number = _finite(float(text.replace("_", "")))
    return int(number) if number.is_integer() and abs(number) < _GO_PRINTS_EXPONENTS_FROM else number


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(number)
    return number


def _binary(text: str) -> str:
    return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")


_READERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "null": lambda _: None,
    "bool": lambda text: text.lower() in ("y", "yes", "true", "on"),
    "int": integer,
    "float": _float,
    "timestamp": str,
    "merge": str,
    "binary": _binary,
}
