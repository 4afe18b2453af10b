"""Every environment at a glance: its latest deployment, and what runs there when the latest one did not get through.

Also environments that the operator's file names and nothing was ever deployed to: an empty row says what to do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pushboat.config.operator import Operator
from pushboat.model.deployment import Deployment
from pushboat.model.json_forms import deployment_form
from pushboat.model.state import State
from pushboat.store import deployments
from pushboat.store.database.engine import Store

TROUBLE = (State.FAILED, State.ERRORED)
"""The latest commit did not get there, and somebody must act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One environment: `latest` is what was asked for last, `runs` what last got through; both may be none."""

    repository: str
    environment: str
    latest: Deployment | None = None
    runs: Deployment | None = None


def overview(store: Store, operator: Operator) -> list[Overview]:
    """List every environment, the operator's order first, then those that only the store still knows."""
    latest = _by_place(deployments.latest_by_lane(store))
    runs = _by_place(deployments.running_by_lane(store))
    named = [
        (project.repository, environment)
        for project in operator.projects.values()
        for environment in project.environments
    ]
    rest = sorted(latest.keys() - set(named))
    return [
        Overview(repository=key[0], environment=key[1], latest=latest.get(key), runs=runs.get(key))
        for key in (*named, *rest)
    ]


def _by_place(rows: Sequence[Deployment]) -> dict[tuple[str, str], Deployment]:
    return {(row.lane.repository, row.lane.environment): row for row in rows}


def running(store: Store, repository: str, environment: str) -> Deployment | None:
    """Find the newest deployment of an environment that got through."""
    found = deployments.listed(
        store, repository=repository, environment=environment, state=str(State.SUCCEEDED), limit=1
    )
    return found[0] if found else None


def environment_form(one: Overview, public_url: str) -> dict[str, Any]:
    """Write one environment as JSON, for the API and the command alike."""
    return {
        "repository": one.repository,
        "environment": one.environment,
        "latest": deployment_form(one.latest, public_url) if one.latest else None,
        "running": deployment_form(one.runs, public_url) if one.runs else None,
    }


def by_urgency(environments: Iterable[Overview]) -> list[Overview]:
    """Sort trouble first, then what moves, then the rest; the operator's order within each."""
    return sorted(environments, key=lambda one: _urgency(one.latest))


def _urgency(latest: Deployment | None) -> int:
    if latest is None:
        return 3
    if latest.state in TROUBLE:
        return 0
    return 2 if latest.state.ended else 1
