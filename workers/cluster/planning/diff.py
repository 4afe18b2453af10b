"""Show what changes in one object: a unified diff with hunks named by field path, without noise, secrets masked."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from pushboat.model.manifest import Ref
from workers.cluster.masking import masked_pair
from workers.cluster.objects import APPLIED, CAUSE, FENCE, LAST_APPLIED, PART_OF, Object
from workers.cluster.records import RECORD

LONGEST_DIFF_CHARACTERS = 20_000
"""Characters of one object's diff; a forge's comment and a page both stay readable below it."""
MOST_COMPARED = 2_000
"""Lines of one value on both sides; comparing takes cubic time for texts that somebody made for that."""
_MISSING: Any = object()
_NOISE = ("managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink")
_OURS = (PART_OF, APPLIED, RECORD, FENCE, CAUSE, LAST_APPLIED, "deployment.kubernetes.io/revision")
_NAMES = ("name", "containerPort", "port", "mountPath", "key", "type", "ip", "host")
"""The fields that identify an item of a list, the first one that all items have and that is unique among them."""


def diff(ref: Ref, before: Object | None, after: Object | None) -> str:
    """Compare an object as it is with the object as it will be; nothing where no field differs."""
    old, new = masked_pair(before, after)
    hunks = "".join(_hunks("", _quiet(old), _quiet(new)))
    if not hunks:
        return ""
    text = f"--- {'live' if before else 'nothing'} {ref}\n+++ {'wanted' if after else 'nothing'} {ref}\n{hunks}"
    left = len(text) - LONGEST_DIFF_CHARACTERS
    return text if left <= 0 else f"{text[:LONGEST_DIFF_CHARACTERS]}\n… {left:,} more characters than one page shows\n"


def _quiet(body: Object | None) -> Any:
    """Leave out what the server keeps for itself and the marks that are ours."""
    if body is None:
        return _MISSING
    metadata = {key: value for key, value in body["metadata"].items() if key not in _NOISE}
    for marks in ("labels", "annotations"):
        kept = {key: value for key, value in (metadata.pop(marks, None) or {}).items() if key not in _OURS}
        if kept:
            metadata[marks] = kept
    return {**{key: value for key, value in body.items() if key != "status"}, "metadata": metadata}


def _hunks(path: str, old: Any, new: Any) -> Iterator[str]:
    if old is not _MISSING and new is not _MISSING and old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*new, *(key for key in old if key not in new)]:
            name = key if "." not in str(key) and "/" not in str(key) else f"[{key}]"
            step = f"{path}{name}" if name.startswith("[") or not path else f"{path}.{name}"
            yield from _hunks(step, old.get(key, _MISSING), new.get(key, _MISSING))
    elif isinstance(old, list) and isinstance(new, list) and (name := _identity(old, new)):
        left, right = ({item[name]: item for item in items} for items in (old, new))
        for key in [*right, *(key for key in left if key not in right)]:
            yield from _hunks(f"{path}[{key}]", left.get(key, _MISSING), right.get(key, _MISSING))
    else:
        yield f"@@ {path or 'new object'} @@\n"
        yield from _lines(old, new)


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
