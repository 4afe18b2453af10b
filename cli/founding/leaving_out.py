"""Which files of a folder of manifests are none, so that the first push is not refused for them."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from cli.founding.looking import CHART, KUSTOMIZATIONS, LARGEST, Found
from pushboat.config.environment import Environment
from pushboat.config.excluding import Excluding
from pushboat.config.globs import MOST_GLOBS
from workers.render.other_files import is_no_manifest
from workers.render.selecting import Selection
from workers.source.walking import Word

OTHERS = {CHART, *KUSTOMIZATIONS}
"""Below a folder of plain manifests, what lies beside one of these is another renderer's."""


def with_exclude(root: Path, found: Iterable[Found]) -> tuple[Found, ...]:
    """Say for each folder of plain manifests what it should leave out."""
    return tuple(replace(each, exclude=_exclude(root / each.path)) for each in found)


def _exclude(folder: Path) -> tuple[str, ...]:
    if any((folder / name).exists() for name in OTHERS):
        return ()
    others: list[str] = []
    manifests: list[str] = []
    for path, others_folder in _files(folder):
        is_other = others_folder or _is_other(folder / path, path)
        (others if is_other else manifests).append(path)
    globs = Excluding(manifests).proposed(others)
    return globs if len(globs) <= MOST_GLOBS else ()


def _files(folder: Path) -> Iterator[tuple[str, bool]]:
    """Give every file that a deployment would read, and whether it lies in a folder of another renderer."""
    everything = Selection(Environment(name="", cluster="", namespaces=(), namespace="", path=""))
    elsewhere: set[str] = set()
    for place, inner, names in os.walk(folder):
        here = Path(place).relative_to(folder).as_posix()
        if OTHERS & set(names) or str(Path(here).parent) in elsewhere:
            elsewhere.add(here)
        inner[:] = sorted(name for name in inner if everything.of(name, folder=True) is Word.TAKE)
        for name in sorted(names):
            if everything.of(name, folder=False) is Word.TAKE:
                yield name if here == "." else f"{here}/{name}", here in elsewhere


def _is_other(file: Path, name: str) -> bool:
    """Look into a file; what cannot be read is said when it is deployed."""
    try:
        return file.is_file() and file.stat().st_size <= LARGEST and is_no_manifest(file.read_text("utf-8-sig"), name)
    except (OSError, UnicodeDecodeError):
        return False
