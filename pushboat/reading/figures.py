"""All that monitoring asks: what happened, what waits, how each environment stands, who gave a sign of life."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pushboat.config.operator import Operator
from pushboat.model.allowance import Allowance
from pushboat.reading.environments import Overview, overview
from pushboat.reading.processes import Signs, signs
from pushboat.store import allowances, backlogs, giving_up, quieting, tallies
from pushboat.store.backlogs import Backlogs
from pushboat.store.database.engine import Store
from pushboat.store.tallies import (
    BEYOND,
    BOUNDS,
    CHANGES,
    DELIVERIES,
    DEPLOYMENTS,
    HEALTHY,
    LEAD,
    LONG_BOUNDS,
    OBJECTS,
    OUTCOMES,
    PLANS,
    RESTORE,
    TAKEOVERS,
    Key,
    Tallies,
    Tally,
)

Sees = Callable[[str, str], bool]
"""Says whether somebody sees an environment of a repository."""
Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """How long something took, sorted: how many were not longer than each bound (cumulative), and all together."""

    up_to: tuple[tuple[str, int], ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one look at the store gives. `whole` is what is nobody's alone; None for who does not see everything.

    `stages` are sorted by repository, environment and stage; `teams` says whose each repository is.
    """

    deployments: Mapping[Key, int]
    plans: Mapping[Key, int]
    healthy: Mapping[Place, Stretches]
    stages: Mapping[Key, Stretches]
    objects: Mapping[Key, int]
    takeovers: Mapping[Key, int]
    keys: "FourKeys"
    teams: Mapping[str, str]
    environments: tuple[Overview, ...]
    whole: "Whole | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class FourKeys:
    """What DORA's four keys are reckoned from: changes by how they went, and two times."""

    changes: Mapping[Key, int]
    lead: Mapping[Place, Stretches]
    restore: Mapping[Place, Stretches]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What all repositories share; `allowances` are by the names of the forges that they are of.

    `given_up`: letters that a forge never took; `quiet`: seconds that a credential is still left alone.
    """

    deliveries: Mapping[Place, int]
    waiting: Backlogs
    signs: Signs
    allowances: tuple[tuple[str, Allowance], ...]
    given_up: Mapping[str, int]
    quiet: Mapping[str, float]


def figures(store: Store, operator: Operator, sees: Sees, *, whole: bool) -> Figures:
    """Read everything, as far as somebody sees."""
    counted = tallies.read(store)
    known = [each for each in overview(store, operator) if sees(each.repository, each.environment)]
    places = [(each.repository, each.environment) for each in known]
    return Figures(
        deployments=_seen(counted, DEPLOYMENTS, sees),
        plans=_seen(counted, PLANS, sees),
        healthy=_stretches(counted.of(HEALTHY), sees),
        stages=_by_stage(counted, sees),
        objects=_seen(counted, OBJECTS, sees),
        takeovers=_none_yet(places, ("",)) | _seen(counted, TAKEOVERS, sees),
        keys=FourKeys(
            changes=_none_yet(places, OUTCOMES) | _seen(counted, CHANGES, sees),
            lead=_stretches(counted.of(LEAD), sees, LONG_BOUNDS, places),
            restore=_stretches(counted.of(RESTORE), sees, LONG_BOUNDS, places),
        ),
        teams={project.repository: project.team for project in operator.projects.values() if project.team},
        environments=tuple(known),
        whole=_whole(store, operator, counted) if whole else None,
    )


def _whole(store: Store, operator: Operator, counted: Tallies) -> Whole:
    return Whole(
        deliveries={(key[0], key[1]): each.number for key, each in counted.of(DELIVERIES).items()},
        waiting=backlogs.read(store),
        signs=signs(store),
        allowances=tuple(_of_forges(operator, allowances.listed(store))),
        given_up=dict.fromkeys(operator.forges, 0) | giving_up.numbers(store),
        quiet=dict.fromkeys(operator.forges, 0.0) | {each.credential: each.left for each in quieting.listed(store)},
    )


def _of_forges(operator: Operator, heard: Iterable[Allowance]) -> Iterator[tuple[str, Allowance]]:
    """Say of which forge each is; what was heard of one that has left the file says nothing any more."""
    hosts = {
        name: {urlsplit(address).netloc for address in (forge.url, forge.api_url)}
        for name, forge in operator.forges.items()
    }
    for each in heard:
        yield from ((name, each) for name, known in hosts.items() if each.host in known)


def _seen(counted: Tallies, what: str, sees: Sees) -> dict[Key, int]:
    return {key: each.number for key, each in counted.of(what).items() if sees(key[0], key[1])}


def _none_yet(places: Iterable[Place], thirds: Sequence[str]) -> dict[Key, int]:
    """Begin at 0: Prometheus sees no increase where a series begins with its first event, and rare ones would be lost.

    https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics
    """
    return {(*place, third): 0 for place in places for third in thirds}


def _by_stage(counted: Tallies, sees: Sees) -> dict[Key, Stretches]:
    return {
        (*place, stage): each
        for stage, found in sorted(counted.by_stage().items())
        for place, each in _stretches(found, sees).items()
    }


def _stretches(
    found: Mapping[Key, Tally], sees: Sees, bounds: Sequence[int] = BOUNDS, known: Iterable[Place] = ()
) -> dict[Place, Stretches]:
    places: dict[Place, dict[str, Tally]] = {place: {} for place in known}
    for (repository, environment, bound), each in found.items():
        if sees(repository, environment):
            places.setdefault((repository, environment), {})[bound] = each
    return {place: _summed(by_bound, bounds) for place, by_bound in places.items()}


def _summed(by_bound: Mapping[str, Tally], bounds: Sequence[int]) -> Stretches:
    so_far, up_to = 0, []
    for bound in (*map(str, bounds), BEYOND):
        so_far += by_bound.get(bound, Tally()).number
        up_to.append((bound, so_far))
    return Stretches(up_to=tuple(up_to), seconds=sum(each.seconds for each in by_bound.values()))
