"""Show what changes in one object, field by field and as a diff with hunks named by field path; secrets are masked."""

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from pushboat.model.changeset import FieldChange, Steps
from pushboat.model.manifest import Ref
from workers.cluster.masking import NO_TOKENS, Tokens, masked_pair
from workers.cluster.objects import APPLIED, CAUSE, FENCE, LAST_APPLIED, PART_OF, Object
from workers.cluster.records import RECORD

LONGEST_DIFF_CHARACTERS = 20_000
"""Characters of one object's diff; a forge's comment and a page both stay readable below it."""
LONGEST_VALUE_CHARACTERS = 1_000
"""Characters of one field's value as JSON; what is longer is cut, with its length and a mark of all of it."""
MOST_COMPARED = 2_000
"""Lines of one value on both sides; comparing takes cubic time for texts that somebody made for that."""
_MISSING: Any = object()
_Difference = tuple[Steps, Any, Any]
_NOISE = ("managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink")
_OURS = (PART_OF, APPLIED, RECORD, FENCE, CAUSE, LAST_APPLIED, "deployment.kubernetes.io/revision")
_NAMES = ("name", "containerPort", "port", "mountPath", "key", "type", "ip", "host")
"""The fields that identify an item of a list, the first one that all items have and that is unique among them."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs, twice: as text for people, and field by field for programs."""

    text: str = ""
    fields: tuple[FieldChange, ...] = ()


def compare(ref: Ref, before: Object | None, after: Object | None, tokens: Tokens = NO_TOKENS) -> Compared:
    """Compare an object as it is with the object as it will be.

    An object that comes or goes has no fields that change: it changes as a whole.
    """
    old, new = masked_pair(before, after, tokens)
    found = list(_differences((), quiet(old), quiet(new)))
    if not found:
        return Compared()
    hunks = "".join(_hunk(each) for each in found)
    text = f"--- {'live' if before else 'nothing'} {ref}\n+++ {'wanted' if after else 'nothing'} {ref}\n{hunks}"
    left = len(text) - LONGEST_DIFF_CHARACTERS
    if left > 0:
        text = f"{text[:LONGEST_DIFF_CHARACTERS]}\n… {left:,} more characters than one page shows\n"
    return Compared(text, tuple(_field(each) for each in found) if before and after else ())


def lacking(before: Object, wanted: Object, tokens: Tokens = NO_TOKENS) -> tuple[FieldChange, ...]:
    """List what an object lacks of what is wanted; what it has beyond that is not looked at."""
    old, new = masked_pair(before, wanted, tokens)
    return tuple(_field(each) for each in _missing((), quiet(old), quiet(new)))


def diff(ref: Ref, before: Object | None, after: Object | None, tokens: Tokens = NO_TOKENS) -> str:
    """Show what differs as text; nothing where no field does."""
    return compare(ref, before, after, tokens).text


def quiet(body: Object | None) -> Any:
    """Leave out what the server keeps for itself and the marks that are ours."""
    if body is None:
        return _MISSING
    metadata = {key: value for key, value in body["metadata"].items() if key not in _NOISE}
    for marks in ("labels", "annotations"):
        kept = {key: value for key, value in (metadata.pop(marks, None) or {}).items() if key not in _OURS}
        if kept:
            metadata[marks] = kept
    return {**{key: value for key, value in body.items() if key != "status"}, "metadata": metadata}


def _differences(path: Steps, old: Any, new: Any) -> Iterator[_Difference]:
    """Walk both sides at once, and stop where they are no longer of one shape."""
    if old is not _MISSING and new is not _MISSING and old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*new, *(key for key in old if key not in new)]:
            yield from _differences((*path, key), old.get(key, _MISSING), new.get(key, _MISSING))
    elif isinstance(old, list) and isinstance(new, list) and (name := _identity(old, new)):
        left, right = ({item[name]: item for item in items} for items in (old, new))
        for key in [*right, *(key for key in left if key not in right)]:
            yield from _differences((*path, (name, key)), left.get(key, _MISSING), right.get(key, _MISSING))
    else:
        yield path, old, new


def _missing(path: Steps, old: Any, new: Any) -> Iterator[_Difference]:
    """Walk what is wanted, as far as what is there has the same shape."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in new.items():
            yield from _missing((*path, key), old.get(key, _MISSING), value)
    elif isinstance(old, list) and isinstance(new, list) and (name := _identity(old, new)):
        there = {item[name]: item for item in old}
        for item in new:
            yield from _missing((*path, (name, item[name])), there.get(item[name], _MISSING), item)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, item in enumerate(new):
            yield from _missing((*path, place), old[place], item)
    elif old != new and not (old is _MISSING and new in (None, {}, [])):  # the server keeps no empty value
        yield path, old, new


def spelled(path: Steps) -> str:
    """Write a path as people do: `spec.template.spec.containers[app].image`."""
    text = ""
    for step in path:
        plain = isinstance(step, str) and "." not in step and "/" not in step
        name = step[1] if isinstance(step, tuple) else step
        text += f"{'.' * bool(text)}{name}" if plain else f"[{name}]"
    return text


def _hunk(difference: _Difference) -> str:
    path, old, new = difference
    return f"@@ {spelled(path) or 'new object'} @@\n{''.join(_lines(old, new))}"


def _field(difference: _Difference) -> FieldChange:
    path, old, new = difference
    return FieldChange(path=spelled(path), old=_json(old), new=_json(new), steps=path)


def _json(value: Any) -> str | None:
    if value is _MISSING:
        return None
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    if len(text) <= LONGEST_VALUE_CHARACTERS:
        return text
    mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]  # two long values that begin alike differ
    return json.dumps(f"{text[:LONGEST_VALUE_CHARACTERS]}… ({len(text):,} characters, {mark})", ensure_ascii=False)


def _identity(old: list[Any], new: list[Any]) -> str:
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
    if value is _MISSING:
        return []
    if isinstance(value, str):
        return value.splitlines() or ['""']
    if isinstance(value, Mapping | list):
        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=10_000).splitlines()
    return [str(yaml.safe_dump(value)).split("\n", 1)[0]]
