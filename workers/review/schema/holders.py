"""Who else declares a field of a live object: server-side apply keeps it there, whether we declare it or not."""

from collections.abc import Iterator, Mapping
from typing import Any

from workers.review.schema.words import Path

OURS = "pushboat"
"""The field manager of our applies."""


def is_held_by_others(live: Mapping[str, Any], path: Path) -> bool:
    """Say whether another manager holds a field or something in it; items of a list are taken for each other."""
    managers = live.get("metadata", {}).get("managedFields") or ()
    return any(
        each.get("manager") != OURS and any(_down(each.get("fieldsV1"), path))
        for each in managers
        if isinstance(each, Mapping)
    )


def _down(fields: Any, path: Path) -> Iterator[bool]:
    if not path:
        yield True
        return
    step, *rest = path
    for name, inner in fields.items() if isinstance(fields, Mapping) else ():
        if name == f"f:{step}" if isinstance(step, str) else name.startswith(("k:", "v:", "i:")):
            yield from _down(inner, tuple(rest))
