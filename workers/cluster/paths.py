"""Where a field is inside an object: as the API server names it, as people write it, and as a walk through a body."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from workers.cluster.objects import Object

Path = tuple[str | int, ...]
_FIELD_STEPS = re.compile(r"\.([^.\[\]]+)|\[([^\]]*)\]")
_SELECTOR = re.compile(r'(\w+)=("[^"]*"|\d+|true|false)')
_WRITTEN = re.compile(r"\.?([^.\[\]]+)|\[([^\]]*)\]")
_NAMES = ("name", "key", "mountPath", "containerPort", "port", "ip", "type")
"""The fields that tell the items of a list apart, for people."""


def without(body: Object, path: Path) -> Object:
    """Copy a body without one field."""
    step, *rest = path
    copied: Any = dict(body) if isinstance(body, Mapping) else list(body)
    if rest:
        copied[step] = without(copied[step], tuple(rest))
    else:
        del copied[step]
    return copied  # type: ignore[no-any-return]  # a path's first step is always a key of an object


def value_at(body: Any, path: Path) -> Any:
    """Read one field."""
    for step in path:
        body = body[step]
    return body


def dotted(path: Path) -> str:
    """Write a path as the API server does: `.spec.replicas`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def named(body: Any, path: Path) -> str:
    """Write a path as people do, items of lists by their names: `spec.template.spec.containers[app].image`."""
    text = ""
    for step in path:
        body = body[step]
        if isinstance(step, int):
            text += f"[{item_name(body, step)}]"
        else:
            text += f"[{step}]" if "." in step or "/" in step else f".{step}"
    return text.lstrip(".")


def item_name(item: Any, place: int) -> str:
    """Name an item of a list by what tells it apart, else by its place."""
    if isinstance(item, Mapping):
        return next((str(item[name]) for name in _NAMES if isinstance(item.get(name), str | int)), str(place))
    return str(place)


def steps_of(written: str) -> tuple[tuple[str, bool], ...]:
    """Take apart what people write; each part with whether it stood in brackets."""
    return tuple((bracketed or plain, not plain) for plain, bracketed in _WRITTEN.findall(written))


def find(body: Any, written: str) -> Iterator[Path]:
    """Find the fields that words mean; `[x]` is the item with that name or place, or the key x, `[*]` are all."""
    yield from _found(body, steps_of(written), ())


def values(body: Any, written: str) -> Iterator[Any]:
    """Read the fields that words mean."""
    return (value_at(body, path) for path in find(body, written))


def locate(body: Mapping[str, Any], field: str) -> Path | None:
    """Find what the API server names as `.spec.x` or `.webhooks[name="a"].clientConfig.caBundle`."""
    node: Any = body
    path: list[str | int] = []
    for key, selector in _FIELD_STEPS.findall(field):
        if key and isinstance(node, Mapping) and key in node:
            path.append(key)
        elif selector and isinstance(node, list):
            wanted = {name: json.loads(text) for name, text in _SELECTOR.findall(selector)}
            place = next((at for at, item in enumerate(node) if wanted.items() <= dict(item).items()), None)
            if place is None:
                return None
            path.append(place)
        else:
            return None
        node = node[path[-1]]
    return tuple(path) or None


def _found(node: Any, parts: tuple[tuple[str, bool], ...], path: Path) -> Iterator[Path]:
    if not parts:
        yield path
        return
    (part, bracketed), *rest = parts
    if isinstance(node, Mapping):
        for key in node if (part, bracketed) == ("*", True) else [part] if part in node else ():
            yield from _found(node[key], tuple(rest), (*path, key))
    elif isinstance(node, list) and bracketed:
        for place, item in enumerate(node):
            if part in ("*", str(place), item_name(item, place)):
                yield from _found(item, tuple(rest), (*path, place))
