"""Keys that YAML takes for true, false or a number: they arrive as another word than is written, and nobody is told.

`NO: norway` of a ConfigMap becomes its key `false`. Who quotes a key, or writes what it is read as, meant it.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from pushboat.model.manifest import Manifest, Path
from pushboat.model.wording import printable
from workers.review.words import Finding, Weight

MOST = 100
"""Keys that are looked up in a push: for each of them its way through the file is gone."""
_FIRST = frozenset("tfN+-0123456789")
_READ = re.compile(r"true|false|NaN|[-+]Inf|[-+]?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?")
_NESTS = frozenset((dict, list))


def misread(manifests: Iterable[Manifest]) -> Iterator[Finding]:
    """Warn of versions and keys that are read as another word than they are written as."""
    every = list(manifests)
    yield from _versions(every)
    yield from _keys(every)


def _versions(manifests: Iterable[Manifest]) -> Iterator[Finding]:
    """Warn of an empty group: API server and kubectl take `/v1` for `v1`, and other tools for nothing."""
    for each in manifests:
        written = str(each.body.get("apiVersion"))
        if written.startswith("/"):
            yield Finding(
                rule="misread-version",
                place=each.place_of(("apiVersion",)),
                sentence=f"{each.ref}: apiVersion {printable(written)} is read as {each.version}: write that",
                ref=each.ref,
                weight=Weight.WARNING,
            )


def _keys(manifests: list[Manifest]) -> Iterator[Finding]:
    if not any(_READ.fullmatch(key) for key in _keys_in(each.body for each in manifests)):
        return
    suspects = ((each, path) for each in manifests for path in _suspects(each.body))
    for manifest, path in islice(suspects, MOST):
        written, key = manifest.key_at(path), str(path[-1])
        if written and written != key:
            word = printable(written)
            yield Finding(
                rule="misread-key",
                place=manifest.place_of(path, by_name=True),
                sentence=f'{manifest.ref}: the key {word} is read as {key}: quote it ("{word}")',
                ref=manifest.ref,
                weight=Weight.WARNING,
            )


def _keys_in(bodies: Iterable[Any]) -> set[str]:
    """Give all keys of some objects, each once: most objects have the same ones, and no way to one is needed yet."""
    keys: set[str] = set()
    seen: set[int] = set()
    left = list(bodies)
    for value in left:  # which grows meanwhile
        if type(value) is dict:
            keys.update(value)
        values = value.values() if type(value) is dict else value
        if not _NESTS.isdisjoint(map(type, values)):
            nested = [each for each in values if type(each) in _NESTS and id(each) not in seen]
            seen.update(map(id, nested))
            left += nested
    return keys


def _suspects(body: Any) -> Iterator[Path]:
    """Name what YAML may have made a key of; what several aliases share is looked at once."""
    seen: set[int] = set()
    left: list[tuple[Any, Path]] = [(body, ())]
    while left:
        value, path = left.pop()
        if not isinstance(value, dict | list) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, list):
            left += [(item, (*path, number)) for number, item in enumerate(value)]
            continue
        for key, inner in value.items():
            if key[:1] in _FIRST and _READ.fullmatch(key):
                yield (*path, key)
            if isinstance(inner, dict | list):
                left.append((inner, (*path, key)))
