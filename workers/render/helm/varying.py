"""Charts that become something else each time they are rendered: chance, the clock, and what only a cluster can answer.

Whoever deploys such a chart changes what runs with every push: a password made by chance is another one each time. So
it is rendered twice where its templates mention such a word, and what differed is named.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pushboat.model.manifest import Manifest, Ref
from pushboat.model.wording import listed
from workers.render.helm.assembling import Part
from workers.render.helm.contents import ChartFile

MOST_NAMED = 3
_ACTION = re.compile(
    rb"(?P<comment>\{\{-?\s*+/\*)(?:[^*]++|\*(?!/))*+|"
    rb"""\{\{(?:[^"`'}]++|"(?:[^"\\\n]|\\.)*+"|`[^`]*+`|'(?:[^'\\\n]|\\.)*+'|\}(?!\}))*+""",
    re.DOTALL,
)
"""A comment, or an action up to its end: what stands in its texts ends none. Nothing in it is looked at twice."""
_CHANCE = re.compile(
    rb"\b(?:rand(?:AlphaNum|Alpha|Ascii|Numeric|Bytes|Int)|shuffle|uuidv4|now|ago|keys|values|htpasswd|bcrypt|"
    rb"gen(?:PrivateKey|CA|CAWithKey|SelfSignedCert|SelfSignedCertWithKey|SignedCert|SignedCertWithKey)|encryptAES|"
    rb"date|dateInZone|date_in_zone|htmlDate|htmlDateInZone)\b"
)
"""Chance, the clock, and what comes in the order of a map; the date of what is no time is today's."""
_LOOKUP = re.compile(rb"\b(?:lookup|getHostByName)\b")


def may_vary(texts: Iterable[bytes]) -> bool:
    """Say whether templates mention anything that may give another answer each time it is asked."""
    return any(_mentions(_CHANCE, each) for each in texts)


def _mentions(words: re.Pattern[bytes], text: bytes) -> bool:
    actions = _ACTION.finditer(text) if words.search(text) else ()
    return any(words.search(each[0]) for each in actions if not each["comment"])


def has_twins(chart: Part) -> bool:
    """Say whether two charts in one are called the same: which of them Helm takes is left to chance."""
    inner = list(chart.within)
    names = Counter(each.name for each in inner)
    return any(count > 1 for count in names.values()) or any(map(has_twins, inner))


def asks_around(files: Iterable[ChartFile]) -> str:
    """Say which templates ask a cluster or a name server, where they find nothing here; empty for none."""
    found = [each.shown for each in files if _mentions(_LOOKUP, each.raw)]
    more = [f"{len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    if not found:
        return ""
    places = listed([*found[:MOST_NAMED], *more])
    return f"`lookup` and `getHostByName` find nothing here, as with `helm template`: see {places}"


def differences(once: Sequence[Manifest], twice: Sequence[Manifest]) -> str:
    """Name the objects that came out differently of two renders; empty for none."""
    first, second = _by_ref(once), _by_ref(twice)
    changed = sorted(ref for ref in first.keys() | second.keys() if first.get(ref) != second.get(ref))
    if not changed:
        return ""
    named = [_told(ref, first.get(ref), second.get(ref)) for ref in changed[:MOST_NAMED]]
    more = [f"{len(changed) - MOST_NAMED} more"] if len(changed) > MOST_NAMED else []
    return (
        f"this chart renders differently each time: {listed([*named, *more])}. Every push changes that: give it a "
        "value in a values file, or let `ignore` leave the field alone"
    )


def _told(ref: Ref, one: Any, other: Any) -> str:
    fields = list(_changed(one, other)) if one is not None and other is not None else []
    shown = [".".join(path) for path in fields[:2]]
    return f"{ref} ({', '.join(shown)})" if shown and all(shown) else str(ref)


def _changed(one: Any, other: Any, path: tuple[str, ...] = ()) -> Iterable[tuple[str, ...]]:
    """Find the fields that differ, by their names only."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                yield from _changed(one.get(name), other.get(name), (*path, str(name)))
    else:
        yield path


def _by_ref(manifests: Sequence[Manifest]) -> dict[Ref, Any]:
    return {each.ref: each.body for each in manifests}
