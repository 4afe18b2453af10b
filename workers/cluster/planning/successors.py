"""Which arriving object takes the place of which leaving one: a name may change in many ways without a loss.

Each arriving object is the successor of one leaving object at most, and the surest likeness comes first.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pushboat.model.manifest import Ref
from workers.cluster.objects import Object, digest

MOST_COMPARED = 60
"""Objects of one kind that are compared field by field with as many; where there are more, by names and whole content
only."""
ALIKE = 0.5
"""Which part of their fields two objects must share to be one another's successor under any name."""
_CUT = re.compile(r"[-.]")
_HASH = re.compile(r"-[a-z0-9]{10}$")
_SERVERS = ("status", "metadata", "apiVersion", "kind")

Bodies = Mapping[Ref, Object]


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
    left = _by_kind(ref for ref in leaving if ref not in found)
    free = _by_kind(ref for ref in arriving if ref not in taken)
    pairs: dict[Ref, Ref] = {}
    for kind, refs in left.items():
        renamed = _renamed(refs, free.get(kind, []))
        rest = [ref for ref in refs if ref not in renamed]
        candidates = [ref for ref in free.get(kind, []) if ref not in set(renamed.values())]
        pairs |= renamed
        if max(len(rest), len(candidates)) <= MOST_COMPARED:
            pairs |= _closest(rest, candidates, leaving, arriving)
    return pairs


def _by_kind(refs: Iterable[Ref]) -> dict[tuple[str, str], list[Ref]]:
    found: dict[tuple[str, str], list[Ref]] = defaultdict(list)
    for ref in sorted(refs):
        found[ref.group, ref.kind].append(ref)
    return found


def _renamed(leaving: Sequence[Ref], arriving: Sequence[Ref]) -> dict[Ref, Ref]:
    """Pair names of which one is the other with something before it or behind it."""
    whole, longer = (
        _index((ref.name, ref) for ref in arriving),
        _index((part, ref) for ref in arriving for part in _ends(ref.name)),
    )
    pairs: dict[Ref, Ref] = {}
    taken: set[Ref] = set()
    for ref in leaving:
        candidates = (*longer[ref.name], *(each for part in _ends(ref.name) for each in whole[part]))
        best = next((each for each in candidates if each not in taken), None)
        if best is not None:
            pairs[ref] = best
            taken.add(best)
    return pairs


def _index(named: Iterable[tuple[str, Ref]]) -> dict[str, list[Ref]]:
    found: dict[str, list[Ref]] = defaultdict(list)
    for name, ref in named:
        found[name].append(ref)
    return found


def _ends(name: str) -> Iterator[str]:
    """Give a name's beginnings and ends, cut where words of it meet."""
    for cut in _CUT.finditer(name):
        yield name[: cut.start()]
        yield name[cut.end() :]


def _closest(leaving: Sequence[Ref], arriving: Sequence[Ref], old: Bodies, new: Bodies) -> dict[Ref, Ref]:
    fields = {ref: frozenset(_leaves(_content(new[ref]), "")) for ref in arriving}
    pairs: dict[Ref, Ref] = {}
    for ref in leaving:
        mine = frozenset(_leaves(_content(old[ref]), ""))
        shares = [(_share(mine, theirs), each) for each, theirs in fields.items()]
        share, best = max(shares, key=lambda pair: pair[0], default=(0.0, ref))
        if share >= ALIKE:
            pairs[ref] = best
            del fields[best]
    return pairs


def _share(one: frozenset[str], other: frozenset[str]) -> float:
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
