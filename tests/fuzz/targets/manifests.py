"""The reader of manifests: YAML and JSON that somebody pushed."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest
from tests.fuzz.demanding import demand
from tests.fuzz.places import line_and_column
from tests.fuzz.target import Target, words_of
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests

_FILE = "deploy/app.yaml"
_LINE_END = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
Read = Callable[[str, str], list[Manifest]]


def _check(read: Read, data: bytes) -> None:
    try:
        text = decode(data, _FILE)
    except InvalidManifest as refused:
        line_and_column(str(refused), _FILE)
        return
    found = _found(read, text)
    demand(found == _found(read, text), "read twice, and not the same")
    for each in found or ():
        _is_an_object(each, text)
        again = read(json.dumps(each.body, allow_nan=False), _FILE)
        demand([one.body for one in again] == [each.body], "written as JSON it says something else")
        demand(
            again[0].ref == each.ref and again[0].version == each.version,
            "another object",
        )


def _found(read: Read, text: str) -> list[Manifest] | None:
    try:
        return read(text, _FILE)
    except InvalidManifest as refused:
        line, _ = line_and_column(refused.summary, _FILE)
        demand(line <= len(_LINE_END.split(text)), "a line behind the end")
        refused.summary.encode()
        return None


def _is_an_object(each: Manifest, text: str) -> None:
    demand(each.ref.kind and each.ref.name and each.version, "an object without a name")
    demand(1 <= each.line <= len(text) + 1 and each.column >= 1, "at no place")
    json.dumps(each.body, ensure_ascii=False, allow_nan=False).encode()
    for path in _paths(each.body):
        demand(str(each.place_of(path)).startswith(_FILE), "a field at no place")


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the way to some of the values, the first of each mapping and list."""
    found = [at] if at else []
    items = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, each in items[:2]:
        found += _paths(each, (*at, key)) if len(at) < 20 else []
    return found


def _lets_a_key_stand_twice(text: str, file: str) -> list[Manifest]:
    try:
        return read_manifests(text, file)
    except InvalidManifest as refused:
        if "stands twice" in refused.summary and text.startswith("{"):
            raise KeyError(refused.summary) from refused
        raise


TARGET = Target(
    check=partial(_check, read_manifests),
    bugs={
        "a-key-that-stands-twice": partial(_check, _lets_a_key_stand_twice),
    },
    words=words_of("manifests"),
    largest=3000,
    steps=40_000,
)
