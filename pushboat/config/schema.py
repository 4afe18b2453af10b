"""Pydantic's findings about a document, as mistakes that people understand, each at its line and column.

A section of a file is a `Section`; a validator says what is wrong by raising ValueError with a sentence. The value
itself is never repeated: it may be a secret that somebody wrote where it does not belong.
"""

from collections.abc import Iterator
from types import UnionType
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from pushboat.config.document import At, Document
from pushboat.model.wording import near_miss, quoted


class Section(BaseModel):
    """A mapping of a file: unknown keys are mistakes, and no value is bent into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, defer_build=True)
    elsewhere: ClassVar[frozenset[str]] = frozenset()
    """What only the operator may say; people try it in the repository's file."""


S = TypeVar("S", bound=Section)

URL_TAG, VARIABLE_TAG = "@url", "@variable"
"""How pydantic marks, in the way to a finding, which form of a value was written; people never see them."""


def word_or_section(written: object) -> str:
    """Tell which form of a value was written, for pydantic: a word, or a section."""
    return URL_TAG if isinstance(written, str) else VARIABLE_TAG


def validated(model: type[S], document: Document, context: Any = None) -> S | None:
    """Read the document as this section; None where mistakes were noted instead."""
    if document.broken:
        return None
    try:
        return model.model_validate(document.data if document.data is not None else {}, context=context)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        misspelled = {_meant(model, details) for details in errors if details["type"] == "extra_forbidden"}
        for details in errors:
            if details["type"] != "missing" or (_at(details)[:-1], str(_at(details)[-1])) not in misspelled:
                _note(model, document, details)
        return None


def _at(details: ErrorDetails) -> At:
    return tuple(step for step in details["loc"] if step not in (URL_TAG, VARIABLE_TAG))


def _meant(model: type[Section], details: ErrorDetails) -> tuple[At, str]:
    """Say which key is meant by an unknown one, and where: that it is missing as well is the same mistake."""
    at = _at(details)
    _, _, name = _unknown_key(model, at).partition(": did you mean ")
    return at[:-1], name.strip("'?")


def _note(model: type[Section], document: Document, details: ErrorDetails) -> None:
    at = _at(details)
    kind = details["type"]
    if kind == "extra_forbidden":
        document.note(at, _unknown_key(model, at), key=True)
    elif kind == "missing":
        document.note(at, f"{quoted(str(at[-1]))} is missing{_why(model, at)}", key=True)
    elif at and at[-1] == "[key]":
        document.note(at[:-1], _sentence(details, str(at[-2])), key=True)
    else:
        document.note(at, _sentence(details, _name(at)))


def _unknown_key(model: type[Section], at: At) -> str:
    sections, key = list(_sections(model, at[:-1])), str(at[-1])
    known = {field.alias or name for section in sections for name, field in section.model_fields.items()}
    if any(key in section.elsewhere for section in sections):
        return f"{quoted(key)} is for the operator's pushboat.yaml to say, not for the repository's file"
    if "environments" in known and key == "environment":
        return "unknown key 'environment': did you mean 'environments'?"
    return f"unknown key {quoted(key)}: {near_miss(key, known)}"


def _why(model: type[Section], at: At) -> str:
    """Give the description of a missing field, where its section has one."""
    for section in _sections(model, at[:-1]):
        field = section.model_fields.get(str(at[-1]))
        if field is not None and field.description:
            return f": {field.description}"
    return ""


def _sections(model: type[Section], at: At) -> Iterator[type[Section]]:
    """Follow keys and indices through the sections' annotations to the section that stands there."""
    found: list[Any] = [model]
    for step in at:
        nested: list[Any] = []
        for kind in found:
            if isinstance(kind, type) and issubclass(kind, Section):
                field = kind.model_fields.get(str(step))
                nested += _choices(field.annotation) if field else []
            elif get_origin(kind) in (dict, list):
                nested += _choices(get_args(kind)[-1])
        found = nested
    yield from (kind for kind in found if isinstance(kind, type) and issubclass(kind, Section))


def _choices(annotation: Any) -> list[Any]:
    if get_origin(annotation) in (Union, UnionType):
        return [choice for part in get_args(annotation) for choice in _choices(part)]
    if hasattr(annotation, "__metadata__"):
        return _choices(get_args(annotation)[0])
    return [annotation]


def _name(at: At) -> str:
    """Name the value as people say it: a list's items by the list."""
    words = [step for step in at if isinstance(step, str)]
    return words[-1] if words else "this file"


def _sentence(details: ErrorDetails, name: str) -> str:
    kind = details["type"]
    if kind == "value_error":
        return f"{quoted(name)} {details['ctx']['error']}"
    if details["input"] is None:
        return f"{quoted(name)} has no value: give it one or remove the key"
    if kind == "string_type":
        scalar = isinstance(details["input"], bool | int)
        return f"{quoted(name)} must be text{': put it in quotes' if scalar else ''}"
    if kind == "literal_error":
        return f"{quoted(name)} must be {details['ctx']['expected']}"
    if kind == "too_long":
        return f"{quoted(name)} must have at most {details['ctx']['max_length']} entries"
    return f"{quoted(name)} {_SENTENCES.get(kind, details['msg'])}"


_SENTENCES = {
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "list_type": "must be a list: [a, b]",
    "dict_type": "must be a mapping: key: value",
    "model_type": "must be a mapping: key: value",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "greater_than": "must be a positive number",
    "greater_than_equal": "must be at least 1",
    "less_than_equal": "is too large",
}
