"""A chart as Helm is given it: its folder, and the charts beside it that it depends on, where Helm looks for them.

Helm wants every dependency in the chart's folder `charts`. What is vendored there counts; what `file://` names is put
there, as `helm dependency build` would; anything else is refused with what to do, since nothing is fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pushboat.config.helm import CHART
from pushboat.errors import RenderFailed
from pushboat.model.wording import printable
from workers.render.helm.archives import Archive, Budget, Files
from workers.render.helm.charts import REQUIREMENTS, Dependency, dependencies, name_of
from workers.render.helm.contents import beside, read
from workers.render.helm.ignoring import IGNORE_FILE, ignoring
from workers.render.helm.references import inside

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


def assemble(root: Path, folder: str) -> Part:
    """Read a chart with all that it needs.

    Raises:
        RenderFailed: a dependency is not in the repository, or charts depend on each other in a circle; an archive is
            none; all together is too large.
        InvalidManifest: a Chart.yaml is no YAML.
    """
    return _assembled(root, folder, Budget(), (folder,))


def _assembled(root: Path, folder: str, budget: Budget, trail: tuple[str, ...]) -> Part:
    files = read(root / folder, folder, budget)
    if len(trail) > 1:
        files = _packaged(files)
    raw = files.get(CHART)
    if not isinstance(raw, bytes):
        raise RenderFailed(f"{folder or '.'} has no {CHART}: it is no chart")
    chart = Part(name=name_of(raw, beside(folder, CHART)), files=files, shown=folder)
    vendored = {each.name for each in chart.within}
    for need in chart.needs:
        if need.name in vendored:
            continue
        found = _beside(root, chart, need, budget, trail)
        files[_free(files, need.name)] = Archive(found.files, found.shown)
        vendored.add(need.name)
    return chart


def _beside(root: Path, chart: Part, need: Dependency, budget: Budget, trail: tuple[str, ...]) -> Part:
    """Assemble a chart that another one depends on by `file://`."""
    name = printable(need.name, 80)
    if not need.local:
        raise RenderFailed(
            f"{need.place}: chart {name} is not in {beside(chart.shown, 'charts')}, and Pushboat fetches nothing: run "
            "`helm dependency update` there and commit `charts`"
        )
    place = inside(beside(chart.shown, CHART), need)
    if place is None:
        raise RenderFailed(
            f"{need.place}: {printable(need.repository, 80)} is outside of this repository: copy it here"
        )
    if place in trail:
        circle = " → ".join((*trail[trail.index(place) :], place))
        raise RenderFailed(f"{need.place}: charts depend on each other in a circle: {circle}")
    found = _assembled(root, place, budget, (*trail, place)) if (root / place).is_dir() else None
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
