"""Following the steps of a field through data: to read it, and to copy the data with another value there."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from pushboat.model.changeset import Steps
from pushboat.model.manifest import Path
from workers.editing.texts import CannotWrite
from workers.writing_back.words import GONE

DELETE = {"$patch": "delete"}
"""What a strategic merge patch says of an item that is to go."""
_TELL_APART = ("name", "containerPort", "port", "mountPath", "protocol", "key", "ip", "type", "host")
"""What a patch says of an item, so that it is known whichever of these its kind goes by."""


def value_at(data: Any, steps: Steps) -> Any:
    """Read a field; GONE where it is not there."""
    path = path_of(data, steps)
    return at(data, path) if path is not None else GONE


def at(data: Any, path: Path) -> Any:
    """Read what stands at a path."""
    for step in path:
        data = data[step]
    return data


def path_of(data: Any, steps: Steps) -> Path | None:
    """Find where steps lead to in data; None where there is no such field."""
    path: list[str | int] = []
    for step in steps:
        place = _place(data, step)
        if place is None:
            return None
        path.append(place)
        data = data[place]
    return tuple(path)


def changed(data: Any, steps: Steps, value: Any, behind: Sequence[str] = ()) -> Any:
    """Copy data with a value at steps, or without what is there; a new item comes behind the first of these.

    Raises:
        CannotWrite: there is nothing to take away, or a list on the way has no such item.
    """
    copied = deepcopy(data)
    *way, last = steps
    holder = copied
    for number, step in enumerate(way):
        place = _place(holder, step)
        if place is None and (value is GONE or not isinstance(step, str) or not isinstance(holder, dict)):
            raise CannotWrite("what it stands in is not written there")
        if place is None:
            holder[step] = [] if isinstance(steps[number + 1], tuple) else {}
            place = step
        if holder[place] is None and value is not GONE:
            holder[place] = [] if isinstance(steps[number + 1], tuple) else {}
        holder = holder[place]
    _set(holder, last, value, behind)
    return copied


def before_it(data: Any, steps: Steps) -> tuple[str, ...]:
    """Name the items that an item stands behind, the nearest one first; nothing for what is no item."""
    *way, last = steps
    path = path_of(data, steps)
    if path is None or not isinstance(last, tuple):
        return ()
    items = at(data, path_of(data, tuple(way)) or ())
    return tuple(str(item.get(last[0])) for item in reversed(items[: int(path[-1])]))


def patched(data: Any, steps: Steps, value: Any, built: Any) -> Any:
    """Copy a strategic merge patch with a value at steps; `built` is the object that it is for, as it is now.

    What is to go is said so: a field by null, an item by its own word for that.
    """
    copied = deepcopy(data)
    holder = copied
    for number, step in enumerate(steps[:-1]):
        place = _place(holder, step)
        built = at(built, found) if (found := path_of(built, (step,))) else None
        if place is None:
            deeper: Any = [] if isinstance(steps[number + 1], tuple) else {}
            place = _added(holder, step, {**_known_by(built), **deeper} if isinstance(step, tuple) else deeper)
        holder = holder[place]
    last = steps[-1]
    if value is GONE and isinstance(last, tuple):
        item = at(built, found) if (found := path_of(built, (last,))) else {last[0]: last[1]}
        value = {**_known_by(item), **DELETE}
    _set(holder, last, None if value is GONE else value)
    return copied


def _added(holder: Any, step: Any, value: Any) -> Any:
    if isinstance(holder, dict) and isinstance(step, str):
        holder[step] = value
        return step
    if isinstance(holder, list) and isinstance(step, tuple):
        holder.append({step[0]: step[1], **value})
        return len(holder) - 1
    raise CannotWrite("a patch cannot name one item of a list by its number")


def _set(holder: Any, step: Any, value: Any, behind: Sequence[str] | None = None) -> None:
    place = _place(holder, step)
    if value is GONE:
        if place is None:
            raise CannotWrite("it is not written there")
        del holder[place]
    elif place is not None:
        holder[place] = value
    elif isinstance(holder, dict) and isinstance(step, str):
        holder[step] = value
    elif isinstance(holder, list) and isinstance(step, tuple):
        places = (_place(holder, (step[0], word)) for word in behind or ())
        holder.insert(
            next((found + 1 for found in places if found is not None), len(holder) if behind is None else 0), value
        )
    else:
        raise CannotWrite("what it stands in is not written there")


def _place(data: Any, step: Any) -> Any:
    """Say where one step leads to; None where there is nothing."""
    if isinstance(data, Mapping):
        return step if isinstance(step, str) and step in data else None
    if not isinstance(data, list):
        return None
    if isinstance(step, tuple):
        name, word = step
        same = (n for n, item in enumerate(data) if isinstance(item, Mapping) and str(item.get(name)) == str(word))
        return next(same, None)
    return step if isinstance(step, int) and step < len(data) else None


def _known_by(item: Any) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        return {}
    return {name: item[name] for name in _TELL_APART if isinstance(item.get(name), str | int)}
