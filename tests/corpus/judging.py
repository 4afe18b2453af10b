"""Compare what was seen with what was promised: one function for each key of a `then`, all of them pure."""

import re
from collections.abc import Callable, Iterator, Mapping

from tests.corpus.ordering import in_order
from tests.corpus.paths import value_at
from tests.corpus.seen import Broken, Json, Said, Seen, shown
from tests.corpus.words import Paths, Promise

NOTHING = "nothing"
PAIRS = (("“", "”"), ("«", "»"))


def judge(promise: Promise, seen: Seen) -> list[Broken]:
    """Give every key of a promise that does not hold."""
    return [broken for one in JUDGES.values() for broken in one(promise, seen)]


def _status(promise: Promise, seen: Seen) -> Iterator[Broken]:
    yield from _ends("status", promise.context, promise.status, seen) if promise.status else ()


def _statuses(promise: Promise, seen: Seen) -> Iterator[Broken]:
    for context, end in promise.statuses.items():
        yield from _ends("statuses", context, end, seen)


def _ends(key: str, context: str, end: str, seen: Seen) -> Iterator[Broken]:
    said = seen.said.get(context)
    if said is None or said.state != end or not said.ended:
        yield Broken(key, f"{context} to end as {end}", str(said or f"{NOTHING} under {context}"))


def _of(promise: Promise, seen: Seen) -> Iterator[Broken]:
    for tag, one in promise.of.items():
        for broken in judge(one, seen.of[tag]):
            yield Broken(f"of: {tag}: {broken.key}", broken.expected, broken.seen)


def _says(promise: Promise, seen: Seen) -> Iterator[Broken]:
    text = _text(promise, seen).lower()
    for words in promise.says:
        if not any(word.lower() in text for word in words):
            yield Broken("says", " or ".join(map(repr, words)), _sayings(promise, seen))


def _says_not(promise: Promise, seen: Seen) -> Iterator[Broken]:
    text = _text(promise, seen).lower()
    for word in promise.says_not:
        if word.lower() in text:
            yield Broken("says_not", f"no {word!r}", _sayings(promise, seen))


def _quotes(promise: Promise, seen: Seen) -> Iterator[Broken]:
    for said in _about(promise, seen) if promise.quotes else ():
        # An apostrophe within a word (doesn't) is no quotation mark.
        bare = re.sub(r"(?<=\w)['\u2019](?=\w)", "", said.reason)
        lonely = [mark for mark in "\"'`" if bare.count(mark) % 2]
        lonely += [opened + closed for opened, closed in PAIRS if bare.count(opened) != bare.count(closed)]
        if lonely:
            yield Broken(
                "quotes", "quotation marks in pairs", f"a lonely {' and '.join(lonely)} in {shown(said.reason)}"
            )


def _longest(promise: Promise, seen: Seen) -> Iterator[Broken]:
    for said in _about(promise, seen) if promise.longest is not None else ():
        if len(said.reason) > (promise.longest or 0):
            yield Broken(
                "longest", f"at most {promise.longest} characters", f"{len(said.reason)}: {shown(said.reason)}"
            )


def _objects(promise: Promise, seen: Seen) -> Iterator[Broken]:
    if not promise.objects:
        return
    said = seen.said.get(promise.context)
    counts = said.counts if said else None
    for action, count in promise.objects.items():
        if counts is None or counts.get(action) != count:
            told = f"no deployment behind {promise.context}" if counts is None else str(dict(counts))
            yield Broken("objects", f"{count} {action}", told)


def _within(promise: Promise, seen: Seen) -> Iterator[Broken]:
    if promise.within is not None and seen.elapsed > promise.within:
        yield Broken("within", f"the end after at most {promise.within:g} s", f"{seen.elapsed:.1f} s")


def _cluster(promise: Promise, seen: Seen) -> Iterator[Broken]:
    for name, paths in promise.cluster.items():
        yield from _stands("cluster", name, paths, seen.objects[name])


def _same(promise: Promise, seen: Seen) -> Iterator[Broken]:
    for name in promise.same:
        before, after = _uids(seen.history[name].before), _uids(seen.objects[name])
        if not before:
            yield Broken("same", f"{name} to have been there before the push", NOTHING)
        elif before != after:
            yield Broken("same", f"{name} to be {before}", str(after or NOTHING))


def _always(promise: Promise, seen: Seen) -> Iterator[Broken]:
    for name, paths in promise.always.items():
        pictures = [*seen.history[name].pictures(), seen.objects[name]]
        broken = (broken for picture in pictures for broken in _stands("always", name, paths, picture))
        yield from [one for one in [next(broken, None)] if one]


def _order(promise: Promise, seen: Seen) -> Iterator[Broken]:
    yield from in_order(promise.order, {name: seen.history[name] for name in promise.order})


def _either(promise: Promise, seen: Seen) -> Iterator[Broken]:
    found = [judge(one, seen) for one in promise.either]
    if found and all(found):
        each = " | ".join(" and ".join(map(str, one)) for one in found)
        yield Broken("either", f"one of {len(found)} to hold", each)


def _stands(key: str, name: str, paths: Paths, found: Mapping[str, Json]) -> Iterator[Broken]:
    if paths is None:
        if found:
            yield Broken(key, f"{name} not to be there", ", ".join(found))
        return
    if not found:
        yield Broken(key, f"{name} to be there", NOTHING)
    for own, each in found.items():
        for path, wanted in paths.items():
            value = value_at(each, path)
            if value != wanted or isinstance(value, bool) is not isinstance(wanted, bool):
                yield Broken(key, f"{name} {path} {NOTHING if wanted is None else repr(wanted)}", f"{value!r} ({own})")


def _uids(found: Mapping[str, Json]) -> dict[str, str]:
    return {name: each["metadata"]["uid"] for name, each in found.items()}


def _about(promise: Promise, seen: Seen) -> list[Said]:
    contexts = promise.statuses or (promise.context,)
    return [seen.said[context] for context in contexts if context in seen.said]


def _text(promise: Promise, seen: Seen) -> str:
    return "\n".join(f"{said.description}\n{said.reason}" for said in _about(promise, seen))


def _sayings(promise: Promise, seen: Seen) -> str:
    return "; ".join(map(str, _about(promise, seen))) or f"{NOTHING} under {', '.join(promise.contexts)}"


JUDGES: dict[str, Callable[[Promise, Seen], Iterator[Broken]]] = {
    "status": _status,
    "statuses": _statuses,
    "of": _of,
    "says": _says,
    "says_not": _says_not,
    "quotes": _quotes,
    "longest": _longest,
    "objects": _objects,
    "within": _within,
    "cluster": _cluster,
    "same": _same,
    "always": _always,
    "order": _order,
    "either": _either,
}
"""Each key that can be broken. `context` says what the others are about; `settle` is the same judgement once more."""
