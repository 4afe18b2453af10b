"""Check all objects of a push at once, before the first of them is written.

An object that is there already may break a rule that came after it: the API server lets a value stay that was wrong
before (it calls that ratcheting), and so do we. What another tool declares of it need not be declared here. Names and
shapes are never excused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pushboat.model.manifest import Manifest
from workers.review.schema.compiling import Compiled
from workers.review.schema.definitions import DEFINITION, defined, is_definition, subject_of
from workers.review.schema.holders import is_held_by_others
from workers.review.schema.walking import faults
from workers.review.schema.words import Breach, Fault, Path, Rule
from workers.review.words import Kind

Version = tuple[str, str]
Live = Callable[[Manifest], Mapping[str, Any] | None]
Sent = Callable[[Manifest], Mapping[str, Any]]
_EXCUSABLE = (Breach.VALUE, Breach.MISSING)
MOST_MISTAKES = 500
"""Of a push; nobody mends more at once."""
_NOTHING = object()
_LEFT_OUT = "status"
"""What an object says of itself is never sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found: mistakes, each with its object, and the kinds that no schema was there for."""

    mistakes: tuple[tuple[Manifest, Fault], ...]
    unchecked: tuple[Kind, ...]


def check(
    manifests: Sequence[Manifest],
    published: Mapping[Version, Compiled],
    *,
    definitions: Iterable[Manifest],
    live: Live,
    sent: Sent = lambda manifest: manifest.body,
) -> Checked:
    """Hold manifests against what the cluster publishes, and against the definitions that come with them.

    `live` gives an object as it stands in the cluster, or nothing; without a cluster it always gives nothing. `sent`
    gives what goes to the server of an object.
    """
    asked_for = {(each.ref.group, each.ref.kind) for each in manifests}
    needed = [each for each in definitions if is_definition(each) and subject_of(each) in asked_for]
    brought = _brought(needed, published)
    mistakes: list[tuple[Manifest, Fault]] = []
    rules = {kind: _rule(kind, published, brought) for kind in dict.fromkeys(map(_kind, manifests))}
    for manifest in manifests:
        rule = rules[_kind(manifest)]
        if rule is not None and len(mistakes) < MOST_MISTAKES:
            mistakes += [(manifest, fault) for fault in _faults(rule, manifest, live, sent)]
    unchecked = tuple(kind for kind, rule in rules.items() if rule is None)
    return Checked(mistakes=tuple(mistakes), unchecked=unchecked)


def _brought(definitions: Iterable[Manifest], published: Mapping[Version, Compiled]) -> dict[Kind, Rule]:
    """Read the definitions that are without mistakes; what is built in cannot be defined anew."""
    document = published.get(DEFINITION[:2])
    rule = document.find(*DEFINITION) if document else None
    if document is None or rule is None:
        return {}
    sound = [each for each in definitions if not faults(rule, _asked(each))]
    return {kind: made for kind, made in defined(sound, document).items() if not _is_built_in(kind, published)}


def _is_built_in(kind: Kind, published: Mapping[Version, Compiled]) -> bool:
    document = published.get(kind[:2])
    return document is not None and document.is_built_in(*kind)


def _rule(kind: Kind, published: Mapping[Version, Compiled], brought: Mapping[Kind, Rule]) -> Rule | None:
    if kind in brought:
        return brought[kind]
    document = published.get(kind[:2])
    return document.find(*kind) if document else None


def _faults(rule: Rule, manifest: Manifest, live: Live, sent: Sent) -> Iterator[Fault]:
    found = faults(rule, _asked(manifest))
    there = live(manifest) if found else None
    for fault in found:
        if not _is_sent(fault, sent(manifest)):
            continue
        if there is None or fault.breach not in _EXCUSABLE or not _is_excused(fault, manifest.body, there):
            yield fault


def _is_sent(fault: Fault, body: Mapping[str, Any]) -> bool:
    """Say whether a fault gets to the server: nulls, and metadata that only the server writes, may be left out."""
    if fault.breach is Breach.NULL:
        return None in _all_at(body, fault.path, exactly=True)
    return fault.path[:1] != ("metadata",) or fault.breach is Breach.MISSING or _holds(body, fault.path)


def _holds(body: Mapping[str, Any], path: Path) -> bool:
    return next(_all_at(body, path, exactly=True), _NOTHING) is not _NOTHING


def _asked(manifest: Manifest) -> dict[str, Any]:
    return {key: value for key, value in manifest.body.items() if key != _LEFT_OUT}


def _kind(manifest: Manifest) -> Kind:
    return manifest.ref.group, manifest.version, manifest.ref.kind


def _is_excused(fault: Fault, body: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """Say whether the live object has the same fault, or no fault because of somebody else's declaration.

    Items of lists are taken for each other, wherever they stand.
    """
    if fault.breach is Breach.MISSING:
        *parent, key = fault.path
        return is_held_by_others(live, fault.path) or any(
            isinstance(each, dict) and key not in each for each in _all_at(live, tuple(parent))
        )
    value = next(iter(_all_at(body, fault.path, exactly=True)), None)
    if isinstance(value, dict | list) and is_held_by_others(live, fault.path):
        return True  # what they declare is counted too
    return value in list(_all_at(live, fault.path))


def _all_at(value: Any, path: Path, *, exactly: bool = False) -> Iterator[Any]:
    if not path:
        yield value
        return
    step, *rest = path
    if isinstance(value, dict) and step in value:
        yield from _all_at(value[step], tuple(rest), exactly=exactly)
    elif isinstance(value, list) and isinstance(step, int):
        for each in value[step : step + 1] if exactly else value:
            yield from _all_at(each, tuple(rest), exactly=exactly)
