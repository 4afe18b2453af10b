"""A chart as Helm is given it: its folder, and the charts beside it that it depends on, where Helm looks for them.

Helm wants every dependency in the chart's folder `charts`. What is vendored there counts; what `file://` names is put
there, as `helm dependency build` would; and so is what comes from outside, once it is locked and allowed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pushboat.config.helm import CHART
from pushboat.config.sources import canonical
from pushboat.errors import RenderFailed
from pushboat.model import outside
from pushboat.model.outside import Outside
from pushboat.model.wording import printable
from workers.render.helm.archives import Archive, Budget, Files, unpack
from workers.render.helm.charts import REQUIREMENTS, Dependency, dependencies, name_of
from workers.render.helm.contents import beside, read
from workers.render.helm.ignoring import IGNORE_FILE, ignoring
from workers.render.helm.references import inside
from workers.source.outside.words import Bring, nothing

_CHARTS = "charts/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A chart, or one in it: its name, its files by their paths below it, and where it stands in the repository."""

    name: str
    files: Files
    shown: str

    @property
    def needs(self) -> tuple[Dependency, ...]:
        """List what it depends on."""
        for name in (REQUIREMENTS, CHART):
            raw = self.files.get(name)
            if isinstance(raw, bytes) and (found := dependencies(raw, beside(self.shown, name))):
                return found
        return ()

    @property
    def within(self) -> "Iterator[Part]":
        """List the charts in its folder `charts`."""
        folders: dict[str, Archive] = {}
        for path, content in self.files.items():
            if not path.startswith(_CHARTS) or path.removeprefix(_CHARTS)[:1] in "_.":
                continue
            top, _, rest = path.removeprefix(_CHARTS).partition("/")
            if isinstance(content, Archive):
                if not rest:
                    folders[top] = content
            elif rest:
                folder = folders.setdefault(top, Archive({}, beside(self.shown, f"{_CHARTS}{top}")))
                folder.files[rest] = content
        for each in folders.values():
            if isinstance(raw := each.files.get(CHART), bytes):
                yield Part(name=name_of(raw, beside(each.shown, CHART)), files=each.files, shown=each.shown)


def assemble(root: Path, folder: str, bring: Bring = nothing) -> Part:
    """Read a chart with all that it needs; `bring` gives what is not in the repository.

    Raises:
        RenderFailed: a dependency cannot be brought, or charts depend on each other in a circle; an archive is
            none; all together is too large.
        InvalidManifest: a Chart.yaml is no YAML.
    """
    return _assembled(_Supply(root, bring, Budget()), folder, (folder,))


@dataclass(frozen=True, slots=True)
class _Supply:
    """Where charts come from, and how much of them may."""

    root: Path
    bring: Bring
    budget: Budget


def _assembled(supply: _Supply, folder: str, trail: tuple[str, ...]) -> Part:
    files = read(supply.root / folder, folder, supply.budget)
    if len(trail) > 1:
        files = _packaged(files)
    raw = files.get(CHART)
    if not isinstance(raw, bytes):
        raise RenderFailed(f"{folder or '.'} has no {CHART}: it is no chart")
    chart = Part(name=name_of(raw, beside(folder, CHART)), files=files, shown=folder)
    vendored = {each.name for each in chart.within}
    brought: list[Files] = []
    needs = {(each.name, each.repository, "" if each.local else each.version): each for each in reversed(chart.needs)}
    for need in reversed(needs.values()):
        if need.name in vendored:
            continue
        found = _beside(supply, chart, need, trail) if need.local else _outside(supply, need)
        if found.files not in brought:  # one chart under two names is one chart
            files[_free(files, need.name)] = Archive(found.files, found.shown)
            brought.append(found.files)
    return chart


def _outside(supply: _Supply, need: Dependency) -> Part:
    """Open a chart that another one depends on from elsewhere."""
    try:
        address = canonical(need.repository)
        brought = supply.bring(Outside(kind=outside.CHART, address=address, name=need.name, asked=need.version))
    except ValueError as wrong:
        raise RenderFailed(f"{need.place}: `repository` {wrong}; or commit the chart in `charts`") from wrong
    except RenderFailed as refused:
        raise RenderFailed(f"{need.place}: {refused.summary}", refused.details) from refused
    archive = unpack(brought.content, brought.shown, supply.budget)
    raw = archive.files.get(CHART)
    if not isinstance(raw, bytes) or (called := name_of(raw, beside(brought.shown, CHART))) != need.name:
        raise RenderFailed(f"{need.place}: {brought.shown} is no chart of that name")
    return Part(name=called, files=archive.files, shown=brought.shown)


def _beside(supply: _Supply, chart: Part, need: Dependency, trail: tuple[str, ...]) -> Part:
    """Assemble a chart that another one depends on by `file://`."""
    name = printable(need.name, 80)
    place = inside(beside(chart.shown, CHART), need)
    if place is None:
        raise RenderFailed(
            f"{need.place}: {printable(need.repository, 80)} is outside of this repository: copy it here"
        )
    if place in trail:
        circle = " → ".join((*trail[trail.index(place) :], place))
        raise RenderFailed(f"{need.place}: charts depend on each other in a circle: {circle}")
    found = _assembled(supply, place, (*trail, place)) if (supply.root / place).is_dir() else None
    if found is None:
        raise RenderFailed(
            f"{need.place}: there is no chart at {place or '.'}: correct {printable(need.repository, 80)}"
        )
    if found.name != need.name:
        raise RenderFailed(f"{need.place}: the chart at {place or '.'} is called {found.name}, not {name}")
    return found


def _packaged(files: Files) -> Files:
    """Leave out what Helm would not put into an archive; in one, nothing is left out any more."""
    raw = files.get(IGNORE_FILE)
    ignored = ignoring(raw.decode("utf-8", "replace") if isinstance(raw, bytes) else "")
    return {name: content for name, content in files.items() if not ignored(name)}


def _free(files: Files, name: str) -> str:
    taken = {path.split("/")[1] for path in files if path.startswith(_CHARTS)}
    number = next(number for number in range(len(taken) + 1) if f"{name}-{number}.tgz" not in taken)
    return f"{_CHARTS}{name}-{number}.tgz"
