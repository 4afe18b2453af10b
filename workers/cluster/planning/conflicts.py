"""Whose a field is that we declare and do not own any more. One principle, and no list of fields.

What this commit did not change and a controller has taken since is left to it. What this commit changes is taken over.
What people changed by hand is put back. What another tool deploys is refused. Each of these is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workers.cluster.fieldsets import Fields, holds, matches
from workers.cluster.objects import Object, annotations
from workers.cluster.paths import Path, dotted
from workers.cluster.planning.managers import Sort, always_holds
from workers.cluster.planning.owners import Owner, may_be_taken
from workers.cluster.planning.rules import Rules
from workers.cluster.records import RECORD, remembers

RESTARTED = "kubectl.kubernetes.io/restartedAt"
"""What `kubectl rollout restart` writes: taking it back would restart the pods once more."""
_NOT_DECLARED = ("apiVersion", "kind", "status")
_IDENTITY = ("name", "namespace")


class Decision(StrEnum):
    """What to do with a field of ours that somebody else holds."""

    TAKE = "take over"
    LEAVE = "leave"
    REFUSE = "refuse"


class Before(StrEnum):
    """What we know of a field's declaration before this commit."""

    SAME = "same"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision about one field, and whose doing it is; nobody's where the field was taken away."""

    decision: Decision
    path: Path
    by: Owner | None = None


def before(live: Mapping[str, Any], body: Mapping[str, Any], path: Path) -> Before:
    """Look up whether the commit changed a field; what an earlier version of Pushboat applied has no record."""
    kept = annotations(live).get(RECORD)
    if not kept:
        return Before.UNKNOWN
    return Before.SAME if remembers(kept, body, path) else Before.CHANGED


def decide(path: Path, holders: Sequence[Owner], known: Before, rules: Rules) -> Verdict:
    """Decide about one field."""
    for each in holders:
        if each.sort is Sort.TOOL and not may_be_taken(each, rules):
            return Verdict(Decision.REFUSE, path, each)
    for each in holders:
        if _stays_with(each, path, known):
            return Verdict(Decision.LEAVE, path, each)
    return Verdict(Decision.TAKE, path, holders[0] if holders else None)


def verdicts(body: Object, live: Object, found: Sequence[Owner], rules: Rules) -> Iterator[Verdict]:
    """Decide about every declared field that is not ours (any more)."""
    others = [each for each in found if each.sort is not Sort.OURS]
    ours = [each.fields for each in found if each.sort is Sort.OURS]
    for path in lost(body, ours, [each.fields for each in others]):
        holders = [each for each in others if holds(each.fields, body, path)]
        yield decide(path, holders, before(live, body, path), rules)
    foreign = [each for each in others if each.sort is Sort.TOOL and not may_be_taken(each, rules)]
    for path in _leaves(body, ()) if foreign else ():  # what both apply is red as soon as one of the two changes it
        by = next((each for each in foreign if holds(each.fields, body, path)), None)
        if by and before(live, body, path) is Before.CHANGED:
            yield Verdict(Decision.REFUSE, path, by)


def lost(body: Mapping[str, Any], ours: Sequence[Fields], others: Sequence[Fields] = ()) -> Iterator[Path]:
    """Find the declared fields that are no longer in our field sets, as finely as others hold them."""
    metadata = {key: value for key, value in body.get("metadata", {}).items() if key not in _IDENTITY}
    wishes = {key: value for key, value in body.items() if key not in _NOT_DECLARED}
    wishes["metadata"] = metadata
    if len(ours) == 1 and _is_covered(wishes, ours[0]):
        return iter(())
    return _unowned(wishes, ours, others, ())


def _stays_with(owner: Owner, path: Path, known: Before) -> bool:
    if owner.sort is Sort.CONTROLLER:
        return known is Before.SAME or (known is Before.UNKNOWN and always_holds(owner.holder, dotted(path)))
    return known is Before.SAME and path[-1] == RESTARTED


def _is_covered(value: Any, owned: Fields) -> bool:
    """Say quickly whether all of a value is in one field set, as it nearly always is; in doubt it is not."""
    if not owned:
        return True  # a leaf, owned with all that is in it
    if isinstance(value, dict):
        for key, each in value.items():
            node = owned.get(f"f:{key}")
            if node is None or (node and isinstance(each, (dict, list)) and not _is_covered(each, node)):
                return False
    elif isinstance(value, list) and _has_items(owned):
        for item in value:
            nodes = [node for key, node in owned.items() if matches(key, item)]
            if len(nodes) != 1 or not _is_covered(item, nodes[0]):
                return False
    return True


def _unowned(value: Any, owned: Sequence[Fields], others: Sequence[Fields], path: Path) -> Iterator[Path]:
    """Walk what we declare beside the field sets that are ours, and beside those of others."""
    in_a_list = isinstance(path[-1] if path else "", int)
    finer = not owned and not in_a_list and any(key.startswith("f:") for node in others for key in node)
    if isinstance(value, dict) and (any(owned) or finer):
        for key, each in value.items():
            ours, theirs = _field(owned, key), _field(others, key)
            # An empty value owns nothing, unless it is one that is replaced as a whole, as a selector is.
            if not _is_empty(each) or (not ours and not all(theirs)):
                yield from _unowned(each, ours, theirs, (*path, key))
    elif isinstance(value, list) and any(_has_items(node) for node in owned):
        for place, item in enumerate(value):
            yield from _unowned(item, _items(owned, item), _items(others, item), (*path, place))
    elif not owned:
        yield path


def _leaves(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, dict) and value:
        for key, each in value.items():
            if path or key not in _NOT_DECLARED:
                yield from _leaves(each, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for place, each in enumerate(value):
            yield from _leaves(each, (*path, place))
    elif not _is_empty(value) and (path[:1] != ("metadata",) or path[1] not in _IDENTITY):
        yield path


def _field(nodes: Sequence[Fields], key: str) -> list[Fields]:
    return [node[f"f:{key}"] for node in nodes if f"f:{key}" in node]


def _items(nodes: Sequence[Fields], item: Any) -> list[Fields]:
    return [node[key] for node in nodes for key in node if matches(key, item)]


def _is_empty(value: Any) -> bool:
    return value == [] or (isinstance(value, dict) and all(_is_empty(each) for each in value.values()))


def _has_items(node: Mapping[str, Any]) -> bool:
    return any(key.startswith(("k:", "v:")) for key in node)
