"""What the schemas of the API are put together from."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}
FLAG: Json = {"type": "boolean"}
ANYTHING: Json = {}
MOMENT: Json = {"type": "string", "format": "date-time"}


def or_null(schema: Json) -> Json:
    """Let it be null too."""
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else {"anyOf": [schema, {"type": "null"}]}


def one_of(words: type[StrEnum]) -> Json:
    """Let it be one of these words."""
    return {"type": "string", "enum": [str(word) for word in words]}


def many(schema: Json) -> Json:
    """List them."""
    return {"type": "array", "items": schema}


def ref(name: str) -> Json:
    """Mean a schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def object_of(properties: Json, optional: Iterable[str] = ()) -> Json:
    """Put an object together; all but the `optional` are always there."""
    required = [name for name in properties if name not in set(optional)]
    return {"type": "object", "required": required, "properties": properties}
