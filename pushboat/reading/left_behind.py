"""Environments that something still runs in, and that a file names no more: nobody deploys there, nobody deletes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pushboat.config.operator import Operator
from pushboat.model.deployment import Deployment, short
from pushboat.model.repository import Identity
from pushboat.model.wording import counted
from pushboat.store import leaving, repositories
from pushboat.store.database.engine import Store

Place = tuple[str, str]
"""A repository (`github/acme/shop`) and an environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What the two files say: `named` by the operator's, also as earlier names; `left` the repository's, with which
    commit. What goes on under another name has not left."""

    named: frozenset[Place]
    left: Mapping[Place, str]


def read(store: Store, operator: Operator) -> Files:
    """Find out which environments the files have."""
    named: set[Place] = set()
    earlier: set[Place] = set()
    known = repositories.listed(store)
    for project in operator.projects.values():
        names = {operator.canonical(project.repository), *_earlier(known, operator, project.repository)}
        for name, limits in project.environments.items():
            named |= {(each, name) for each in names}
            for other in limits.formerly:
                repository, colon, environment = other.rpartition(":")
                where = operator.canonical(repository) if colon else operator.canonical(project.repository)
                earlier.add((where, environment if colon else other))
    left = {place: sha for place, sha in leaving.left_with(store).items() if place in named or place not in earlier}
    return Files(named=frozenset(named | earlier), left=left)


def sentence(files: Files, operator: Operator, runs: Deployment | None) -> str:
    """Say that what runs somewhere is left behind, and the ways on; empty where it is not."""
    if runs is None:
        return ""
    repository, environment = runs.lane.repository, runs.lane.environment
    number = runs.counts.total
    still = f"its {counted(number, 'object')} still run" if number != 1 else "its object still runs"
    destroy = f"pushboat destroy {repository} {environment}"
    if (operator.canonical(repository), environment) not in files.named:
        return f"is not in pushboat.yaml any more, {still}: put it back, then {destroy}, where nobody needs it"
    if sha := files.left.get((repository, environment)):
        return f"left .pushboat.yaml with {short(sha)}, {still}: put it back there, or {destroy}"
    return ""


def _earlier(known: Sequence[Identity], operator: Operator, repository: str) -> list[str]:
    """Name what the forge called this very repository before."""
    now = operator.canonical(repository)
    ids = {(each.forge, each.id) for each in known if each.name == now and each.id}
    return [each.name for each in known if (each.forge, each.id) in ids and not operator.spelled(each.name)]
