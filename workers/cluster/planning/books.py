"""Rewrite an object's books (managedFields) so that what we took over leaves with what left git: pure.

Server-side apply removes a field only when nobody but us owned it. So what people and adopted tools hold is put into
our own entry before we apply, and what an autoscaler or an `ignore` rule shall have is taken out of it: a field that
nobody owns keeps its value. Controllers' entries stay as they are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from workers.cluster.fieldsets import Entry, Fields, Steps, joined, owns, paths, split, uncovered, union
from workers.cluster.objects import LAST_APPLIED, Object, annotations
from workers.cluster.planning.causes import CAUSE_FIELD
from workers.cluster.planning.conflicts import RESTARTED
from workers.cluster.planning.managers import OURS, Sort
from workers.cluster.planning.owners import APPLY, Owner, may_be_taken
from workers.cluster.planning.rules import Rules, among
from workers.cluster.records import RECORD

_LAST_APPLIED = ("f:metadata", "f:annotations", f"f:{LAST_APPLIED}")
_UNSAID = (("f:metadata", "f:annotations", f"f:{RECORD}"), CAUSE_FIELD)
"""Ours, and no part of what git says."""
_NEVER_TAKEN = (("f:status",), ("f:metadata", "f:finalizers"), ("f:metadata", "f:ownerReferences"))
"""Not wishes but ties to what runs: taking a finalizer away would delete what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The new books, what moved into our entry, and what of it has no place in the manifest and will go."""

    entries: tuple[Entry, ...] = field(repr=False)
    leaving: tuple[tuple[Steps, Owner], ...] = ()
    kept: tuple[tuple[Steps, Owner], ...] = ()
    forgets_last_applied: bool = False
    moves: bool = True
    """Whether there is anything to write; what is only named stays where it is."""


def rewritten(
    live: Object, body: Object, found: Sequence[Owner], rules: Rules, fields: Sequence[str], *, take: bool = True
) -> Books | None:
    """Give the books as they must be before the next apply, with `fields` let go of; None where they may stay.

    Without `take` nobody's entries are taken in.
    """
    ours = next((each for each in found if each.is_our_apply), None)
    taken = _taken(found, rules, _version(ours, body, found, rules)) if take else []
    if not taken and not fields:
        return None
    released = among(fields)
    stays = _stays(released)
    sides = [(each, *split(each.fields, stays)) for each in taken]
    before: Fields = ours.fields if ours else {}
    moved = joined([_without_last_applied(rest) for _, rest, _ in sides])
    after, _ = split(union(before, moved) if moved else before, released)
    if not taken and after == before:
        return None
    others = [_entry(each, split(picked, released)[0]) for each, _, picked in sides if picked]
    kept = [each.entry for each in found if each not in taken and each is not ours]
    model = ours or (taken[0] if taken else None)
    assert model is not None  # something of somebody's changed
    mine = {**_entry(model, after), "manager": OURS, "operation": APPLY}
    return Books(
        entries=(*kept, *(entry for entry in others if entry["fieldsV1"]), *([mine] if after else [])),
        leaving=tuple(_leaving(sides, body, [each.fields for each in found if each not in taken and each is not ours])),
        kept=tuple((steps, each) for each, _, picked in sides for steps in _kept(split(picked, released)[0], body)),
        forgets_last_applied=LAST_APPLIED in annotations(live),
        moves=bool(moved) or after != before or LAST_APPLIED in annotations(live),
    )


def departed(found: Sequence[Owner], body: Object) -> tuple[Steps, ...]:
    """List what is ours and not in git (any more), also what an apply that a crash cut short took in."""
    ours = next((each for each in found if each.is_our_apply), None)
    if ours is None or ours.entry.get("apiVersion") != body.get("apiVersion"):
        return ()
    return tuple(steps for steps in uncovered(ours.fields, body) if steps not in _UNSAID)


def shared(gone: Sequence[Steps], found: Sequence[Owner], rules: Rules) -> tuple[tuple[Steps, Owner], ...]:
    """Find who else holds what leaves git, and is not taken over: there it stays."""
    others = [each for each in found if each.holder.subresource or not may_be_taken(each, rules)]
    pairs = ((steps, next((each for each in others if owns(each.fields, steps)), None)) for steps in gone)
    return tuple((steps, by) for steps, by in pairs if by is not None)


def _taken(found: Sequence[Owner], rules: Rules, version: str) -> list[Owner]:
    return [
        each
        for each in found
        if may_be_taken(each, rules)
        and not each.holder.subresource
        and not each.is_our_apply
        and each.entry.get("apiVersion") == version
    ]


def _version(ours: Owner | None, body: Object, found: Sequence[Owner], rules: Rules) -> str:
    """Choose the version whose entries can be put together: field sets of other versions may name other fields."""
    if ours is not None:
        return str(ours.entry.get("apiVersion"))
    wanted = str(body.get("apiVersion"))
    versions = [str(each.entry.get("apiVersion")) for each in found if may_be_taken(each, rules)]
    return wanted if wanted in versions or not versions else versions[0]


def _stays(released: Callable[[Steps], bool]) -> Callable[[Steps], bool]:
    def stays(steps: Steps) -> bool:
        return steps in _NEVER_TAKEN or steps[-1] == f"f:{RESTARTED}" or released(steps)

    return stays


def _kept(picked: Fields, body: Object) -> Iterator[Steps]:
    """Name what stays by what is never taken, not by the mapping that happens to hold nothing else."""
    outside = uncovered(picked, body)
    for steps in paths(picked):
        known = next((each for each in _NEVER_TAKEN if steps[: len(each)] == each), steps)
        if known != _NEVER_TAKEN[0] and any(
            known[: len(each)] == each or each[: len(known)] == known for each in outside
        ):
            yield known


def _leaving(
    sides: Sequence[tuple[Owner, Fields, Fields]], body: Object, others: Sequence[Fields]
) -> Iterator[tuple[Steps, Owner]]:
    for each, rest, _ in sides:
        if each.sort is Sort.OURS or each.entry.get("apiVersion") != body.get("apiVersion"):
            continue  # another version's fields may have other names than those of the body
        for steps in uncovered(_without_last_applied(rest), body):
            if not any(owns(fields, steps) for fields in others):
                yield steps, each


def _without_last_applied(fields: Fields) -> Fields:
    return split(fields, lambda steps: steps == _LAST_APPLIED)[0]


def _entry(of: Owner, fields: Fields) -> dict[str, Any]:
    return {**of.entry, "fieldsV1": fields}
