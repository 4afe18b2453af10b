"""What the newest definition of a kind says of an object that an API server refused; pure.

An API server goes by a changed definition a moment later: its handler follows a watch, and where there are several API
servers each follows by itself (`customresource_handler.go` of Kubernetes). Until then it refuses what is right, in the
words in which it refuses what is wrong. Only the definition can tell them apart.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import Any

from workers.cluster.client.refusals import Answered, Cause
from workers.cluster.objects import Object
from workers.cluster.paths import steps_of, values

Schema = Mapping[str, Any]
Steps = Sequence[tuple[str, bool]]
_OPEN, _EMBEDDED = "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"
_ANYTHING: Schema = {_OPEN: True}
_OF_EVERY_OBJECT = ("apiVersion", "kind", "metadata")
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
            yield _word(any(True for _ in _found(schema, steps_of(each.removeprefix(_UNKNOWN)))))
    for field in _UNFIT.findall(refused.whole):
        yield _of_value(schema, body, field, _fits)
    for cause in refused.causes:
        if _NOT_ALL_LOOKED_AT not in cause.message:
            yield _of_cause(cause, body, schema)


def _of_cause(cause: Cause, body: Object, schema: Schema) -> Word:
    if cause.reason == _MISSING and cause.message == "Required value":  # a rule in CEL says more
        *parent, (name, _) = steps_of(cause.field)
        return _word(not any(name in each.get("required", ()) for each in _found(schema, parent)))
    if cause.reason == _NOT_AMONG:
        return _of_value(schema, body, cause.field, _is_among)
    if cause.reason == _OF_ANOTHER_TYPE:
        return _of_value(schema, body, cause.field, _fits)
    return Word.LEAVES_OPEN


def _of_value(schema: Schema, body: Object, field: str, judge: Any) -> Word:
    """Judge the value of a field; nothing is said of one that is not found, or that is null."""
    value = next(values(body, field.lstrip(".")), None)
    rule = next(_found(schema, steps_of(field)), None)
    if value is None or rule is None:
        return Word.LEAVES_OPEN
    return _word(judge(rule, value))


def _fits(schema: Schema, value: Any) -> bool:
    if schema.get("x-kubernetes-int-or-string"):
        return isinstance(value, int | str)
    wanted = _TYPES.get(str(schema.get("type")), object)
    return isinstance(value, wanted) and (isinstance(value, bool) <= (wanted in (bool, object)))


def _is_among(schema: Schema, value: Any) -> bool:
    return "enum" not in schema or value in schema["enum"]


def _word(takes: bool) -> Word:  # noqa: FBT001  # it is what is said
    return Word.TAKES if takes else Word.REFUSES


def _found(schema: Schema, steps: Steps) -> Iterator[Schema]:
    """Find what a schema says of a field; a key of a map may have dots, so each way to read it is tried."""
    if not steps:
        yield schema
        return
    (step, bracketed), *rest = steps
    properties, items, others = (schema.get(each) or {} for each in ("properties", "items", "additionalProperties"))
    if isinstance(properties, Mapping) and step in properties:
        yield from _found(properties[step], rest)
    elif schema.get(_OPEN) or others is True or (schema.get(_EMBEDDED) and step in _OF_EVERY_OBJECT):
        yield _ANYTHING
    elif bracketed and isinstance(items, Mapping) and items:
        yield from _found(items, rest)
    elif isinstance(others, Mapping) and others:
        for more in range(len(rest) + 1):
            yield from _found(others, rest[more:])
