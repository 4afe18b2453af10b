"""What a lost cluster had: each environment with its newest release, what it needs first, what cannot be read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pushboat.config.environment import as_released, by_the_operator
from pushboat.config.operator import Limits, Operator
from pushboat.errors import DeploymentFailed
from pushboat.model.deployment import Lane, goes_back, short
from pushboat.model.manifest import Ref
from pushboat.model.release import Release
from pushboat.model.standing import Standing
from pushboat.model.state import Kind
from pushboat.reading import known
from pushboat.reading.environments import standings
from pushboat.sealing import Key
from pushboat.store import deployments, places, releases
from pushboat.store.database.engine import Store
from workers.cluster.inventory import formerly
from workers.deploying.packing import unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An environment that comes back: `needs` come before it, `locked` are Secrets that another key sealed.

    `comes` is a newer deployment that runs or waits for nobody (0: none), which brings all of it as well.
    """

    lane: Lane
    release: Release
    needs: frozenset[str] = frozenset()
    locked: tuple[Ref, ...] = ()
    comes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """An environment that nothing is done about, and why.

    `lost`: it had something, and stays without it; `unknown`: this store has never heard of anything there.
    """

    lane: Lane
    why: str
    lost: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which environments are meant; what is empty stands for all."""

    repository: str = ""
    cluster: str = ""
    environments: Collection[str] = ()

    def means(self, limits: Limits) -> bool:
        """Say whether an environment is meant."""
        return self.cluster in ("", limits.cluster) and (
            not self.environments or limits.environment in self.environments
        )


def chosen(operator: Operator, store: Store, key: Key, wish: Wish) -> tuple[list[Target], list[Left]]:
    """Find what comes back, and what does not."""
    targets: list[Target] = []
    left: list[Left] = []
    there = known.everywhere(store, operator, wish.repository)
    for repository, environments in there.items():
        meant = {name: limits for name, limits in environments.items() if wish.means(limits)}
        for standing in standings(store, repository, meant):
            lane = Lane(repository=repository, environment=standing.environment)
            found = _judged(store, key, meant[standing.environment], standing, lane)
            if isinstance(found, Target):
                targets.append(found)
            else:
                left.append(found)
    return targets, [*(_renamed(operator, store, each) for each in left), *_without_a_place(store, there, wish)]


def _judged(store: Store, key: Key, limits: Limits, standing: Standing, lane: Lane) -> Target | Left:
    if standing.destroyed:
        return Left(lane=lane, why="was destroyed on purpose")
    if any(each.kind is Kind.REMOVAL for each in standing.unfinished):
        return Left(lane=lane, why="is to be destroyed")
    listed = releases.listed(store, lane, 1)
    if not listed:
        return _without_a_release(standing, lane)
    release = listed[0]
    packed = releases.packed(store, lane, release.number)
    if packed is None:
        return Left(lane=lane, why=_not_kept(lane, release.number, release.sha), lost=True)
    try:
        stored = unpack(packed, key)
        needs = as_released(limits, stored.said).needs
    except DeploymentFailed as refused:
        return Left(lane=lane, why=refused.summary, lost=True)
    comes = next((each.id for each in standing.unfinished if goes_back(each) or not each.held), 0)
    return Target(lane=lane, release=release, needs=frozenset(needs), locked=stored.locked, comes=comes)


def _without_a_release(standing: Standing, lane: Lane) -> Left:
    if standing.runs is None:
        return Left(lane=lane, why="nothing was ever deployed there", unknown=standing.latest is None)
    return Left(lane=lane, why=_not_kept(lane, 0, standing.runs.sha), lost=True)


def _renamed(operator: Operator, store: Store, left: Left) -> Left:
    """Say what ran under another name that an environment goes on with (`formerly`): nothing was under its own yet."""
    limits = operator.limits(left.lane.repository, left.lane.environment) if left.unknown else None
    for former in formerly(left.lane.repository, by_the_operator(limits)) if limits else ():
        ran = deployments.running_in(store, Lane(repository=former.repository, environment=former.environment))
        if ran is not None and ran.kind is not Kind.REMOVAL:
            again = f"pushboat deploy {left.lane.repository} {left.lane.environment} --sha {ran.sha}"
            why = f"goes on with {former}, where {short(ran.sha)} ran, and has no release of its own yet: {again}"
            return Left(lane=left.lane, why=why, lost=True)
    return left


def _not_kept(lane: Lane, number: int, sha: str) -> str:
    what = f"release {number}" if number else "what ran there"
    again = f"pushboat deploy {lane.repository} {lane.environment} --sha {sha}"
    return f"the render of {what} ({short(sha)}) is not stored here; it comes from its commit: {again}"


def _without_a_place(store: Store, there: Mapping[str, Mapping[str, Limits]], wish: Wish) -> list[Left]:
    """Name what only the store knows of: the operator's file does not say where it lies."""
    if wish.cluster or wish.environments:
        return []
    why = "is not in pushboat.yaml any more: put it back there if it is to come back"
    lost = sorted(places.known(store, wish.repository))
    return [
        Left(lane=Lane(repository=repository, environment=name), why=why)
        for repository, name in lost
        if name not in there.get(repository, {})
    ]
