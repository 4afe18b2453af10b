"""Walk a value along its rule and collect every fault. Where a schema does not say otherwise, null means "nothing"."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from pushboat.model.wording import LONGEST_NAME, printable
from workers.review.schema.misplaced import belongs
from workers.review.schema.nearest import almost, nearest
from workers.review.schema.words import ABSENT, Breach, Fault, ListKind, Path, Rule, Shape, dotted

_WANTED = {
    Shape.OBJECT: "an object",
    Shape.LIST: "a list",
    Shape.TEXT: "text",
    Shape.INTEGER: "a whole number",
    Shape.NUMBER: "a number",
    Shape.BOOLEAN: "true or false",
    Shape.WHOLE_OR_TEXT: "a whole number or text",
    Shape.QUANTITY: "a number or text",
}
_FOUND = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
_ANSWERS = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}
_QUOTABLE = (bool, int, float)
MOST_FAULTS = 100
"""Of one object; finding what was meant takes time, and nobody reads more."""


def faults(rule: Rule, value: Any) -> list[Fault]:
    """Find what is wrong with a value: everything, but not more than can be read."""
    found: list[Fault] = []
    _look(rule, value, (), found)
    return [_placed(each, rule, value) for each in found[:MOST_FAULTS]]


def _look(rule: Rule, value: Any, at: Path, found: list[Fault]) -> None:
    if value is None or rule.shape is Shape.ANY or len(found) >= MOST_FAULTS:
        return
    kind = type(value)
    if kind not in rule.types and not (kind is float and int in rule.types and value.is_integer()):
        found.append(_misshapen(rule, value, at))
        return
    if kind is dict:
        _look_into(rule, value, at, found)
    elif kind is list:
        _look_along(rule, value, at, found)
    if rule.judges:  # of most places nobody has to be asked
        messages = [judge(value) for judge in rule.judges]
        found += [Fault(path=at, breach=Breach.VALUE, message=f"{_named(at)} {each}") for each in messages if each]


def _look_into(rule: Rule, value: dict[str, Any], at: Path, found: list[Fault]) -> None:
    fields, others = rule.fields, rule.values
    for key, each in value.items():
        inner = fields.get(key, others)
        if inner is None:
            if not rule.is_open and len(found) < MOST_FAULTS:
                found.append(_unknown(rule, key, at))
        elif each is None:
            if inner.refuses_null and key not in rule.required:
                found.append(_null((*at, key)))
        elif type(each) not in inner.simple:
            _look(inner, each, (*at, key), found)
    for key in rule.required:
        there = value.get(key)
        if not there and there in rule.nothing and not (key in value and key in fields and fields[key].is_nullable):
            found.append(Fault(path=(*at, key), breach=Breach.MISSING, message=f"{_named((*at, key))} is missing"))


def _look_along(rule: Rule, value: list[Any], at: Path, found: list[Fault]) -> None:
    item = rule.item or Rule()
    for index, each in enumerate(value):
        if each is None:
            if item.refuses_null or rule.list_kind is not ListKind.ATOMIC:
                found.append(_null((*at, index)))
        elif type(each) not in item.simple:
            _look(item, each, (*at, index), found)
    if rule.list_kind is ListKind.SET:
        found += islice(_repeated(value, at), MOST_FAULTS)
    elif rule.list_kind is ListKind.MAP and not _are_told_apart(rule, value):
        found += islice(_repeated_keys(rule, value, at), MOST_FAULTS)


def _repeated(value: list[Any], at: Path) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, each in enumerate(value):
        if repr(each) in seen:
            yield Fault(path=(*at, index), breach=Breach.TWICE, message=f"{_named(at)} names an item twice")
        seen.add(repr(each))


def _are_told_apart(rule: Rule, value: list[Any]) -> bool:
    """Say of nearly every list, at a fraction of the price, that there is nothing to say."""
    if not all(type(each) is dict for each in value):
        return False
    columns = [[each.get(key, default) for each in value] for key, default in rule.keys]
    if any(ABSENT in column for column in columns):
        return False
    return len(set(zip(*(map(repr, column) for column in columns), strict=True))) == len(value)


def _repeated_keys(rule: Rule, value: list[Any], at: Path) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for index, each in enumerate(value):
        if not isinstance(each, dict):
            continue
        known = {key: each.get(key, default) for key, default in rule.keys}
        for key in [key for key, given in known.items() if given is ABSENT]:
            place = (*at, index, key)
            if not (rule.item and key in rule.item.required):  # which says so already
                yield Fault(path=place, breach=Breach.SHAPE, message=f"{_named(place)} is missing")
        if ABSENT in known.values():
            continue
        identity = tuple(repr(given) for given in known.values())
        if identity in seen:
            shown = ", ".join(f"{key} {printable(str(given))}" for key, given in known.items())
            yield Fault(path=(*at, index), breach=Breach.TWICE, message=f"{_named(at)} has two items with {shown}")
        seen.add(identity)


def _null(at: Path) -> Fault:
    return Fault(path=at, breach=Breach.NULL, message=f"{_named(at)} must not be null: give it a value or remove it")


def _unknown(rule: Rule, key: str, at: Path) -> Fault:
    near = nearest(key, rule.fields)
    return Fault(path=(*at, key), breach=Breach.UNKNOWN, message=f"unknown field {_named((*at, key))}", near=near)


def _placed(fault: Fault, rule: Rule, value: Any) -> Fault:
    """Say of an unknown field which one was meant, or where it belongs: the surer of the two."""
    if fault.breach is not Breach.UNKNOWN:
        return fault
    meant = f"did you mean {fault.near}?" if fault.near else ""
    if not almost(str(fault.path[-1]), (fault.near,)):
        meant = belongs(rule, value, fault.path) or meant
    return replace(fault, message=f"{fault.message}: {meant}") if meant else fault


def _misshapen(rule: Rule, value: Any, at: Path) -> Fault:
    quote = rule.shape is Shape.TEXT and isinstance(value, _QUOTABLE)
    what = _FOUND.get(type(value), "something else")
    if isinstance(value, float) and int in rule.types:
        what = "a fraction"
    hint = ": quote it" if quote else ""
    if isinstance(value, str) and _unquoted_fits(rule.shape, value):
        hint = ": write it without quotes"
    elif rule.shape is Shape.BOOLEAN and isinstance(value, str) and value.lower() in _ANSWERS:
        hint = f": write {_ANSWERS[value.lower()]}"
    message = f"{_named(at)} must be {_WANTED[rule.shape]}, this is {what}{hint}"
    return Fault(path=at, breach=Breach.SHAPE, message=message, quote=quote, value=value if quote else None)


def _unquoted_fits(shape: Shape, value: str) -> bool:
    if shape is Shape.BOOLEAN:
        return value in ("true", "false")
    return shape in (Shape.INTEGER, Shape.NUMBER) and value.removeprefix("-").isdecimal()


def _named(path: Path) -> str:
    """Print a path; of a long one, the end says more than the beginning."""
    text = dotted(tuple(step if isinstance(step, int) else printable(step) for step in path))
    return text if len(text) <= LONGEST_NAME else f"…{text[1 - LONGEST_NAME :]}"
