"""What the files of a work tree ask for from outside: those that the environments' folders hold, and lead to."""

import os
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import ScalarNode

from pushboat.config.helm import CHART as CHART_FILE
from pushboat.config.sources import canonical
from pushboat.errors import InvalidManifest
from pushboat.model.outside import CHART, Outside
from workers.render.helm.charts import Dependency, dependencies, is_chart
from workers.render.kustomize.addresses import address_of
from workers.render.kustomize.fields import NAMES, cut, fields_of, is_kustomization, scalars
from workers.render.kustomize.references import DEFAULT_CHART_HOME, ELSEWHERE
from workers.render.kustomize.remote import looks_remote
from workers.render.kustomize.repository_charts import RepositoryChart, charts_of
from workers.render.referring import REFERENCES

LARGEST = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for and where (`file:line`), or why that can be fetched from nowhere.

    Of a base `folder` is what is built upon, and `url` how whoever wrote it reaches the repository.
    """

    place: str
    outside: Outside | None = None
    wrong: str = ""
    folder: str = ""
    url: str = ""


def asked_of(root: Path, places: Iterable[str]) -> tuple[Asked, ...]:
    """List what the files below some places of a work tree ask for, and those that they refer to."""
    return tuple(each for file, content in _reached(root, list(places)) for each in _of(root, file, content))


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
    """List what may be read there: a kustomization and a chart name themselves what else is, beside and below."""
    if (root / place).is_file():
        yield place
    own = [name for name in NAMES if (root / place / name).is_file()]
    if own:
        yield from (posixpath.join(place, name) for name in (*own, CHART_FILE) if (root / place / name).is_file())
        return
    for folder, inner, names in os.walk(root / place):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not path.is_symlink():
                yield path.relative_to(root).as_posix()


def _of(root: Path, file: str, content: bytes) -> Iterator[Asked]:
    if is_chart(file):
        yield from _of_chart(root, file, content)
    if is_kustomization(file):
        yield from _of_kustomization(root, file, content)


def _of_kustomization(root: Path, file: str, content: bytes) -> Iterator[Asked]:
    try:
        fields = fields_of(content, file)
    except InvalidManifest as error:
        yield Asked(place=file, wrong=error.summary)
        return
    for name in ELSEWHERE:
        for word in scalars(fields.get(name), ()):
            if looks_remote(str(word.value)) and not (root / file).parent.joinpath(str(word.value)).exists():
                yield _elsewhere(_place(file, word), str(word.value))
    home = next((str(each.value) for each in scalars(fields.get("helmglobals"), ("charthome",))), DEFAULT_CHART_HOME)
    for found in charts_of(fields.get("helmcharts")):
        if not (root / file).parent.joinpath(home, found.place).exists():
            yield _pulled(_place(file, found.repo), found)


def _elsewhere(place: str, word: str) -> Asked:
    try:
        address = address_of(word)
    except ValueError as error:
        return Asked(place=place, wrong=f"{cut(word)} {error}")
    return Asked(place=place, outside=address.outside, folder=address.folder, url=address.url)


def _pulled(place: str, chart: RepositoryChart) -> Asked:
    try:
        return Asked(place=place, outside=chart.outside)
    except ValueError as error:
        return Asked(place=place, wrong=f"the `repo` of {chart.name} {error}")


def _place(file: str, node: ScalarNode) -> str:
    return f"{file}:{node.start_mark.line + 1}"


def _of_chart(root: Path, file: str, content: bytes) -> Iterator[Asked]:
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
