"""Keep secret values inside: out of diffs and out of the API server's own words."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from workers.cluster.objects import LAST_APPLIED, Object, is_secret

MASK = "***"
CHANGED = "*** (changed)"
_PUBLIC = ("apiVersion", "kind", "metadata", "type")
_VALUES = ("data", "stringData")
SHORTEST_MASKED_CHARACTERS = 4
"""Characters; a shorter value would match everywhere, so it is masked only where the server quotes it."""


def masked_pair(before: Object | None, after: Object | None) -> tuple[Object | None, Object | None]:
    """Replace the values of a Secret on both sides so that only the fact of a change is left."""
    old, new = _values(before), _values(after)
    return _replaced(before, dict.fromkeys(old, MASK)), _replaced(
        after, {key: MASK if before is None or old.get(key) == value else CHANGED for key, value in new.items()}
    )


def scrub(message: str, body: Mapping[str, Any]) -> str:
    """Take a Secret's values out of a message about it; other objects' messages stay as they are."""
    if not is_secret(body):
        return message
    for value in sorted(_spellings(body), key=len, reverse=True):
        if len(value) >= SHORTEST_MASKED_CHARACTERS:
            message = message.replace(value, MASK)
        elif value:
            message = message.replace(f'"{value}"', f'"{MASK}"')
    return message


def _spellings(body: Mapping[str, Any]) -> set[str]:
    """Spell every value of a Secret as it is written, decoded and quoted, also one that is in the wrong field."""
    found: set[str] = set()
    for each in _leaves({key: value for key, value in body.items() if key not in _PUBLIC}):
        found.add(each)
        try:
            found.add(base64.b64decode(each, validate=True).decode())
        except (binascii.Error, ValueError):  # plain text, or the very mistake that the server complains about
            continue
    return found | {json.dumps(each, ensure_ascii=False)[1:-1] for each in found}


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _values(body: Object | None) -> dict[str, Any]:
    if body is None or not is_secret(body):
        return {}
    values: dict[str, Any] = {}
    for name in (*(key for key in body if key not in _PUBLIC and key not in _VALUES), *_VALUES):
        held = body.get(name)
        if name in _VALUES and isinstance(held, Mapping):
            values.update(held)
        elif held and not isinstance(held, bool):
            values[name] = held  # a misspelt field, or one of the wrong type: its content is as secret
    return values


def _replaced(body: Object | None, values: Mapping[str, str]) -> Object | None:
    if body is None or not is_secret(body):
        return body
    metadata = dict(body["metadata"])
    if LAST_APPLIED in (metadata.get("annotations") or {}):  # kubectl keeps the values in there
        metadata["annotations"] = {key: text for key, text in metadata["annotations"].items() if key != LAST_APPLIED}
    kept = {key: each for key, each in body.items() if key in _PUBLIC or isinstance(each, bool)}  # `immutable`
    return {**kept, "metadata": metadata, "data": dict(values)} if values else {**kept, "metadata": metadata}
