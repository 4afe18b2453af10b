"""The environments that there are: those that the operator's file lists, and those of its patterns that are known here.

Whoever goes through environments goes through these; whether a name is allowed, the file alone says.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from pushboat.config.operator import Operator
from pushboat.config.project import Allowed, Limits, Project
from pushboat.store import places
from pushboat.store.database.engine import Store


class Names(Collection[str]):
    """Names for whoever reads what people write: goes through those that there are, and takes all that are allowed."""

    def __init__(self, allowed: Allowed, there: Collection[str]) -> None:
        self._allowed, self._there = allowed, there

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._there or name in self._allowed)

    def __iter__(self) -> Iterator[str]:
        return iter(self._there)

    def __len__(self) -> int:
        return len(self._there)


def names(store: Store, project: Project) -> Names:
    """Give a repository's."""
    return Names(project.environments, environments(store, project))


def environments(store: Store, project: Project, also: Iterable[str] = ()) -> dict[str, Limits]:
    """Give a repository's, in the file's order; of the names that somebody says (`also`) those that are allowed."""
    allowed = project.environments
    there = [name for _, name in places.known(store, project.repository)] if allowed.patterns else []
    return allowed.known((*there, *also))


def everywhere(store: Store, operator: Operator, only: str = "") -> Mapping[str, dict[str, Limits]]:
    """Give those of every repository, or of `only` one, by its name, in the file's order."""
    projects = {name: project for name, project in operator.projects.items() if only in ("", name)}
    by_pattern = any(project.environments.patterns for project in projects.values())
    there: dict[str, list[str]] = {}
    for repository, name in places.known(store, only) if by_pattern else ():
        there.setdefault(repository, []).append(name)
    return {name: project.environments.known(there.get(name, ())) for name, project in projects.items()}
