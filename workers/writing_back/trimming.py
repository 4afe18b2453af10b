"""A live value without what the API server filled in: only what is needed so that the same comes of it again."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from pushboat.model.manifest import Path
from workers.writing_back.steps import at

MOST_FIELDS = 200
"""Of one value; what is larger is not tried field by field."""


def trimmed(value: Any, suffices: Callable[[Any], bool]) -> Any:
    """Leave out each field of a value without which it `suffices` still, which the cluster knows.

    Many are tried at once, and one by one only where that is too many.
    """
    fields = [*_fields(value, ())]
    if not fields or len(fields) > MOST_FIELDS:
        return value
    return _tried(value, fields, suffices)


def _tried(value: Any, fields: list[Path], suffices: Callable[[Any], bool]) -> Any:
    less = value
    for path in fields:  # from the last one on, so that the numbers of items stay
        less = _without(less, path)
    if suffices(less):
        return less
    if len(fields) == 1:
        return value
    half = len(fields) // 2
    value = _tried(value, fields[:half], suffices)
    return _tried(value, fields[half:], suffices)


def _fields(value: Any, path: Path) -> Iterator[Path]:
    """List the fields of mappings in a value, what is below a field before the field itself."""
    if isinstance(value, dict):
        for name in value:
            yield from _fields(value[name], (*path, name))
            yield (*path, name)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _fields(item, (*path, number))


def _without(value: Any, path: Path) -> Any:
    copied = deepcopy(value)
    *way, last = path
    holder = at(copied, tuple(way))
    holder.pop(last, None)
    return copied
