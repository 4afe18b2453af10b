"""Who owns which fields, as the API server keeps its books: field sets (FieldsV1), read and rearranged by no schema.

A field set is a tree. `f:name` is a field, `k:{…}` the item of a list with that key, `v:…` a member of a set, and `.`
says that the node itself is owned beside what is below it. A node without anything below is owned as a whole.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

Fields = Mapping[str, Any]
Entry = Mapping[str, Any]
"""One line of an object's managedFields: a manager, an operation, a version and the fields that it owns."""
Steps = tuple[str, ...]
"""A path in a field set's own spelling."""
SELF = "."
MOST_KEYS_KEPT = 20_000
_DEEPEST_LEVEL = 100


def entries_of(live: Mapping[str, Any]) -> list[Entry]:
    """Read the books of an object; what is no field set there (an API server of its own may keep any) is nobody's."""
    found = live["metadata"].get("managedFields") or ()
    return [each for each in found if each.get("fieldsType") == "FieldsV1" and _is_field_set(each.get("fieldsV1"))]


def holds(fields: Fields, body: Any, path: Sequence[str | int]) -> bool:
    """Say whether the field at a path of a body, or anything below it, is owned."""
    nodes = [fields]
    for step in path:
        body = body[step]
        if not all(nodes):  # a leaf is owned with all that is in it
            return True
        if isinstance(step, int):
            nodes = [node[key] for node in nodes for key in node if matches(key, body)]
        else:
            nodes = [node[f"f:{step}"] for node in nodes if f"f:{step}" in node]
    return bool(nodes)


def owns(fields: Fields, steps: Steps) -> bool:
    """Say whether a path of another field set, or anything below it, is owned here too."""
    node: Any = fields
    for step in steps:
        if step not in node:
            return False
        node = node[step]
    return True


def union(one: Fields, other: Fields) -> Fields:
    """Put two field sets together."""
    if not one or not other:  # an empty node is owned as a whole, what has something below it says so
        whole = dict(one or other)
        return {SELF: {}, **whole} if whole else whole
    merged = dict(one)
    for key, node in other.items():
        merged[key] = union(merged[key], node) if key in merged else node
    return merged


def joined(sets: Sequence[Fields]) -> Fields:
    """Put any number of field sets together."""
    merged: Fields = {}
    for each in sets:
        merged = union(merged, each) if merged else each
    return merged


def split(fields: Fields, apart: Callable[[Steps], bool], at: Steps = ()) -> tuple[Fields, Fields]:
    """Take the paths that `apart` picks, with all below them, out of a field set; give the rest and them."""
    rest: dict[str, Any] = {}
    picked: dict[str, Any] = {}
    for key, node in fields.items():
        if key != SELF and apart((*at, key)):
            picked[key] = node
        elif not node:
            rest[key] = node
        else:
            for side, below in zip((rest, picked), split(node, apart, (*at, key)), strict=True):
                if below:
                    side[key] = below
    return rest, picked


def paths(fields: Fields, at: Steps = ()) -> Iterator[Steps]:
    """Walk what is owned, leaf by leaf."""
    for key, node in fields.items():
        if key != SELF:
            yield from paths(node, (*at, key)) if any(each != SELF for each in node) else [(*at, key)]


def uncovered(fields: Fields, value: Any, told_apart_by: Collection[str] = ()) -> list[Steps]:
    """Find what is owned here and has no place in a body: the topmost paths.

    What tells the items of a list apart is no field to leave out, also where a manifest leaves it to its default.
    Paths are put together on the way back, for nearly always there are none.
    """
    found: list[Steps] = []
    for key, node in fields.items():
        if key == SELF or key[2:] in told_apart_by:
            continue
        if len(node) == 1 and SELF in node and key.startswith("f:"):
            continue  # a mapping by itself, without anything in it, is nothing that could go
        below = _below(value, key)
        if below is _NOTHING:
            found.append((key,))
        elif node:
            items = _read(key)[1] if key.startswith("k:") else ()
            found += [(key, *steps) for steps in uncovered(node, below, items)]
    return found


