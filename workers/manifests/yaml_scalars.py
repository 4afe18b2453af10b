"""Plain words of YAML as kubectl reads them: YAML 1.1 with Go's numbers, kept true by vectors of kubectl's answers.

What looks like a number, and is none that Go can hold, is text there too: `1e999`, or a phone number of 400 digits.
"""

import base64
import binascii
import math
import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml.nodes import Node, ScalarNode

from pushboat.model.wording import printable
from workers.manifests.go_numbers import as_sent, fits_unsigned_only, float32_text, number

PLAIN = "plain"
"""The tag of a scalar that has none and is not quoted: what it means, its letters say."""
_PREFIX = "tag:yaml.org,2002:"
QUOTED = f"{_PREFIX}str"
_NO_NUMBER = "this is not a number that JSON knows: quote it"
"""The value itself is not repeated: it may be a secret's."""
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **{sign + word: math.inf for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_OF_NUMBERS = frozenset("+-.0123456789")
_TIMESTAMP = re.compile(
    r"\d{4}-(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])"
    r"([Tt]\d{1,2}:\d{1,2}:\d{1,2}(\.\d{1,9})?(Z|[-+]\d{2}:\d{2})| \d{1,2}:\d{1,2}:\d{1,2}(\.\d{1,9})?)?"
)
_LINE_ENDS = str.maketrans("", "", "\r\n")


class NotASupportedValue(Exception):
    """The word is YAML, but not a value that JSON or Kubernetes knows."""


class Resolving(yaml.CSafeLoader):
    """The C parser, which leaves what a plain word means to us."""

    def resolve(self, kind: Any, _value: Any, implicit: Any) -> str:
        """Give what has no tag one."""
        return untagged(kind, implicit)


def untagged(kind: Any, implicit: tuple[bool, bool] = (True, False)) -> str:
    """Give the tag of a node that has none; plain words are told from quoted ones."""
    if kind is ScalarNode:
        return PLAIN if implicit[0] else QUOTED
    return "tag:yaml.org,2002:map" if kind is yaml.MappingNode else "tag:yaml.org,2002:seq"


def scalar(node: Node) -> Any:
    """Turn a scalar node into JSON data.

    Raises:
        NotASupportedValue: the tag is not one of JSON's kinds, or the number is none.
    """
    value = _read(node)
    if type(value) is str or value is None or type(value) is bool:
        return value
    if not math.isfinite(value):
        raise NotASupportedValue(_NO_NUMBER)
    return as_sent(value)


def is_null(node: Node) -> bool:
    """Say whether a node stands for nothing."""
    return isinstance(node, ScalarNode) and node.tag in (PLAIN, f"{_PREFIX}null") and _read(node) is None


def is_merge(node: Node) -> bool:
    """Say whether a mapping's key is the one that merges others into it."""
    return node.value == "<<" and node.tag in (PLAIN, f"{_PREFIX}merge")


def not_supported(tag: str) -> str:
    """Say that a tag is not one of ours, as the author wrote it."""
    return f"the tag {printable(tag.replace(_PREFIX, '!!', 1))} is not supported: write plain YAML"


def key(node: ScalarNode) -> str:
    """Turn a mapping's key into text, as JSON needs it: `on:` is the key "true", as for kubectl.

    Raises:
        NotASupportedValue: the key is empty or null.
    """
    value = _read(node)
    if value is None:
        raise NotASupportedValue("a mapping's key must not be empty or null: quote it")
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if fits_unsigned_only(value):
        raise NotASupportedValue("this key is a number too large for 64 bits: quote it")
    return str(value) if isinstance(value, int) else float32_text(value)


def _read(node: Node) -> Any:
    """Give a scalar as Go holds it: whole numbers and fractions apart, infinity too."""
    tag, text = node.tag, node.value
    if tag == PLAIN:
        return _plain(text)
    if tag == QUOTED:
        return text
    kind = tag.removeprefix(_PREFIX)
    if kind not in _TAGGED:
        raise NotASupportedValue(not_supported(tag))
    return _TAGGED[kind](text)


def _plain(text: str) -> Any:
    first = text[:1]
    if first in _OF_NUMBERS:
        value = _WORDS[text] if text in _WORDS else number(text)
        return text if value is None else value
    return _WORDS.get(text, text)


def _only(*types: type) -> Callable[[str], Any]:
    """Read what a tag demands, as a plain word would be read."""

    def read(text: str) -> Any:
        value = _plain(text)
        if type(value) not in types:
            wanted = "true or false" if bool in types else "nothing" if types == (type(None),) else "a number"
            raise NotASupportedValue(f"its tag demands {wanted}, and this is something else: write plain YAML")
        return value

    return read


def _float(text: str) -> float:
    value = _only(int, float)(text)
    if fits_unsigned_only(value):
        raise NotASupportedValue(_NO_NUMBER)
    return float(value)


def _binary(text: str) -> str:
    try:
        return base64.b64decode(text.translate(_LINE_ENDS), validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise NotASupportedValue("this is !!binary, but not base64 of UTF-8 text") from error


def _timestamp(text: str) -> str:
    if not _TIMESTAMP.fullmatch(text):
        raise NotASupportedValue("this is !!timestamp, but no time: write it as text")
    return text


_TAGGED: dict[str, Callable[[str], Any]] = {
    "null": _only(type(None)),
    "bool": _only(bool),
    "int": _only(int),
    "float": _float,
    "timestamp": _timestamp,
    "merge": str,
    "binary": _binary,
}
