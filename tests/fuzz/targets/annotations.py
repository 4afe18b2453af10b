"""Other tools' annotations: any text, which decides what is applied when, and what is deleted."""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest
from tests.fuzz.demanding import demand
from tests.fuzz.objects import read
from tests.fuzz.target import Target, words_of
from workers.manifests.directives.reading import directives_in
from workers.manifests.directives.words import Directives
from workers.manifests.reading import read_manifests

_LONGEST_SENTENCE = 1500
Read = Callable[[Mapping[str, Any]], Directives]


def _check(directives: Read, data: bytes) -> None:
    said = read(data)
    body = (
        {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x", **said}} if isinstance(said, dict) else said
    )
    if not isinstance(body, dict):
        return
    kept = copy.deepcopy(body)
    found = directives(body)
    demand(found == directives(body), "read twice, and not the same")
    demand(kept == body, "reading an object changed it")
    for each in found.slips:
        each.sentence.encode()
        demand(len(each.sentence) < _LONGEST_SENTENCE, "a sentence nobody reads")
        demand("\n" not in each.sentence and "\u202e" not in each.sentence, "a sentence that turns around")
    turned = {**body, "metadata": _turned(body["metadata"])}
    other = directives(turned)
    demand((other.is_hook, bool(other.slips)) == (found.is_hook, bool(found.slips)), "the order of annotations decides")
    _found(body)


def _turned(value: Any) -> Any:
    return {key: _turned(each) for key, each in reversed(value.items())} if isinstance(value, dict) else value


def _found(body: Mapping[str, Any]) -> list[Manifest]:
    try:
        return read_manifests(json.dumps(body), "app.yaml")
    except InvalidManifest as refused:
        refused.summary.encode()
        return []


def _repeats_all_that_is_wrong(body: Mapping[str, Any]) -> Directives:

    found = directives_in(body)
    marks = body["metadata"].get("annotations")
    wave = marks.get("argocd.argoproj.io/sync-wave") if isinstance(marks, dict) else None
    if not found.slips or not isinstance(wave, str):
        return found
    first = replace(found.slips[0], wrong=f"{wave} is no number")
    return replace(found, slips=(first, *found.slips[1:]))


TARGET = Target(
    check=partial(_check, directives_in),
    bugs={"a-value-that-is-repeated": partial(_check, _repeats_all_that_is_wrong)},
    words=(*words_of("annotations"), "x" * 300),
    shape="json",
    steps=60_000,
    steps_per_byte=1_500,
)
