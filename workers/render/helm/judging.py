"""What a chart must not make Helm do, refused before Helm runs.

Helm reads no file outside of a chart, but the schema of its values may name one: `$ref` takes any address, of the web
and of this machine, and Helm's words repeat what stood there.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pushboat.errors import InvalidManifest, RenderFailed
from pushboat.model.wording import printable
from workers.manifests.pointers import POINTER, is_pointer
from workers.render.helm.contents import ChartFile
from workers.render.helm.ignoring import IGNORE_FILE, ignoring
from workers.sops import reading

SCHEMA = "values.schema.json"
VALUES = "values.yaml"
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef", "$schema")
_METASCHEMA = re.compile(r"https?://json-schema\.org/[\w./#-]*")
_DEEPEST = 100


def demand_harmless(files: Iterable[ChartFile]) -> None:
    """Refuse what would make Helm read what is not the chart's.

    Raises:
        InvalidManifest: a file is kept elsewhere (Git LFS).
        RenderFailed: a schema names other places, or cannot be read; the values are encrypted.
    """
    found = list(files)
    ignored = ignoring(next((_text(each) for each in found if each.inner == IGNORE_FILE), ""))
    for each in found:
        if is_pointer(each.raw) and not ignored(each.inner):
            raise InvalidManifest(f"{each.shown}:1: this is {POINTER}")
        if each.name.casefold() == SCHEMA:
            _demand_closed(each)
        if each.name == VALUES:
            demand_readable(each.raw, each.shown)


def demand_readable(raw: bytes, shown: str) -> None:
    """Refuse encrypted values where they are not opened: a chart's own, and those of kustomize's charts.

    Raises:
        RenderFailed: with what to do instead.
    """
    if reading.read(raw, shown) is not None:
        raise RenderFailed(
            f"{shown} is encrypted, and opened are only files that stand beside a chart: name one of its own under "
            "`helm.values` in .pushboat.yaml"
        )


def _demand_closed(file: ChartFile) -> None:
    """Refuse a schema that leads out of itself."""
    try:
        schema = json.loads(_text(file))
    except RecursionError as error:
        raise _too_deep(file) from error
    except ValueError as error:
        where = f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise RenderFailed(f"{file.shown}{where}: this is no JSON that can be read") from error
    for name, place in _places(schema, file, 0):
        if place.startswith("#") or not place or (_METASCHEMA.fullmatch(place)):
            continue
        raise RenderFailed(
            f"{file.shown}: {name} {printable(place, 80)!r} leads out of this file, and Pushboat fetches nothing: "
            "write the definition into it"
        )


def _places(value: Any, file: ChartFile, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        raise _too_deep(file)
    if isinstance(value, dict):
        yield from ((name, value[name]) for name in _REFERENCES if isinstance(value.get(name), str))
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _places(each, file, depth + 1)


def _too_deep(file: ChartFile) -> RenderFailed:
    return RenderFailed(f"{file.shown}: nested more than {_DEEPEST} levels deep: make it flatter")


def _text(file: ChartFile) -> str:
    return file.raw.decode("utf-8", "replace")
