"""Keep secret values inside: out of diffs and out of the API server's own words."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from workers.cluster.objects import LAST_APPLIED, Object, is_secret

MASK = "***"
CHANGED = "*** (changed)"
SHORTEST = 4
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
        if len(value) >= SHORTEST:
            message = message.replace(value, MASK)
        elif value:
            message = message.replace(f'"{value}"', f'"{MASK}"')
    return message


def _spellings(body: Mapping[str, Any]) -> set[str]:
    found: set[str] = {str(each) for each in (body.get("stringData") or {}).values()}
    for each in (body.get("data") or {}).values():
        found.add(str(each))
        try:
            found.add(base64.b64decode(str(each), validate=True).decode())
        except (binascii.Error, ValueError):  # the very mistake that the server complains about
            continue
    return found


def _values(body: Object | None) -> dict[str, Any]:
    if body is None or not is_secret(body):
        return {}
    return {**(body.get("data") or {}), **(body.get("stringData") or {})}


def _replaced(body: Object | None, values: Mapping[str, str]) -> Object | None:
    if body is None or not is_secret(body):
        return body
    metadata = dict(body["metadata"])
    if LAST_APPLIED in (metadata.get("annotations") or {}):  # kubectl keeps the values in there
        metadata["annotations"] = {key: text for key, text in metadata["annotations"].items() if key != LAST_APPLIED}
    kept = {key: each for key, each in body.items() if key != "stringData"}
    return {**kept, "metadata": metadata, "data": dict(values)} if values else {**kept, "metadata": metadata}
