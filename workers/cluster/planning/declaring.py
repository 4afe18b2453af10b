"""What the newest definition of a kind says of an object that an API server refused; pure.

An API server goes by a changed definition a moment later: its handler follows a watch, and where there are several API
servers each follows by itself (`customresource_handler.go` of Kubernetes). Until then it refuses what is right, in the
words in which it refuses what is wrong. Only the definition can tell them apart.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any

from workers.cluster.client.refusals import Answered, Cause
from workers.cluster.objects import Object
from workers.cluster.paths import steps_of

Schema = Mapping[str, Any]
Steps = Sequence[tuple[str, bool]]
_OPEN, _EMBEDDED = "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"
_ANYTHING: Schema = {_OPEN: True}
_UNTOLD: Schema = {_OPEN: True}
"""What no definition tells: the fields of the metadata of an object inside of another."""
_METADATA = "metadata"
_OF_EVERY_OBJECT = ("apiVersion", "kind", _METADATA)
_UNKNOWN = "unknown field "
"""How `refusals` begins each field of a list."""
_UNFIT = re.compile(r"(\.\S+): expected ")
_MISSING, _NOT_AMONG, _OF_ANOTHER_TYPE = "FieldValueRequired", "FieldValueNotSupported", "FieldValueTypeInvalid"
_NOT_ALL_LOOKED_AT = "some validation rules were not checked"
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": Mapping,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


_NOT_THERE = object()


@dataclass(frozen=True, slots=True)
class Place:
    """A field's schema beside its value, where that is known."""

    schema: Schema
    value: Any

    def inner(self, key: str) -> Any:
        """Give the value under a key."""
        return self.value.get(key, _NOT_THERE) if isinstance(self.value, Mapping) else _NOT_THERE

    def items(self, which: str) -> Sequence[Any]:
        """Give the item at a place; all of them where they are told apart by something else."""
        found = self.value if isinstance(self.value, list) else []
        if which.isdecimal():
            return found[int(which) : int(which) + 1]
        return found


class Word(Enum):
    """Whether a definition takes what was refused, refuses it too, or leaves that open: a rule in CEL, a pattern."""

    TAKES = auto()
    REFUSES = auto()
    LEAVES_OPEN = auto()


def word_on(refused: Answered, body: Object, schema: Schema) -> Word:
    """Say what a version's schema, as its definition has it now, says of all that was refused."""
    found = set(_words(refused, body, schema))
    if Word.REFUSES in found:
        return Word.REFUSES
    return Word.TAKES if found == {Word.TAKES} else Word.LEAVES_OPEN


def _words(refused: Answered, body: Object, schema: Schema) -> Iterator[Word]:
    for each in refused.whole.split(", "):
        if each.startswith(_UNKNOWN):
            yield _of_unknown(schema, body, each.removeprefix(_UNKNOWN))
    for field in _UNFIT.findall(refused.whole):
        yield _of_value(schema, body, field, _fits)
    for cause in refused.causes:
        if _NOT_ALL_LOOKED_AT not in cause.message:
            yield _of_cause(cause, body, schema)


def _of_unknown(schema: Schema, body: Object, field: str) -> Word:
    if field.startswith(f"{_METADATA}."):  # an API server knows those itself, and no definition opens them
        return Word.REFUSES
    found = _found(schema, body, field)
    return Word.LEAVES_OPEN if any(each.schema is _UNTOLD for each in found) else _word(bool(found))


def _of_cause(cause: Cause, body: Object, schema: Schema) -> Word:
    if cause.reason == _MISSING and cause.message == "Required value":  # a rule in CEL says more
        parent, _, name = cause.field.rpartition(".")
        found = _found(schema, body, parent)  # nothing where it came from a default, or from somebody else
        return _word(not any(name in each.schema.get("required", ()) for each in found)) if found else Word.LEAVES_OPEN
    if cause.reason == _NOT_AMONG:
        return _of_value(schema, body, cause.field, partial(_is_among, cause.message))
    if cause.reason == _OF_ANOTHER_TYPE:
        return _of_value(schema, body, cause.field, _fits)
    return Word.LEAVES_OPEN


def _of_value(schema: Schema, body: Object, field: str, judge: Callable[[Schema, Any], bool | None]) -> Word:
    """Judge the value of a field; nothing is said of one that is not found, or that is null."""
    found = [judge(each.schema, each.value) for each in _found(schema, body, field) if each.value is not _NOT_THERE]
    return Word.LEAVES_OPEN if not found or None in found else _word(all(found))


def _fits(schema: Schema, value: Any) -> bool | None:
    if value is None:
        return None
    if schema.get("x-kubernetes-int-or-string"):
        return isinstance(value, int | str)
    wanted = _TYPES.get(str(schema.get("type")), object)
    return isinstance(value, wanted) and (not isinstance(value, bool) or wanted in (bool, object))


def _is_among(words: str, schema: Schema, value: Any) -> bool | None:
    """Say nothing of another value than the refused one: the API server counts others' items of a list as well."""
    if f"value: {json.dumps(value, ensure_ascii=False)}" not in words:
        return None
    return "enum" not in schema or value in schema["enum"]


def _word(takes: bool) -> Word:  # noqa: FBT001  # it is what is said
    return Word.TAKES if takes else Word.REFUSES


def _found(schema: Schema, body: Object, field: str) -> list[Place]:
    """Find what a schema says of a field, each time with the value that stands there."""
    return list(_walked(Place(schema, body), steps_of(field)))


def _walked(at: Place, steps: Steps) -> Iterator[Place]:
    """Follow a field's steps; a key of a map may have dots, and several items of a list may be meant."""
    if not steps:
        yield at
        return
    (step, bracketed), *rest = steps
    properties, items, others = (at.schema.get(each) or {} for each in ("properties", "items", "additionalProperties"))
    if isinstance(properties, Mapping) and step in properties:
        yield from _walked(Place(properties[step], at.inner(step)), rest)
    elif at.schema.get(_EMBEDDED) and step == _METADATA and rest:
        yield Place(_UNTOLD, _NOT_THERE)
    elif at.schema.get(_OPEN) or others is True or (at.schema.get(_EMBEDDED) and step in _OF_EVERY_OBJECT):
        yield Place(_ANYTHING, _NOT_THERE)
    elif bracketed and isinstance(items, Mapping) and items:
        for item in at.items(step):
            yield from _walked(Place(items, item), rest)
    elif isinstance(others, Mapping) and others:
        names = [each for each, _ in steps]
        for key, value in at.value.items() if isinstance(at.value, Mapping) else ():
            parts = key.split(".")  # a key may be all dots: each is looked at once, however long
            if names[: len(parts)] == parts:
                yield from _walked(Place(others, value), steps[len(parts) :])
