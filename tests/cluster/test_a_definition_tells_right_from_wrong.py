"""The newest definition of a kind says of a refusal whether it stands (a field, a value, a type), or leaves it open."""

import time
from typing import Any

import pytest

from workers.cluster.client.refusals import Answered, Cause
from workers.cluster.planning.declaring import Word, word_on

TEXT: dict[str, Any] = {"type": "string"}
SPEC: dict[str, Any] = {
    "type": "object",
    "required": ["size"],
    "properties": {
        "size": {"type": "integer"},
        "port": {"x-kubernetes-int-or-string": True},
        "colour": {"type": "string", "enum": ["red"]},
        "items": {"type": "array", "items": {"type": "object", "properties": {"name": TEXT}}},
        "by": {"type": "object", "additionalProperties": {"type": "object", "properties": {"name": TEXT}}},
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        "inner": {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {"spec": {"type": "object"}}},
        "closed": {"type": "object"},
    },
}
SCHEMA = {"type": "object", "properties": {"metadata": {"type": "object"}, "spec": SPEC}}
BODY = {
    "spec": {
        "size": "3",
        "port": "http",
        "colour": "red",
        "items": [{"name": 1, "nane": "a.b"}],
        "by": {"key": {"name": "a", "nane": "b"}, "example.com/key": {"name": "a"}},
        "closed": True,
    }
}
TAKES, REFUSES, OPEN = Word.TAKES, Word.REFUSES, Word.LEAVES_OPEN


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("spec.size", TAKES),
        ("spec.sise", REFUSES),
        ("spec.items[0].name", TAKES),
        ('spec.items[name="a.b"].name', TAKES),
        ("spec.items[0].nane", REFUSES),
        ("spec.by.key.name", TAKES),
        ("spec.by.example.com/key.name", TAKES),
        ("spec.by.key.nane", REFUSES),
        ("spec.free.whatever.there.is", TAKES),
        ("spec.inner.metadata.labels", OPEN),
        ("spec.inner.metadata.lables", OPEN),
        ("spec.inner.apiVersion", TAKES),
        ("spec.inner.sspec", REFUSES),
        ("spec.closed.field", REFUSES),
        ("metadata.lables", REFUSES),
        ("spec.size, unknown field spec.sise", REFUSES),
        ("spec.size, unknown field spec.colour", TAKES),
    ],
)
def test_a_field_is_declared_or_not(field: str, word: Word) -> None:
    """An unknown field is a mistake where the newest definition does not declare it, and only there."""
    assert word_on(Answered(f"unknown field {field}", code=500), BODY, SCHEMA) is word


@pytest.mark.parametrize(
    ("field", "word"),
    [(".spec.port", TAKES), (".spec.size", REFUSES), (".spec.closed", REFUSES), (".spec.nothing", OPEN)],
)
def test_a_type_is_right_or_not(field: str, word: Word) -> None:
    """A value of a wrong type is one where the newest definition says so."""
    assert word_on(Answered(f"{field}: expected numeric, got it", code=500), BODY, SCHEMA) is word


@pytest.mark.parametrize("field", ["metadata.lables", "metadata.ownerReferences[0].nane"])
def test_a_definition_that_takes_any_field_takes_none_of_the_metadata(field: str) -> None:
    """What every object has is the API server's own, also where the rest of an object is open: a typo there stands."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    assert word_on(Answered(f"unknown field {field}", code=500), {}, schema) is REFUSES


def test_keys_of_many_dots_are_looked_through_at_once() -> None:
    """A key of a map that is all dots costs no more than its length, whoever pushed it."""
    key = "a." * 20_000 + "a"
    schema = {"type": "object", "additionalProperties": TEXT}
    began = time.process_time()
    for body, word in (({key: "b"}, TAKES), ({key: 1}, REFUSES), ({f"{key}.a": 1, "a": 1}, OPEN)):
        refused = Answered("invalid", code=422, causes=(Cause("FieldValueTypeInvalid", key, "Invalid value"),))
        assert word_on(refused, body, schema) is word
    assert time.process_time() - began < 2


NOT_ALL = Cause("FieldValueInvalid", "<nil>", "Invalid value: null: some validation rules were not checked because …")


@pytest.mark.parametrize(
    ("causes", "word"),
    [
        ([Cause("FieldValueRequired", "spec.colour", "Required value"), NOT_ALL], TAKES),
        ([Cause("FieldValueRequired", "spec.size", "Required value")], REFUSES),
        ([Cause("FieldValueRequired", "spec", "Required value: as a rule says")], OPEN),
        ([Cause("FieldValueNotSupported", "spec.colour", 'Unsupported value: "red": supported values: "blue"')], TAKES),
        ([Cause("FieldValueTypeInvalid", "spec.items[0].name", "Invalid value")], REFUSES),
        ([Cause("FieldValueInvalid", "spec.size", "Invalid value: too small")], OPEN),
        (
            [
                Cause("FieldValueNotSupported", "spec.colour", 'Unsupported value: "red"'),
                Cause("FieldValueInvalid", "spec.size", "Invalid value: too small"),
            ],
            OPEN,
        ),
        ([Cause("FieldValueRequired", "", "Required value")], TAKES),
        ([Cause("FieldValueRequired", "spec.items[7].name", "Required value")], OPEN),
        ([Cause("FieldValueRequired", "spec.by.somebody.name", "Required value")], OPEN),
        ([Cause("FieldValueNotSupported", "spec.colour", 'Unsupported value: "grey": supported values: "red"')], OPEN),
        ([], OPEN),
    ],
)
def test_a_value_is_taken_refused_or_left_open(causes: list[Cause], word: Word) -> None:
    """What only the API server can judge is left to it."""
    assert word_on(Answered("invalid", code=422, causes=tuple(causes)), BODY, SCHEMA) is word
