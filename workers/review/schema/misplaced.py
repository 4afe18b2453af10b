"""Where a field belongs that stands in the wrong place: one step further in, or somewhere around it."""

from collections.abc import Iterator
from typing import Any

from pushboat.model.wording import printable
from workers.review.schema.words import Path, Rule, dotted

_SELECTOR = {"matchLabels", "matchExpressions"}
"""Where people write labels as a Service's selector has them: they are no fields, so none is found by its name."""


def belongs(root: Rule, value: Any, path: Path) -> str:
    """Say where a field belongs that its holder does not know; empty where that is not plain.

    Around it only a place counts where the field is not written already.
    """
    *way, key = path
    holders = list(_down(root, value, tuple(way)))
    if not holders or not isinstance(key, str):
        return ""
    if holders[-1][1].fields.keys() == _SELECTOR and isinstance(holders[-1][2].get(key), str):
        return "it belongs below matchLabels"
    for deep in (1, 2):
        below = [name for name, rule in _below(holders[-1][1], deep) if key in _fields(rule)]
        if len(below) == 1:
            return f"it belongs below {below[0]}"
    around = str(next((step for step in reversed(way) if isinstance(step, str)), ""))
    for place, rule, written in reversed(holders[:-1]):
        if key in rule.fields and isinstance(written, dict) and key not in written:
            return f"it belongs beside {_named(path[: len(place) + 1])}"
        if key in _fields(rule.fields.get(around, Rule())) and (*place, around) != tuple(way[: len(place) + 1]):
            return f"it belongs below {_named((*place, around))}"
    return ""


def _below(rule: Rule, deep: int) -> Iterator[tuple[str, Rule]]:
    for name, inner in rule.fields.items():
        if deep == 1:
            yield name, inner
        else:
            yield from ((f"{name}.{further}", each) for further, each in _below(inner, deep - 1))


def _down(rule: Rule, value: Any, way: Path) -> Iterator[tuple[Path, Rule, Any]]:
    place: Path = ()
    yield place, rule, value
    for step in way:
        inner = rule.item if isinstance(step, int) else rule.fields.get(step, rule.values)
        if inner is None:
            return
        rule, value, place = inner, value[step], (*place, step)
        yield place, rule, value


def _fields(rule: Rule) -> frozenset[str]:
    return frozenset(rule.fields) | frozenset(rule.item.fields if rule.item else ())


def _named(path: Path) -> str:
    return dotted(tuple(step if isinstance(step, int) else printable(step) for step in path))