def count_covered(fields: Fields, value: Any) -> int:
    """Count the leaves that are owned here and have a place in a body."""
    count = 0
    for key, node in fields.items():
        below = _NOTHING if key == SELF else _below(value, key)
        if below is not _NOTHING:
            count += count_covered(node, below) if any(each != SELF for each in node) else 1
    return count


def names(step: str) -> tuple[str, ...]:
    """List the words that people may mean a step by: a field's name, any key of a list's item, a set's member."""
    kind, _, text = step.partition(":")
    if kind == "f":
        return (text,)
    keys = json.loads(text) if kind in ("k", "v") else text
    return tuple(map(str, keys.values())) if isinstance(keys, dict) else (str(keys),)


def matches(key: str, item: Any) -> bool:
    """Say whether a field set's list key (`k:{"name":"web"}` or `v:"finalizer"`) means this item."""
    kind, wanted = _read(key)
    if kind == "v":
        return bool(wanted == item)
    if kind != "k" or not isinstance(item, dict):
        return False
    # A key field that the manifest leaves out was defaulted by the server (a port's protocol).
    return all(item.get(name, value) == value for name, value in wanted.items())


def spelled(steps: Steps) -> str:
    """Write a path as people do: `spec.template.spec.containers[app].image`."""
    text = ""
    for step in steps:
        kind, _, name = step.partition(":")
        if kind == "f":
            text += f"[{name}]" if "." in name or "/" in name else f".{name}"
        else:
            text += f"[{','.join(names(step))}]"
    return text.lstrip(".")


def _is_field_set(fields: Any) -> bool:
    level = [fields]
    for _ in range(_DEEPEST_LEVEL):
        if not all(isinstance(node, dict) and all(map(_is_step, node)) for node in level):
            return False
        level = [below for node in level for below in node.values()]
        if not level:
            return True
    return False


@lru_cache(maxsize=MOST_KEYS_KEPT)
def _is_step(key: str) -> bool:
    kind, _, text = key.partition(":")
    if kind in ("f", "i") or key == SELF:
        return True
    try:
        said = json.loads(text)
        json.dumps(said, ensure_ascii=False).encode()  # half of a character can be told to nobody
    except (ValueError, RecursionError):
        return False
    return kind == "v" or (kind == "k" and isinstance(said, dict))


_NOTHING: Any = object()


@lru_cache(maxsize=MOST_KEYS_KEPT)
def _read(key: str) -> tuple[str, Any]:
    """Read a list's key; the same ones come again with every object."""
    kind, _, text = key.partition(":")
    return (kind, json.loads(text)) if kind in ("k", "v") and text else ("", None)


def _below(value: Any, key: str) -> Any:
    if key.startswith("f:"):
        return value.get(key[2:], _NOTHING) if isinstance(value, dict) else _NOTHING
    if isinstance(value, list) and key.startswith(("k:", "v:")):
        for item in value:
            if matches(key, item):
                return item
        return _NOTHING
    return value if key.startswith("i:") else _NOTHING  # places say nothing: no built-in kind uses them


def nulled(body: Any, steps: Steps) -> Any:
    """Copy a body with an explicit null at a path, where one can stand: not for a whole item of a list."""
    step, *rest = steps
    if step.startswith("f:") and isinstance(body, dict):
        name = step[2:]
        below = nulled(body[name], tuple(rest)) if rest and name in body else {} if rest else None
        return {**body, name: below} if name in body or not rest else body
    if isinstance(body, list) and rest:
        return [nulled(item, tuple(rest)) if matches(step, item) else item for item in body]
    return body


def pruned(value: Any, steps: Steps) -> Any:
    """Copy a value without what is at a path."""
    step, *rest = steps
    if step.startswith("f:") and isinstance(value, dict):
        name = step[2:]
        if name not in value:
            return value
        if not rest:
            return {key: each for key, each in value.items() if key != name}
        return {**value, name: pruned(value[name], tuple(rest))}
    if isinstance(value, list):
        if not rest:
            return [item for item in value if not matches(step, item)]
        return [pruned(item, tuple(rest)) if matches(step, item) else item for item in value]
    return value
