"""Which files name others that a render reads too, one row per renderer, and what is read of a folder."""

import posixpath
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from pushboat.config.environment import Environment
from pushboat.config.helm import CHART
from workers.render.helm.charts import is_chart
from workers.render.helm.references import beside
from workers.render.kustomize.fields import NAMES, is_kustomization
from workers.render.kustomize.references import references
from workers.render.selecting import Selection, is_plain
from workers.source.walking import Choice


@dataclass(frozen=True, slots=True)
class Referring:
    """The rows together: a file may refer by none, one or several of them. Without an environment all is read."""

    rows: tuple[tuple[Callable[[str], bool], Callable[[str, bytes], list[str]]], ...]
    environment: Environment | None = None

    def reads(self, path: str) -> bool:
        """Say whether a file of this path may name others."""
        return any(may_refer(path) for may_refer, _ in self.rows)

    def of(self, path: str, content: bytes) -> list[str]:
        """List the paths in the repository that it names."""
        return [place for may_refer, listed in self.rows if may_refer(path) for place in listed(path, content)]

    def begins_at(self, path: str) -> str:
        """Give the folder of a kustomization or a chart for its file; any other file stands for itself."""
        folder, name = posixpath.split(path)
        return folder if name in (*NAMES, CHART) else path

    def choice(self, names: Collection[str]) -> Choice | None:
        """Say which files are read of a folder in which these names lie; None for every one."""
        plain = self.environment is not None and is_plain(names, self.environment.render)
        return Selection(self.environment) if plain and self.environment else None


REFERENCES = Referring(((is_kustomization, references), (is_chart, beside)))


def referring(environment: Environment) -> Referring:
    """Give what renderers know, with what an environment says of its folder."""
    return replace(REFERENCES, environment=environment)
