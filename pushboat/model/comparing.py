"""What differs between two values, field by field and as text with hunks that are named by the way to a field."""

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from pushboat.model.changeset import FieldChange, Steps
from pushboat.model.manifest import Ref

LONGEST_DIFF_CHARACTERS = 20_000
"""Characters of one object's diff; a forge's comment and a page both stay readable below it."""
LONGEST_VALUE_CHARACTERS = 1_000
"""Characters of one field's value as JSON; what is longer is cut, with its length and a mark of all of it."""
MOST_COMPARED = 2_000
"""Lines of one value on both sides; comparing takes cubic time for texts that somebody made for that."""
MISSING: Any = object()
"""Stands for a value that is not there."""
Differing = tuple[Steps, Any, Any]
_NAMES = ("name", "containerPort", "port", "mountPath", "key", "type", "ip", "host")
"""The fields that identify an item of a list, the first one that all items have and that is unique among them."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs, twice: as text for people, and field by field for programs."""

    text: str = ""
    fields: tuple[FieldChange, ...] = ()


def compared(ref: Ref, old: Any, new: Any, called: tuple[str, str]) -> Compared:
    """Compare two bodies of an object, MISSING where there is none; `called` names the sides.

    An object that comes or goes has no fields that change: it changes as a whole.
    """
    found = list(differences((), old, new))
    if not found:
        return Compared()
    hunks = "".join(_hunk(each) for each in found)
    before, after = ("nothing" if side is MISSING else name for side, name in zip((old, new), called, strict=True))
    text = f"--- {before} {ref}\n+++ {after} {ref}\n{hunks}"
    left = len(text) - LONGEST_DIFF_CHARACTERS
    if left > 0:
        text = f"{text[:LONGEST_DIFF_CHARACTERS]}\n… {left:,} more characters than one page shows\n"
    return Compared(text, () if old is MISSING or new is MISSING else tuple(field_of(each) for each in found))


def differences(path: Steps, old: Any, new: Any) -> Iterator[Differing]:
    """Walk both sides at once, and stop where they are no longer of one shape."""
    if old is not MISSING and new is not MISSING and old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*new, *(key for key in old if key not in new)]:
            yield from differences((*path, key), old.get(key, MISSING), new.get(key, MISSING))
    elif isinstance(old, list) and isinstance(new, list) and (name := identity(old, new)):
        left, right = ({item[name]: item for item in items} for items in (old, new))
        for key in [*right, *(key for key in left if key not in right)]:
            yield from differences((*path, (name, key)), left.get(key, MISSING), right.get(key, MISSING))
    else:
        yield path, old, new


def spelled(path: Steps) -> str:
    """Write a path as people do: `spec.template.spec.containers[app].image`."""
    text = ""
    for step in path:
        plain = isinstance(step, str) and "." not in step and "/" not in step
        name = step[1] if isinstance(step, tuple) else step
        text += f"{'.' * bool(text)}{name}" if plain else f"[{name}]"
    return text


def _hunk(difference: Differing) -> str:
    path, old, new = difference
    return f"@@ {spelled(path) or 'new object'} @@\n{''.join(_lines(old, new))}"


def field_of(difference: Differing) -> FieldChange:
    """Write one difference as a field before and after."""
    path, old, new = difference
    return FieldChange(path=spelled(path), old=_json(old), new=_json(new), steps=path)


def _json(value: Any) -> str | None:
    if value is MISSING:
        return None
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    if len(text) <= LONGEST_VALUE_CHARACTERS:
        return text
    mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]  # two long values that begin alike differ
    return json.dumps(f"{text[:LONGEST_VALUE_CHARACTERS]}… ({len(text):,} characters, {mark})", ensure_ascii=False)


def identity(old: list[Any], new: list[Any]) -> str:
    """Name the field that tells the items of both lists apart; empty where none does."""
    items = [*old, *new]
    if not items or not all(isinstance(item, Mapping) for item in items):
        return ""
    for name in _NAMES:
        for side in (old, new):
            keys = [item.get(name) for item in side]
            if not all(isinstance(key, str | int) for key in keys) or len(set(map(str, keys))) != len(keys):
                break
        else:
            return name
    return ""


def _lines(old: Any, new: Any) -> Iterator[str]:
    left, right = _text(old), _text(new)
    if len(left) + len(right) > MOST_COMPARED:
        yield from (f"{line}\n" for line in _replacement(left, right))
        return
    for line in list(difflib.unified_diff(left, right, lineterm="", n=2))[2:]:
        if not line.startswith("@@"):  # a content line begins with its sign
            yield f"{line}\n"


def _replacement(left: list[str], right: list[str]) -> Iterator[str]:
    """Show what lies between a long text's common beginning and end as replaced, which is true and cheap."""
    shortest = min(len(left), len(right))
    head = next((at for at in range(shortest) if left[at] != right[at]), shortest)
    tail = next((at for at in range(shortest - head) if left[-1 - at] != right[-1 - at]), shortest - head)
    yield from (f" {line}" for line in left[max(0, head - 2) : head])
    yield from (f"-{line}" for line in left[head : len(left) - tail])
    yield from (f"+{line}" for line in right[head : len(right) - tail])
    yield from (f" {line}" for line in left[len(left) - tail :][:2])


def _text(value: Any) -> list[str]:
    if value is MISSING:
        return []
    if isinstance(value, str):
        return value.splitlines() or ['""']
    if isinstance(value, Mapping | list):
        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=10_000).splitlines()
    return [str(yaml.safe_dump(value)).split("\n", 1)[0]]
