"""What controllers write of how an object is: any of them, into objects of any kind."""

import copy
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pushboat.model.health import Health, Judgement
from tests.fuzz.demanding import demand
from tests.fuzz.objects import as_served, read
from tests.fuzz.target import Target, words_of
from workers.cluster.health import assess
from workers.cluster.health.passive import is_passive

Judge = Callable[[Mapping[str, Any]], Judgement]
_MOST_CHARACTERS = 20_000


def _check(judge: Judge, data: bytes) -> None:
    live = as_served(read(data))
    if live is None:
        return
    kept = copy.deepcopy(live)
    found = judge(live)
    demand(found == judge(live), "judged twice, and not the same")
    demand(kept == live, "judging an object changed it")
    found.reason.encode()
    demand(len(found.reason) < _MOST_CHARACTERS, "a reason nobody reads")
    if found.health is Health.HEALTHY:
        _has_no_reason_to_be_unwell(judge, live)


def _has_no_reason_to_be_unwell(judge: Judge, live: dict[str, Any]) -> None:
    metadata, status = live["metadata"], live.get("status")
    demand(not metadata.get("deletionTimestamp"), "healthy, and on its way out")
    if is_passive(live["apiVersion"].rpartition("/")[0], live["kind"]) or not isinstance(status, dict):
        return
    seen, generation = status.get("observedGeneration"), metadata.get("generation")
    if type(seen) is int and type(generation) is int:
        demand(seen >= generation, "healthy, and nobody has looked at it yet")
    written = status.get("conditions")
    said = [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []
    for kind in ("Stalled", "Reconciling"):
        first = next((each for each in said if each.get("type") == kind), {})
        demand(first.get("status") != "True", f"healthy, and {kind}")
    worse = {**live, "status": {**status, "conditions": [{"type": "Stalled", "status": "True"}, *said]}}
    demand(judge(worse).health is not Health.HEALTHY, "stalled makes no difference")
    older = {**live, "metadata": {**metadata, "generation": 2**40}, "status": {**status, "observedGeneration": 1}}
    demand(judge(older).health is not Health.HEALTHY, "an old word counts")


def _takes_the_last_but_one_for_the_newest(live: Mapping[str, Any]) -> Judgement:
    status, generation = live.get("status"), live["metadata"].get("generation")
    if isinstance(status, dict) and type(generation) is int and status.get("observedGeneration") == generation - 1:
        return assess({**live, "status": {**status, "observedGeneration": generation}})
    return assess(live)


TARGET = Target(
    check=partial(_check, assess),
    bugs={"a-generation-too-old": partial(_check, _takes_the_last_but_one_for_the_newest)},
    words=words_of("statuses"),
    shape="json",
    steps=100_000,
    steps_per_byte=1_000,
)
