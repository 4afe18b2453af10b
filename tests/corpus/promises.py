"""Read a `then` into a promise; each key has its reader, and a key without one is refused."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.corpus.paths import steps_of
from tests.corpus.refusing import NotUnderstood, a_duration, a_mapping, a_text, known, texts
from tests.corpus.words import Paths, Promise

ENDS = ("success", "failure", "error")
COUNTS = ("created", "configured", "unchanged", "deleted")


def read_promise(data: Any, place: str, context: str = "pushboat/staging") -> Promise:
    """Read a `then`; what it offers as alternatives is about the same context unless they say otherwise.

    Raises NotUnderstood, which names the place.
    """
    data = a_mapping(data, place)
    known(data, place, "context", "of", "either", *READERS)
    if not set(data) - {"context", "settle", "within"}:
        raise NotUnderstood(f"{place}: nothing must hold")
    context = data.get("context", context)
    read = {key: READERS[key](value, f"{place}: {key}") for key, value in data.items() if key in READERS}
    of = a_mapping(data.get("of", {}), f"{place}: of")
    either = data.get("either", [])
    if not isinstance(either, list) or ("either" in data and len(either) < 2):
        raise NotUnderstood(f"{place}: either: a list of two or more is wanted")
    return Promise(
        context=context,
        of={tag: read_promise(each, f"{place}: of: {tag}", context) for tag, each in of.items()},
        either=tuple(
            read_promise(each, f"{place}: either: {number}", context) for number, each in enumerate(either, 1)
        ),
        **read,
    )


def _end(value: Any, place: str) -> str:
    if value not in ENDS:
        raise NotUnderstood(f"{place}: a status ends as {', '.join(ENDS)}, not as {value!r}")
    return str(value)


def _ends(value: Any, place: str) -> Mapping[str, str]:
    return {context: _end(end, f"{place}: {context}") for context, end in a_mapping(value, place).items()}


def _words(value: Any, place: str) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list) or not value:
        raise NotUnderstood(f"{place}: a list of words is wanted, not {value!r}")
    return tuple(texts(each, place) if isinstance(each, list) else (a_text(each, place),) for each in value)


def _paired(value: Any, place: str) -> str:
    if value != "paired":
        raise NotUnderstood(f"{place}: only `paired` is known, not {value!r}")
    return "paired"


def _whole_number(value: Any, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NotUnderstood(f"{place}: a number is wanted, not {value!r}")
    return value


def _counts(value: Any, place: str) -> Mapping[str, int]:
    known(a_mapping(value, place), place, *COUNTS)
    return {action: _whole_number(count, f"{place}: {action}") for action, count in value.items()}


def _objects(value: Any, place: str) -> Mapping[str, Paths]:
    for name, paths in a_mapping(value, place).items():
        _object(name, place)
        for path in a_mapping(paths, f"{place}: {name}") if paths is not None else ():
            if not steps_of(path):
                raise NotUnderstood(f"{place}: {name}: {path!r} is not a path")
    return dict(value)


def _names(value: Any, place: str) -> tuple[str, ...]:
    return tuple(_object(name, place) for name in texts(value, place))


def _object(name: str, place: str) -> str:
    kind, slash, own = name.partition("/")
    if not slash or not own or not kind[:1].isupper():
        raise NotUnderstood(f"{place}: {name!r} is not Kind[.group]/name")
    return name


READERS: dict[str, Callable[[Any, str], Any]] = {
    "status": _end,
    "statuses": _ends,
    "says": _words,
    "says_not": texts,
    "quotes": _paired,
    "longest": _whole_number,
    "objects": _counts,
    "within": a_duration,
    "cluster": _objects,
    "same": _names,
    "always": _objects,
    "order": _names,
    "settle": a_duration,
}
