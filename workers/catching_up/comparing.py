"""What a look means: the heads as they are beside those that we know of. Pure.

A delivery may be on its way while we look. So a head that stands elsewhere is only noted at first, and counts as missed
when it still does after some seconds in which no delivery has told of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pushboat.model.digits import whole
from pushboat.model.head import Head
from workers.catching_up.coverage import ALL, There, covered

GRACE = 10.0
"""Seconds that a delivery may take from the push to us."""

MOST_MISSED = 50
"""Of one look; the rest is found by the next, which comes soon."""

_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What to do after a look: `missed` are in the order in which they are accepted, the newest last."""

    covered: str
    new: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    missed: Mapping[str, str] = field(default_factory=dict)
    as_before: Sequence[str] = ()
    gone: Sequence[str] = ()
    more: bool = False


def compare(known: Mapping[str, Head], there: There, before: str, now: float, coverage: str = ALL) -> Comparison:
    """Compare what is there with what we know; `before` is what the last look kept track of, `coverage` this one."""
    kept = list(covered(coverage, there))
    watched = set(covered(before, kept))
    new, found, missed, as_before = {}, {}, {}, []
    for ref in sorted(kept, key=natural):
        head, commits = known.get(ref), there[ref]
        if head is None and ref not in watched:
            new[ref] = commits[0]
        elif head is not None and head.sha in commits:
            as_before += [ref] if head.found_at else []
        elif head is None or not head.found_at:
            found[ref] = commits[0]
        elif now - head.found_at >= GRACE:
            missed[ref] = commits[0]
        else:
            found[ref] = commits[0]
    first = dict(list(missed.items())[:MOST_MISSED])
    return Comparison(
        covered=coverage,
        new=new,
        found=found,
        missed=first,
        as_before=tuple(as_before),
        gone=tuple(ref for ref in covered(coverage, known) if ref not in there),
        more=bool(found) or len(first) < len(missed),
    )


def natural(ref: str) -> tuple[object, ...]:
    """Order refs so that v1.10 comes after v1.9: of several tags for one environment the highest is accepted last."""
    parts = ((whole(part), part) for part in _NUMBERS.split(ref))
    return tuple((-1, part) if number is None else (number, "") for number, part in parts)
