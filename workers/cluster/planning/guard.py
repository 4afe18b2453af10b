"""The guard against mass deletion: what has a successor in the same revision is replaced, not lost.

A prefix, a new hash, another namespace rename every object of a folder at once, which is daily work; an empty folder
takes every object away, which is a mistake. Each arriving object is the successor of one leaving object at most.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pushboat.errors import PruneFailed
from pushboat.model.manifest import Ref
from workers.cluster.inventory import Owner
from workers.cluster.objects import Object, digest
from workers.cluster.planning.words import Plan

SMALLEST_GUARDED = 4
"""An inventory below this may lose everything without a question: renaming two of three objects is daily work."""
MOST_COMPARED = 60
"""Leaving objects of one kind that are compared field by field, each with as many; more of them match by their names
and their whole content only."""
ALIKE = 0.5
"""Which part of their fields two objects must share to be one another's successor under any name."""
_HASH = re.compile(r"-[a-z0-9]{10}$")
_SERVERS = ("status", "metadata", "apiVersion", "kind")

Bodies = Mapping[Ref, Object]


def guard(plan: Plan, members: Iterable[Ref]) -> None:
    """Refuse a plan that loses more than half of a larger inventory.

    Raises:
        PruneFailed: says how many, and how somebody who may can say that it is meant.
    """
    before = set(members)
    arriving = {step.manifest.ref: step.body for step in plan.steps if step.manifest.ref not in before}
    going = {each.ref: each.live for each in plan.to_prune}
    lost = sorted(set(going) - set(replaced(going, arriving)))
    if len(before) >= SMALLEST_GUARDED and len(lost) * 2 > len(before):
        raise _refusal(lost, len(before), plan.inventory.owner)


def replaced(leaving: Bodies, arriving: Bodies) -> dict[Ref, Ref]:
    """Give each leaving object its successor among the arriving ones, where it has one; the surest likeness first."""
    found: dict[Ref, Ref] = {}
    for likeness in _LIKENESSES:
        free = set(found.values())
        left = {ref: body for ref, body in leaving.items() if ref not in found}
        open_for = {ref: body for ref, body in arriving.items() if ref not in free}
        found.update(_paired(left, open_for, likeness))
    return found | _alike(leaving, arriving, found)


def _paired(
    leaving: Bodies, arriving: Bodies, likeness: Callable[[Ref, Object], Hashable]
) -> Iterator[tuple[Ref, Ref]]:
    """Pair what has the same likeness, in the order of names."""
    waiting: dict[Hashable, list[Ref]] = defaultdict(list)
    for ref in sorted(arriving, reverse=True):
        waiting[likeness(ref, arriving[ref])].append(ref)
    for ref in sorted(leaving):
        if same := waiting.get(likeness(ref, leaving[ref])):
            yield ref, same.pop()


def _same_name(ref: Ref, _body: Object) -> Hashable:
    """Tell by kind and name, whatever the namespace and the API group: moved, or a kind that changed its group."""
    return ref.kind, ref.name


def _same_name_but_hash(ref: Ref, _body: Object) -> Hashable:
    return ref.group, ref.kind, _HASH.sub("", ref.name)


def _same_content(ref: Ref, body: Object) -> Hashable:
    return ref.group, ref.kind, digest(_content(body))


_LIKENESSES = (_same_name, _same_name_but_hash, _same_content)


def _alike(leaving: Bodies, arriving: Bodies, found: Mapping[Ref, Ref]) -> dict[Ref, Ref]:
    """Pair the rest, kind by kind: by a name that only got longer or shorter, or by most of its fields."""
    taken = set(found.values())
    pairs: dict[Ref, Ref] = {}
    by_kind: dict[tuple[str, str], list[Ref]] = defaultdict(list)
    for ref in sorted(arriving):
        if ref not in taken:
            by_kind[ref.group, ref.kind].append(ref)
    for ref in sorted(leaving):
        candidates = by_kind[ref.group, ref.kind]
        if ref in found or not candidates:
            continue
        best = _renamed(ref, candidates) or _closest(leaving[ref], candidates[:MOST_COMPARED], arriving)
        if best is not None:
            pairs[ref] = best
            candidates.remove(best)
    return pairs


def _renamed(ref: Ref, candidates: Sequence[Ref]) -> Ref | None:
    """Find a name that is this one with something before it or behind it, or the other way round."""
    for each in candidates:
        short, long = sorted((ref.name, each.name), key=len)
        if long.startswith((f"{short}-", f"{short}.")) or long.endswith((f"-{short}", f".{short}")):
            return each
    return None


def _closest(body: Object, candidates: Sequence[Ref], arriving: Bodies) -> Ref | None:
    fields = set(_leaves(_content(body), ""))
    shares = [(_share(fields, set(_leaves(_content(arriving[each]), ""))), each) for each in candidates]
    share, best = max(shares, key=lambda pair: pair[0])
    return best if share >= ALIKE else None


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _content(body: Object) -> Mapping[str, Any]:
    return {key: value for key, value in body.items() if key not in _SERVERS}


def _leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each, f"{path}[]")
    else:
        yield f"{path}={value!r}"


def _refusal(lost: Sequence[Ref], members: int, owner: Owner) -> PruneFailed:
    names = "\n".join(f"- {ref}" for ref in lost)
    say = f"/deploy {owner.environment} --prune"
    return PruneFailed(
        f"say `{say}` if it is meant, else restore the files — refusing to delete {len(lost)} of {members} objects "
        "at once",
        f"These objects are no longer in the repository, and nothing takes their place:\n\n{names}\n\n"
        f"Whoever may deploy to {owner.environment} can allow it for one deployment: comment `{say}` on an open pull "
        f"request, or run `pushboat deploy {owner.repository} {owner.environment} --prune`. "
        "Removing them in smaller steps does it as well.",
    )
