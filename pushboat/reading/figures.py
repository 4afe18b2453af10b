"""All that monitoring asks: what happened, what waits, how each environment stands, who gave a sign of life."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pushboat.config.operator import Operator
from pushboat.reading.environments import Overview, overview
from pushboat.reading.processes import Signs, signs
from pushboat.store import backlogs, tallies
from pushboat.store.backlogs import Backlogs
from pushboat.store.database.engine import Store
from pushboat.store.tallies import BEYOND, BOUNDS, DELIVERIES, DEPLOYMENTS, HEALTHY, PLANS, Key, Tallies, Tally

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
    """What one look at the store gives. `whole` is what is nobody's alone; None for who does not see everything."""

    deployments: Mapping[Key, int]
    plans: Mapping[Key, int]
    healthy: Mapping[Place, Stretches]
    environments: tuple[Overview, ...]
    whole: "Whole | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What all repositories share."""

    deliveries: Mapping[Place, int]
    waiting: Backlogs
    signs: Signs


def figures(store: Store, operator: Operator, sees: Sees, *, whole: bool) -> Figures:
    """Read everything, as far as somebody sees."""
    counted = tallies.read(store)
    places = [each for each in overview(store, operator) if sees(each.repository, each.environment)]
    return Figures(
        deployments=_seen(counted, DEPLOYMENTS, sees),
        plans=_seen(counted, PLANS, sees),
        healthy=_stretches({key: each for key, each in counted.of(HEALTHY).items() if sees(key[0], key[1])}),
        environments=tuple(places),
        whole=_whole(store, counted) if whole else None,
    )


def _whole(store: Store, counted: Tallies) -> Whole:
    return Whole(
        deliveries={(key[0], key[1]): each.number for key, each in counted.of(DELIVERIES).items()},
        waiting=backlogs.read(store),
        signs=signs(store),
    )


def _seen(counted: Tallies, what: str, sees: Sees) -> dict[Key, int]:
    return {key: each.number for key, each in counted.of(what).items() if sees(key[0], key[1])}


def _stretches(found: Mapping[Key, Tally]) -> dict[Place, Stretches]:
    places: dict[Place, dict[str, Tally]] = {}
    for (repository, environment, bound), each in found.items():
        places.setdefault((repository, environment), {})[bound] = each
    return {place: _summed(by_bound) for place, by_bound in places.items()}


def _summed(by_bound: Mapping[str, Tally]) -> Stretches:
    so_far, up_to = 0, []
    for bound in (*map(str, BOUNDS), BEYOND):
        so_far += by_bound.get(bound, Tally()).number
        up_to.append((bound, so_far))
    return Stretches(up_to=tuple(up_to), seconds=sum(each.seconds for each in by_bound.values()))
