"""What would change in an object, shown to people: the object as it is, and as a pushed manifest wants it."""

import copy
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pushboat.errors import InvalidManifest
from pushboat.model.changeset import FieldChange
from pushboat.model.manifest import Ref
from tests.fuzz.demanding import demand
from tests.fuzz.objects import Object, as_served, read
from tests.fuzz.target import Target, words_of
from workers.cluster.masking import NO_TOKENS, tokens_of
from workers.cluster.objects import is_secret
from workers.cluster.planning import diff
from workers.cluster.planning.diff import Compared, quiet
from workers.manifests.reading import read_manifests

_REF = Ref("", "ConfigMap", "shop", "x")
_TOKENS = tokens_of("a key of some length", "shop")
_LONG_CHARACTERS = 12
"""What is shorter may stand elsewhere by chance."""
_OF_SECRETS = {"apiVersion", "kind", "metadata", "type", "data", "stringData", "immutable"}
_CUT = "… ("
Compare = Callable[..., Compared]


def _check(compare: Compare, data: bytes) -> None:
    said = read(data)
    if not isinstance(said, dict):
        return
    live, wanted = as_served(said.get("live")), _manifest(said.get("wanted"))
    if live and wanted:  # it was found by its kind
        live = {**live, "apiVersion": wanted["apiVersion"], "kind": wanted["kind"]}
    for before, after in ((live, wanted), (live, live), (None, wanted), (live, None)):
        if before is None and after is None:
            continue
        for tokens in (NO_TOKENS, _TOKENS):
            kept = copy.deepcopy((before, after))
            found = compare(_REF, before, after, tokens)
            demand(kept == (before, after), "comparing changed an object")
            demand(found == compare(_REF, before, after, tokens), "compared twice, and not the same")
            _keeps_secrets(found, before, after)
            if before is after:
                demand(found == Compared(), "an object differs from itself")
            elif before and after and not is_secret(before) and not is_secret(after):
                _tells_all(compare, found, before, after)


def _manifest(said: Any) -> Object | None:
    """Give a manifest as it may come to be compared: read, and of the types that every schema demands of metadata."""
    try:
        found = read_manifests(json.dumps(said), "app.yaml")
    except InvalidManifest:
        return None
    return as_served(found[0].body) if len(found) == 1 else None


def _keeps_secrets(found: Compared, before: Object | None, after: Object | None) -> None:
    said = found.text + json.dumps([(each.old, each.new) for each in found.fields])
    open_words = _open(before) + _open(after)
    for body in (before, after):
        for value in _hidden(body) if body is not None and is_secret(body) else ():
            demand(value in open_words or value not in said, "a Secret's value, shown")


def _hidden(body: Object) -> Iterator[str]:
    for key, value in body.items():
        if key not in ("apiVersion", "kind", "metadata", "type"):
            yield from (each for each in _texts(value) if len(each) >= _LONG_CHARACTERS)


def _open(body: Object | None) -> str:
    """Put together all that may be read: an object's metadata, its type, the names of its keys."""
    shown = [body["metadata"], body.get("type"), body["kind"]] if body else []
    return "\n".join([*_texts(shown), *_keys(body)])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(each)


def _keys(value: Any) -> Iterator[str]:
    for key, each in value.items() if isinstance(value, dict) else ():
        yield key
        yield from _keys(each)
    for each in value if isinstance(value, list) else ():
        yield from _keys(each)


def _tells_all(compare: Compare, found: Compared, before: Object, after: Object) -> None:
    """Whoever carries out what is listed, field by field, has what was wanted."""
    demand(bool(found.text) == bool(found.fields), "told to people and not to programs")
    if any(_CUT in (each.old or "") + (each.new or "") for each in found.fields):
        return
    done = copy.deepcopy(quiet(before))
    for each in found.fields:
        done = _with(done, list(each.steps), each)
    demand(
        not compare(_REF, {**done, "metadata": done.get("metadata", {})}, after).fields,
        "more would change than is told",
    )


def _with(node: Any, steps: list[Any], change: FieldChange) -> Any:
    if not steps:
        return json.loads(change.new or "null")
    step, *rest = steps
    gone = change.new is None and not rest
    if isinstance(step, tuple):
        name, key = step
        items = [each for each in node if not (gone and each[name] == key)]
        there = any(each[name] == key for each in items)
        items = [_with(each, rest, change) if each[name] == key else each for each in items]
        return items if gone or there else [*items, _with({}, rest, change)]
    if gone:
        return {key: each for key, each in node.items() if key != step}
    return {**node, step: _with(node.get(step, {}), rest, change)}


def _knows_secrets_by_their_right_fields(
    ref: Ref, before: Object | None, after: Object | None, *others: Any
) -> Compared:
    return diff.compare(ref, _as_no_secret(before), _as_no_secret(after), *others)


def _as_no_secret(body: Object | None) -> Any:
    is_odd = body is not None and bool(body.keys() - _OF_SECRETS)
    return {**body, "kind": "ConfigMap"} if body is not None and is_odd else body


TARGET = Target(
    check=partial(_check, diff.compare),
    bugs={"a-misspelt-field-of-a-secret": partial(_check, _knows_secrets_by_their_right_fields)},
    words=words_of("diffs"),
    shape="json",
    steps=400_000,
    steps_per_byte=4_000,
)
