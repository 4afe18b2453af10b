"""The ways in which one field may be written, the likeliest first; which of them is right, a render proves.

A way is tried on the files as they are, and gives those that change by it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pushboat.model.manifest import Manifest
from workers.editing.texts import CannotWrite
from workers.writing_back.documents import Standing, standing_at
from workers.writing_back.steps import changed
from workers.writing_back.words import Files, LiveField


@dataclass(frozen=True, slots=True)
class Way:
    """One way: the file that it changes above all, and what gives all that change by it."""

    file: str
    take: Callable[[], Files]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be written: a field, with the object that is rendered now and the folder of all files."""

    root: Path
    field: LiveField
    manifest: Manifest

    def raw(self, file: str) -> bytes:
        """Read a file as it is now."""
        try:
            return (self.root / file).read_bytes()
        except OSError as error:
            raise CannotWrite(f"{file} is no file of the repository") from error


def own_ways(asked: Asked) -> Iterator[Way]:
    """Write it in the object's own text."""
    file = asked.manifest.file
    yield Way(file, partial(_in_own_text, asked, file))


def own_text(asked: Asked) -> Standing | None:
    """Find an object's own text; None where it has none here, as what a generator makes or another repository has."""
    manifest = asked.manifest
    if not (asked.root / manifest.file).is_file():
        return None
    found = standing_at(asked.raw(manifest.file), manifest.file, (manifest.line, manifest.column))
    return found if found is not None and is_object(found.data, manifest) else None


def is_object(data: Any, manifest: Manifest) -> bool:
    """Say whether data is an object of this kind, and no list of several."""
    return isinstance(data, dict) and data.get("kind", manifest.ref.kind) == manifest.ref.kind and "metadata" in data


def _in_own_text(asked: Asked, file: str) -> Files:
    found = own_text(asked)
    if found is None:
        raise CannotWrite(f"{asked.manifest.place} is not where it was written as an object")
    field = asked.field
    return {file: found.with_data(changed(found.data, field.steps, field.value, field.behind))}
