"""What an object's manifest said when it was applied last, kept on the object: enough to tell what a commit changed.

Server-side apply says who owns a field, but not what we once declared for a field that somebody else has taken since.
So each apply leaves 24 bits for each declared field: of its path and its value together. Where an object has very many
fields, the deepest are summed up by what holds them; a change in there then counts as a change of all of it. A Secret's
values are summed up into one, so that none of them can be guessed alone.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from workers.cluster.objects import Object, annotations, is_secret
from workers.cluster.paths import Path, item_name

RECORD = "pushboat.dev/declared"
MOST_ENTRIES = 300
"""Each takes four characters of an annotation."""
_WIDTH = 4
_SECRET = ("data", "stringData")
_written = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def recorded(body: Object, declared: Mapping[str, Any]) -> Object:
    """Put the record of what a manifest declares on the body that is sent for it."""
    marks = {**annotations(body), RECORD: record(declared)}
    return {**body, "metadata": {**body["metadata"], "annotations": marks}}


def record(body: Mapping[str, Any]) -> str:
    """Sum up what a body declares."""
    return "".join(sorted(set(_entries(body, (), _depth(body), secret=is_secret(body)))))


def remembers(kept: str, body: Mapping[str, Any], path: Path) -> bool:
    """Say whether a field was declared before with the value that it has in this body."""
    known = {kept[at : at + _WIDTH] for at in range(0, len(kept), _WIDTH)}
    node: Any = body
    names: tuple[str, ...] = ()
    if _entry(names, node) in known:
        return True
    for step in path:
        node = node[step]
        names = (*names, item_name(node, step) if isinstance(step, int) else step)
        if _entry(names, node) in known:
            return True
    return False


def _entries(value: Any, names: tuple[str, ...], deepest: int, *, secret: bool = False) -> Iterator[str]:
    if deepest == 0 or not value or not isinstance(value, dict | list):
        yield _entry(names, value)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _entries(each, (*names, key), 0 if secret and key in _SECRET else deepest - 1)
    else:
        for place, each in enumerate(value):
            yield from _entries(each, (*names, item_name(each, place)), deepest - 1)


def _entry(names: tuple[str, ...], value: Any) -> str:
    text = "\x1f".join(names) + "\0" + _written(value)
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:3]).decode()


def _depth(body: Mapping[str, Any]) -> int:
    """Find how deep a body may be taken apart."""
    level: list[Any] = [body]
    ended = depth = 0
    while True:
        branches = [each for each in level if each and isinstance(each, dict | list)]
        ended += len(level) - len(branches)
        level = [each for one in branches for each in (one.values() if isinstance(one, dict) else one)]
        if not level or ended + len(level) > MOST_ENTRIES:
            return depth + (not level)
        depth += 1
