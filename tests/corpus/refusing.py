"""The shapes that a case's values may have, and the word for a case that nobody can play."""

import re
from collections.abc import Mapping
from typing import Any


class NotUnderstood(Exception):
    """A case says what the format does not have; the message names the place."""


def known(data: Mapping[str, Any], place: str, *keys: str) -> None:
    """Refuse any key but these."""
    for key in data:
        if key not in keys:
            raise NotUnderstood(f"{place}: {key!r} is not a key here; there are {', '.join(keys)}")


def a_mapping(value: Any, place: str) -> Mapping[str, Any]:
    """Take a mapping."""
    if not isinstance(value, dict):
        raise NotUnderstood(f"{place}: a mapping is wanted, not {value!r}")
    return value


def a_text(value: Any, place: str) -> str:
    """Take a text that says something."""
    if not isinstance(value, str) or not value:
        raise NotUnderstood(f"{place}: a text is wanted, not {value!r}")
    return value


def texts(value: Any, place: str) -> tuple[str, ...]:
    """Take a list of texts."""
    if not isinstance(value, list) or not value:
        raise NotUnderstood(f"{place}: a list of texts is wanted, not {value!r}")
    return tuple(a_text(each, place) for each in value)


def a_duration(value: Any, place: str) -> float:
    """Take a time such as 30s or 0.3s, and give its seconds."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(value))
    if not found:
        raise NotUnderstood(f"{place}: a time such as 30s is wanted, not {value!r}")
    return float(found[1])
