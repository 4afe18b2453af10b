"""What a definition fills in where an object says nothing: pure, as `structural/defaulting` of Kubernetes does it."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def filled(value: Any, schema: Schema) -> Any:
    """Give a value with the defaults of its schema, also within what a default brings."""
    if isinstance(value, list):
        return [filled(each, schema.get("items") or {}) for each in value]
    if not isinstance(value, Mapping):
        return value
    fields = schema.get("properties") or {}
    defaults = {name: each["default"] for name, each in fields.items() if "default" in each}
    said = {
        name: each
        for name, each in value.items()
        if each is not None or name not in defaults or fields[name].get("nullable")
    }
    others = schema.get("additionalProperties")
    rest = others if isinstance(others, Mapping) else {}
    return {name: filled(each, fields.get(name, rest)) for name, each in {**defaults, **said}.items()}
