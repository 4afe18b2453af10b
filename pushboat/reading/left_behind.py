"""Environments that something still runs in, and that a file names no more: nobody deploys there, nobody deletes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pushboat.config.operator import Operator
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment, short
from pushboat.model.repository import Identity
from pushboat.model.wording import counted
from pushboat.store import leaving, repositories
from pushboat.store.database.engine import Store
from pushboat.store.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What the two files say: `allowed` by the operator's, also under what a repository was called before; `earlier`
    names that it has too; `left` the repository's, with which commit. What goes on under another name has not left."""

    allowed: Mapping[str, tuple[Allowed, ...]]
    earlier: frozenset[Place]
    left: Mapping[Place, str]

    def have(self, place: Place) -> bool:
        """Say whether the operator's file has an environment, under its own or an earlier name."""
        return place in self.earlier or self.allow(place)

    def allow(self, place: Place) -> bool:
        """Say whether it has one under this very name."""
        repository, environment = place
        return any(environment in allowed for allowed in self.allowed.get(repository, ()))


def read(store: Store, operator: Operator) -> Files:
    """Find out which environments the files have."""
    allowed: dict[str, tuple[Allowed, ...]] = {}
    earlier: set[Place] = set()
    known = repositories.listed(store)
    for project in operator.projects.values():
        names = {operator.canonical(project.repository), *_earlier(known, operator, project.repository)}
        for each in names:
            allowed[each] = (*allowed.get(each, ()), project.environments)
        for limits in project.environments.listed.values():
            for other in limits.formerly:
                repository, colon, environment = other.rpartition(":")
                where = operator.canonical(repository) if colon else operator.canonical(project.repository)
                earlier.add((where, environment if colon else other))
    files = Files(allowed=allowed, earlier=frozenset(earlier), left={})
    gone = leaving.left_with(store).items()
    return replace(files, left={place: sha for place, sha in gone if files.allow(place) or place not in earlier})


def sentence(files: Files, operator: Operator, runs: Deployment | None) -> str:
    """Say that what runs somewhere is left behind, and the ways on; empty where it is not."""
    if runs is None:
        return ""
    repository, environment = runs.lane.repository, runs.lane.environment
    number = runs.counts.total
    still = f"its {counted(number, 'object')} still run" if number != 1 else "its object still runs"
    destroy = f"pushboat destroy {repository} {environment}"
    if not files.have((operator.canonical(repository), environment)):
        return f"is not in pushboat.yaml any more, {still}: put it back, then {destroy}, where nobody needs it"
    if sha := files.left.get((repository, environment)):
        return f"left .pushboat.yaml with {short(sha)}, {still}: put it back there, or {destroy}"
    return ""


def _earlier(known: Sequence[Identity], operator: Operator, repository: str) -> list[str]:
    """Name what the forge called this very repository before."""
    now = operator.canonical(repository)
    ids = {(each.forge, each.id) for each in known if each.name == now and each.id}
    return [each.name for each in known if (each.forge, each.id) in ids and not operator.spelled(each.name)]
