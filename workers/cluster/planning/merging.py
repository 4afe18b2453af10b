"""What an object will be when an apply has removed what we own and left out: for a dry run, which cannot rewrite books.

Lists are put together by the keys that the books know; a list that they do not know is one value.
"""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from workers.cluster.fieldsets import Fields, matches, owns, pruned, uncovered
from workers.cluster.objects import Object
from workers.cluster.planning.books import Books
from workers.cluster.planning.defaults import is_our_apply


def change(live: Object, body: Object, books: Books) -> Object:
    """Give the merge patch that does to an object what the apply will do after its books were rewritten."""
    ours: list[Fields] = [each["fieldsV1"] for each in books.entries if is_our_apply(each)]
    others: list[Fields] = [each["fieldsV1"] for each in books.entries if not is_our_apply(each)]
    leaving = [
        steps for fields in ours for steps in uncovered(fields, body) if not any(owns(each, steps) for each in others)
    ]
    after = _merged(reduce(pruned, leaving, live), body, [*ours, *others])
    return _difference(live, after)


def _merged(there: Any, body: Any, nodes: list[Fields]) -> Any:
    if isinstance(there, dict) and isinstance(body, dict):
        below = {key: [node[f"f:{key}"] for node in nodes if f"f:{key}" in node] for key in body}
        return {**there, **{key: _merged(there.get(key), each, below[key]) for key, each in body.items()}}
    keys = [key for node in nodes for key in node if key[:2] in ("k:", "v:")]
    if isinstance(there, list) and isinstance(body, list) and keys:
        return _items(there, body, {key: [node[key] for node in nodes if key in node] for key in keys})
    return body


def _items(there: list[Any], body: list[Any], keys: Mapping[str, list[Fields]]) -> list[Any]:
    """Put the items of two lists together: the manifest's order, then those of others."""
    found, rest = [], list(there)
    for item in body:
        key = next((key for key in keys if matches(key, item)), "")
        one = next((each for each in rest if key and matches(key, each)), None)
        if one is not None:
            rest.remove(one)
        found.append(_merged(one, item, keys.get(key, [])))
    return [*found, *rest]


def _difference(old: Object, new: Object) -> Object:
    found: Object = dict.fromkeys(key for key in old if key not in new)
    for key, value in new.items():
        before = old.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            if below := _difference(before, value):
                found[key] = below
        elif key not in old or before != value:
            found[key] = value
    return found
