"""The parts of a schema, each of the type that it must have, or none: an aggregated server may publish anything."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def inner(schema: Any, key: str) -> Schema:
    """Give a mapping."""
    found = schema.get(key) if isinstance(schema, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def several(schema: Schema, key: str) -> tuple[Any, ...]:
    """Give a list."""
    found = schema.get(key)
    return tuple(found) if isinstance(found, list) else ()


def names(schema: Schema, key: str) -> tuple[str, ...]:
    """Give a list of words."""
    return tuple(each for each in several(schema, key) if isinstance(each, str))


def word(schema: Schema, key: str) -> str:
    """Give a word."""
    found = schema.get(key)
    return found if isinstance(found, str) else ""


def number(schema: Schema, key: str) -> int | float | None:
    """Give a number."""
    found = schema.get(key)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None
