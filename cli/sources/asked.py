"""What the files of a work tree ask for from outside: those that the environments' folders hold, and lead to."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pushboat.config.sources import canonical
from pushboat.errors import InvalidManifest
from pushboat.model.outside import CHART, Outside
from workers.render.helm.charts import Dependency, dependencies, is_chart
from workers.render.referring import REFERENCES

LARGEST = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for and where (`file:line`), or why that can be fetched from nowhere."""

    place: str
    outside: Outside | None = None
    wrong: str = ""


def asked_of(root: Path, places: Iterable[str]) -> tuple[Asked, ...]:
    """List what the files below some places of a work tree ask for, and those that they refer to."""
    return tuple(
        each for file, content in _reached(root, list(places)) if is_chart(file) for each in _of(root, file, content)
    )


def _reached(root: Path, places: list[str]) -> Iterator[tuple[str, bytes]]:
    """Walk files that may lead on, from place to place; links are left alone."""
    seen: set[str] = set()
    while places:
        for file in _files(root, places.pop()):
            if file in seen or not REFERENCES.reads(file):
                continue
            seen.add(file)
            content = (root / file).read_bytes()[: LARGEST + 1]
            places += REFERENCES.of(file, content)
            yield file, content


def _files(root: Path, place: str) -> Iterator[str]:
    if (root / place).is_file():
        yield place
    for folder, inner, names in os.walk(root / place):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not path.is_symlink():
                yield path.relative_to(root).as_posix()


def _of(root: Path, file: str, content: bytes) -> Iterator[Asked]:
    folder = (root / file).parent / "charts"
    try:
        needs = dependencies(content, file)
    except InvalidManifest as error:
        yield Asked(place=file, wrong=error.summary)
        return
    for need in needs:
        if not need.local and not _is_vendored(folder, need.name):
            yield _chart(need)


def _is_vendored(folder: Path, name: str) -> bool:
    return (folder / name).is_dir() or any(folder.glob(f"{name}-[0-9v]*.tgz"))


def _chart(need: Dependency) -> Asked:
    try:
        address = canonical(need.repository)
    except ValueError as error:
        return Asked(place=need.place, wrong=f"the `repository` of {need.name} {error}")
    outside = Outside(kind=CHART, address=address, name=need.name, asked=need.version)
    return Asked(place=need.place, outside=outside)
