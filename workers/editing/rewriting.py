"""A file with one document of it made to say something else: all that it says already stays as it is written.

What comes out is read again and compared with what went in. A document that cannot be changed so that nothing else
changes (an anchor that others share, a key that a merge brings) is not changed at all.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pushboat.model.manifest import Path
from workers.editing import changing
from workers.editing.texts import CannotWrite, Text, manner_of, opened

MOST_STEPS = 500
"""Of one document; each reads the file once more."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What is to be done at a path; the value is none of what is taken away."""

    act: str
    path: Path
    value: Any = None


def rewritten(raw: bytes, file: str, number: int, wanted: Any) -> bytes:
    """Make the document of this number say what is wanted, and nothing else of the file another thing.

    Raises:
        CannotWrite: that cannot be done; the reason is a part of a sentence.
    """
    text = opened(raw, file)
    before = text.documents()
    manner = manner_of(text, before)
    steps = [*_steps(before[number].data, wanted, ())]
    if len(steps) > MOST_STEPS:
        raise CannotWrite(f"{len(steps):,} changes are more than anybody would read")
    for step in steps:
        root = text.documents()[number].node
        if step.act == "put":
            body = changing.put(text, root, step.path, step.value, manner)
        elif step.act == "add":
            body = changing.add(text, root, step.path, step.value, manner)
        else:
            body = changing.take_away(text, root, step.path)
        text = Text(body, text.mark, text.encoding, file)
    meant = [wanted if at == number else each.data for at, each in enumerate(before)]
    if not same([each.data for each in text.documents()], meant):
        raise CannotWrite(
            "what is written there cannot change so that nothing else does: an anchor or a comment is in it"
        )
    return text.encoded(text.body)


def same(one: Any, other: Any) -> bool:
    """Compare data as JSON has it: 1 is not true, and not 1.0 either."""
    return _written(one) == _written(other)


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _steps(old: Any, new: Any, path: Path) -> Iterator[_Step]:
    """List the smallest steps from one value to another, so that each finds what the ones before it left."""
    if same(old, new):
        return
    if isinstance(old, list) and isinstance(new, list) and old and new:
        yield from _steps_of_list(old, new, path)
    elif isinstance(old, dict) and isinstance(new, dict) and old and new:
        kept = [name for name in old if name in new]
        if not kept:
            yield _Step("put", path, new)
            return
        yield from (_Step("take away", (*path, name)) for name in old if name not in new)
        for name in kept:
            yield from _steps(old[name], new[name], (*path, name))
        yield from (_Step("add", (*path, name), value) for name, value in new.items() if name not in old)
    else:
        yield _Step("put", path, new)


def _steps_of_list(old: list[Any], new: list[Any], path: Path) -> Iterator[_Step]:
    """Walk a list from its end, so that the numbers before stay what they are."""
    codes = SequenceMatcher(None, [*map(_called, old)], [*map(_called, new)], autojunk=False).get_opcodes()
    if not any(code == "equal" for code, *_ in codes) and len(old) != len(new):
        yield _Step("put", path, new)
        return
    for code, begin, end, first, last in reversed(codes):
        both = min(end - begin, last - first)
        yield from (_Step("take away", (*path, at)) for at in range(end - 1, begin + both - 1, -1))
        for at in range(first + both, last):
            yield _Step("add", (*path, begin + at - first), new[at])
        for at in range(both - 1, -1, -1):
            yield from _steps(old[begin + at], new[first + at], (*path, begin + at))
        del code


def _called(item: Any) -> str:
    """Call an item by its name, where it has one: it stays the same item when something in it changes."""
    name = item.get("name") if isinstance(item, dict) else None
    return _written(name) if isinstance(name, str) else _written(item)
