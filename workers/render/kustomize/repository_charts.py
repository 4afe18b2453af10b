"""Entries of `helmCharts` whose chart comes from a repository of charts, and where kustomize looks for it first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yaml.nodes import Node, ScalarNode, SequenceNode

from pushboat.config.sources import canonical
from pushboat.model.outside import CHART, Outside
from workers.render.kustomize.fields import scalars

NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*")
_VERSION = re.compile(r"[\w.+-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryChart:
    """An entry of `helmCharts` whose chart comes from elsewhere."""

    name: str
    version: str
    repo: ScalarNode

    @property
    def place(self) -> str:
        """Name where kustomize looks for it, below the folder of charts: pulled versions stand side by side."""
        return f"{self.name}-{self.version}/{self.name}" if self.version else self.name

    @property
    def outside(self) -> Outside:
        """Say what is asked for.

        Raises:
            ValueError: the repository is none that anything is fetched from.
        """
        return Outside(kind=CHART, address=canonical(str(self.repo.value)), name=self.name, asked=self.version)


def chart_of(entry: Node | None) -> RepositoryChart | None:
    """Read an entry of `helmCharts`; None where its chart stands in the repository."""
    words = {name: next(scalars(entry, (name,)), None) for name in ("name", "version", "repo")}
    name, version, repo = words["name"], words["version"], words["repo"]
    if name is None or repo is None or not repo.value:
        return None
    found = RepositoryChart(name=str(name.value), version=str(version.value) if version else "", repo=repo)
    return found if NAME.fullmatch(found.name) and _VERSION.fullmatch(found.version) else None


def charts_of(node: Node | None) -> Iterator[RepositoryChart]:
    """Give those of a list of charts that come from elsewhere."""
    for entry in node.value if isinstance(node, SequenceNode) else ():
        if found := chart_of(entry):
            yield found
