"""`helm`: how the chart of an environment's folder is rendered; what the repository's file may say of it.

Nothing here is secret: values files and single values stand in the repository.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from pushboat.config.schema import Section
from pushboat.model.wording import quoted

CHART = "Chart.yaml"
MOST_VALUES_FILES, MOST_SETTINGS = 50, 200
LONGEST_KEY = 500
LONGEST_RELEASE = 53
"""Characters; the longest that Helm accepts, which puts them in front of objects' names."""
_RELEASE = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_STEP = re.compile(r"(?:[^.\\]|\\.)+")
Value = str | int | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Helm:
    """How a chart is rendered.

    `release` is the release's name; empty means one made of the repository's. `values` are files, relative to the
    chart's folder, later ones win. `settings` are single values by their dotted keys, and win over all files.
    """

    release: str = ""
    values: tuple[str, ...] = ()
    settings: Mapping[str, Value] = field(default_factory=dict)
    include_crds: bool = True

    @classmethod
    def restored(cls, data: Mapping[str, Any] | None) -> "Helm":
        """Read what was stored with a release; those of before have none."""
        return cls(**{**data, "values": tuple(data["values"])}) if data else cls()

    def files_beside(self, path: str) -> tuple[str, ...]:
        """Name the values files as they stand in the repository, for a chart in this folder, or of this Chart.yaml."""
        folder = path.removesuffix(CHART) if path.rpartition("/")[2] == CHART else path
        return tuple(posixpath.normpath(posixpath.join(folder, name)) for name in self.values)

    def outside(self, path: str) -> Iterator[tuple[int, str]]:
        """Find the values files that are outside of the repository, each with its place in the list."""
        for index, file in enumerate(self.files_beside(path)):
            if file == ".." or file.startswith(("../", "/")):
                yield index, self.values[index]

    def nested(self) -> dict[str, Any]:
        """Give the single values as a values file would have them."""
        found: dict[str, Any] = {}
        for key, value in self.settings.items():
            *above, last = steps(key)
            at = found
            for step in above:
                at = at.setdefault(step, {})
            at[last] = value
        return found


def steps(key: str) -> list[str]:
    """Split a dotted key; a dot that belongs to a name is written with a backslash before it."""
    return [re.sub(r"\\(.)", r"\1", step) for step in _STEP.findall(key)]


def release_of(repository: str) -> str:
    """Make a release's name of a repository's, as Helm accepts it: github/Acme/Shop.API is shop-api."""
    own = re.sub(r"[^a-z0-9]+", "-", repository.rpartition("/")[2].lower()).strip("-")
    return own[:LONGEST_RELEASE].rstrip("-") or "release"


def _release(name: str) -> str:
    if not _RELEASE.fullmatch(name) or len(name) > LONGEST_RELEASE:
        raise ValueError(f"must be lower-case letters, digits, '-' and '.', at most {LONGEST_RELEASE}, as Helm has it")
    return name


def _values_file(path: str) -> str:
    if "://" in path:
        raise ValueError("names files of this repository, no URL: commit the file")
    if not path.strip() or not path.isprintable() or "\\" in path or path.endswith("/") or len(path) > 1024:
        raise ValueError("must be files, relative to the chart's folder: values-staging.yaml or ../common.yaml")
    if path.startswith(("/", "~", "-", ":")):
        raise ValueError("must be relative to the chart's folder")
    if any(part.lower() == ".git" for part in path.split("/")):
        raise ValueError("must not lead into .git")
    return posixpath.normpath(path)


def _each_once(files: list[str]) -> list[str]:
    if len(set(files)) < len(files):
        raise ValueError("names a file twice")
    return files


def _settings(settings: dict[str, Value]) -> dict[str, Value]:
    for key, value in settings.items():
        if not key.isprintable() or len(key) > LONGEST_KEY or ".".join(_STEP.findall(key)) != key:
            raise ValueError(r"takes keys such as image.tag; a dot inside a name is written \.")
        if "[" in key:
            raise ValueError(f"cannot set one item of a list ({quoted(key)}): write the whole list in a values file")
        if isinstance(value, str) and not value.isprintable():
            raise ValueError(f"takes text on one line ({quoted(key)}): longer text stands in a values file")
    written = [tuple(steps(key)) for key in settings]
    for one in written:
        if any(other[: len(one)] == one and other is not one for other in written):
            raise ValueError(f"says {quoted('.'.join(one))} twice, as a value and as a mapping")
    return settings


class HelmSection(Section):
    """The section as it is written."""

    release: Annotated[str, AfterValidator(_release)] = ""
    values: Annotated[list[Annotated[str, AfterValidator(_values_file)]], AfterValidator(_each_once)] = Field(
        default_factory=list, max_length=MOST_VALUES_FILES
    )
    settings: Annotated[dict[str, str | int | bool], AfterValidator(_settings)] = Field(
        default_factory=dict, alias="set", max_length=MOST_SETTINGS
    )
    include_crds: bool = True

    def helm(self) -> Helm:
        """Make it."""
        return Helm(
            release=self.release,
            values=tuple(self.values),
            settings=dict(self.settings),
            include_crds=self.include_crds,
        )
