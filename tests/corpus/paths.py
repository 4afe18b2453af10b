"""A path into an object, as cases write it: `spec.template.spec.containers[app].image`. Pure."""

import re
from typing import Any

_STEP = re.compile(r"(?:^|\.)([^.\[\]]+)|\[([^\]]+)\]")


def steps_of(path: str) -> tuple[tuple[str, bool], ...]:
    """Split a path into words, each with whether it stood in brackets; empty where it is not a path."""
    found = [(step[1] or step[2], step[2] is not None) for step in _STEP.finditer(path)]
    written = "".join(step[0] for step in _STEP.finditer(path))
    return tuple(found) if written == path else ()


def value_at(found: Any, path: str) -> Any:
    """Give what stands at a path; None where nothing does."""
    for word, bracketed in steps_of(path):
        if isinstance(found, dict):
            found = found.get(word)
        elif isinstance(found, list) and bracketed:
            found = next((item for item in found if isinstance(item, dict) and item.get("name") == word), None)
        else:
            return None
    return found
