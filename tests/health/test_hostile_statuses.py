"""A status that no schema guards may hold anything: whoever judges it says something, and never breaks."""

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.model.health import Health, Judgement
from tests.health.objects import cases
from workers.cluster.health import assess
from workers.cluster.health.conditions import bad_news, by_convention
from workers.cluster.health.kinds.choosing import judge_of

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**4000,
    float("nan"),
    "",
    "x" * 100_000,
    "\u0000\ud800",
    "9" * 5000,
    [],
    [None, 1, "x", [], {}],
    {},
    {"type": ["Ready"], "status": {"a": 1}},
    [{"type": {}, "status": "True"}, {"type": None}, {"type": "Ready", "status": None, "observedGeneration": {}}],
)
CORE = sorted((Path(__file__).parent.parent / "data" / "health").glob("*.yaml"))
ROUNDS = 12
"""Changed copies of each object; `make proof` tries forty times as many."""


def _spots(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to every value."""
    if at:
        yield at
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _spots(each, (*at, key))


def _changed(live: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Put something hostile in one or two places of an object."""
    changed = copy.deepcopy(live)
    for _ in range(chance.randint(1, 2)):
        *way, last = chance.choice([at for at in _spots(changed) if at[0] not in ("apiVersion", "kind")])
        holder: Any = changed
        for step in way:
            holder = holder[step]
        holder[last] = copy.deepcopy(chance.choice(HOSTILE))
    return changed


def _try_custom_kinds(rounds: int) -> None:
    chance = random.Random(20260101)
    for case in cases():
        judge = judge_of(case.group, case.kind)
        assert judge is not None
        for _ in range(rounds):
            live = _changed(case.live, chance)
            for judgement in (judge(live), by_convention(live, case.kind), assess(live)):
                assert isinstance(judgement, Judgement)
                assert len(judgement.reason) < 20_000
            bad_news(live)


@pytest.mark.slow
def test_no_judge_breaks_on_a_hostile_status() -> None:
    """Wrong types, nulls, huge numbers and texts anywhere in an object of any custom kind give a judgement."""
    _try_custom_kinds(ROUNDS)


@pytest.mark.proof
def test_no_judge_breaks_on_many_hostile_statuses() -> None:
    """The same, many times."""
    _try_custom_kinds(ROUNDS * 40)


def test_a_core_kind_with_a_hostile_status_is_not_an_error() -> None:
    """`pushboat health FILE` judges what somebody wrote into a file, whatever it is."""
    chance = random.Random(20260102)
    for path in CORE:
        live = yaml.safe_load(path.read_text())
        for _ in range(ROUNDS):
            assert isinstance(assess(_changed(live, chance)), Judgement)


def test_a_form_that_no_rule_expects_is_unknown_and_never_healthy() -> None:
    """A pod whose containers' statuses are no list is not called healthy, and the sentence says what is odd."""
    live = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "status": {"containerStatuses": 7}}
    judgement = assess(live)
    assert judgement.health is Health.UNKNOWN
    assert "a form that a Pod should not have" in judgement.reason


def test_hostile_objects_without_a_sound_head_are_judged() -> None:
    """Not even kind, version, metadata and status need to be what they should be."""
    for odd in HOSTILE:
        for key in ("apiVersion", "kind", "metadata", "spec", "status"):
            assert isinstance(assess({"apiVersion": "argoproj.io/v1", "kind": "Rollout", key: odd}), Judgement)
