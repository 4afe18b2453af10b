"""Every environment at a glance: its latest deployment, what runs there when that one did not get through, and holds.

Also environments that the operator's file lists and nothing was ever deployed to: an empty row says what to do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pushboat.config.operator import Operator
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.hold import Hold
from pushboat.model.json_forms import deployment_form, moment
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State
from pushboat.model.unmerged import Unmerged, unmerged
from pushboat.reading import known, left_behind
from pushboat.reading.drifted import Drifted, Known, drift_form, drifted
from pushboat.reading.held import environments_form
from pushboat.routing.holds import all_told, in_order, told, with_line
from pushboat.store import asks, deployments, holds, inspections, leaving, routing_jobs, since_release
from pushboat.store.database.engine import Store

TROUBLE = (State.FAILED, State.ERRORED)
"""The latest commit did not get there, and somebody must act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One environment: `latest` is what was asked for last, `runs` what last got through; both may be none.

    `destroyed`: what got through last was its removal, so nothing runs. `left` says that it runs and a file names it
    no more, and the ways on. `holds` let nothing new start there, whether something waits or not, in the order in which
    they will end, and beside a lock who is in line for it; `drift` is what is known of it. `unmerged` says whose commit
    runs before its merge, where one does.
    """

    repository: str
    environment: str
    latest: Deployment | None = None
    runs: Deployment | None = None
    destroyed: bool = False
    left: str = ""
    holds: tuple[Hold, ...] = ()
    drift: Drifted = field(default_factory=lambda: Drifted(known=Known.UNKNOWN))
    unmerged: Unmerged | None = None


def overview(store: Store, operator: Operator, only: str = "") -> list[Overview]:
    """List every environment, the operator's order first, then those that only the store still knows.

    `only` is the one repository whose environments are read, however it is spelt; empty: all.
    """
    only = operator.spelled(only) or only
    newest = deployments.latest_by_lane(store, only)
    latest, through = _by_place(newest), _by_place(deployments.running_by_lane(store, only, newest))
    held, files = holds.listed(store, only), left_behind.read(store, operator)
    seen = {(each.lane.repository, each.lane.environment): each for each in inspections.listed(store, only)}
    ahead, now = _unmerged(store, through), store.now()
    named = [
        (repository, environment)
        for repository, environments in known.everywhere(store, operator, only).items()
        for environment in environments
    ]
    rest = sorted(latest.keys() - set(named))
    return [
        Overview(
            repository=key[0],
            environment=key[1],
            latest=latest.get(key),
            runs=_runs(through.get(key)),
            destroyed=_is_removal(through.get(key)),
            left=left_behind.sentence(files, operator, _runs(through.get(key))),
            holds=_of(held, now, *key),
            drift=drifted(seen.get(key), _runs(through.get(key)), latest.get(key), operator.drift_every, now),
            unmerged=ahead.get(key),
        )
        for key in (*named, *rest)
    ]


def standings(
    store: Store, repository: str, environments: Iterable[str], drift_every: float = 0.0
) -> tuple[Standing, ...]:
    """Say how each environment of a repository stands."""
    latest = {row.lane.environment: row for row in deployments.latest_by_lane(store, repository)}
    held, left = holds.listed(store, repository), leaving.left_with(store)
    seen = {each.lane.environment: each for each in inspections.listed(store, repository)}
    lanes = {environment: Lane(repository=repository, environment=environment) for environment in environments}
    through = {environment: deployments.running_in(store, lane) for environment, lane in lanes.items()}
    ahead, now = _unmerged(store, through), store.now()
    return tuple(
        Standing(
            environment=environment,
            runs=(runs := _runs(through[environment])),
            latest=latest.get(environment),
            drift=drifted(seen.get(environment), runs, latest.get(environment), drift_every, now).sentence,
            unfinished=tuple(routing_jobs.unfinished(store, lane)),
            holds=_of(held, now, repository, environment),
            destroyed=_is_removal(through[environment]),
            halfway=since_release.left_halfway(store, lane),
            left_with=left.get((repository, environment), ""),
            unmerged=ahead.get(environment),
        )
        for environment, lane in lanes.items()
    )


Place = TypeVar("Place")


def _unmerged(store: Store, through: Mapping[Place, Deployment | None]) -> dict[Place, Unmerged | None]:
    """Say of each place whose commit runs there before its merge."""
    runs = {place: found for place, each in through.items() if (found := _runs(each)) and found.pull_request}
    merged = asks.merged_into(store, {_proposal(each) for each in runs.values()})
    return {place: unmerged(each, merged.get(_proposal(each))) for place, each in runs.items()}


def _proposal(runs: Deployment) -> tuple[str, int]:
    return runs.lane.repository, runs.pull_request


def _by_place(rows: Sequence[Deployment]) -> dict[tuple[str, str], Deployment]:
    return {(row.lane.repository, row.lane.environment): row for row in rows}


def _of(held: Iterable[Hold], now: float, repository: str, environment: str) -> tuple[Hold, ...]:
    return tuple(with_line(in_order(hold for hold in held if hold.scope.covers(repository, environment)), now))


def running(store: Store, repository: str, environment: str) -> Deployment | None:
    """Find what runs in an environment: the newest deployment that got through, unless that destroyed it."""
    return _runs(deployments.running_in(store, Lane(repository=repository, environment=environment)))


def _runs(through: Deployment | None) -> Deployment | None:
    return None if _is_removal(through) else through


def _is_removal(through: Deployment | None) -> bool:
    return through is not None and through.kind is Kind.REMOVAL


def environment_form(one: Overview, public_url: str) -> dict[str, Any]:
    """Write one environment as JSON, for the API and the command alike."""
    return {
        "repository": one.repository,
        "environment": one.environment,
        "latest": deployment_form(one.latest, public_url) if one.latest else None,
        "running": deployment_form(one.runs, public_url) if one.runs else None,
        "destroyed": one.destroyed,
        "left_behind": one.left or None,
        "holds": [environments_form(hold) for hold in one.holds],
        "drift": drift_form(one.drift),
        "unmerged": _unmerged_form(one.unmerged) if one.unmerged else None,
        "told": _told(one),
    }


def _told(one: Overview) -> list[str]:
    """Say what there is to know beside the latest deployment: who left, what is unmerged, what holds, what drifted."""
    first = [one.left, one.unmerged.sentence if one.unmerged else ""]
    held = map(told, all_told(one.latest, one.holds))
    return [sentence for sentence in (*first, *held, one.drift.sentence) if sentence]


def _unmerged_form(one: Unmerged) -> dict[str, Any]:
    return {
        "pull_request": abs(one.pull_request),
        "sha": one.sha,
        "merged_into": one.into or None,
        "since": moment(one.since),
        "sentence": one.sentence,
    }


def by_urgency(environments: Iterable[Overview]) -> list[Overview]:
    """Sort trouble first, then drift, what moves, what is held, then the rest; the operator's order within each."""
    return sorted(environments, key=_urgency)


def _urgency(one: Overview) -> int:
    latest = one.latest
    if latest is not None and latest.state in TROUBLE:
        return 0
    if one.drift.known is Known.DRIFTED:
        return 1
    if latest is not None and not latest.state.ended:
        return 2
    if one.holds:
        return 3
    return 5 if latest is None else 4
