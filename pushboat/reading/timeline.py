"""One environment through time: what was deployed there, newest first, how long that took and how long it ran."""

from collections.abc import Sequence
from dataclasses import dataclass

from pushboat.config.operator import Operator
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.release import Release
from pushboat.model.state import Kind, State
from pushboat.reading.environments import Overview, overview
from pushboat.reading.lists import Page, Query, list_deployments
from pushboat.reading.trees import Tree, of_environment
from pushboat.store import releases
from pushboat.store.database.engine import Store
from pushboat.store.successions import next_through

MOST_RELEASES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One deployment; `until` when the next one took its place, where it got through and does not run any more.

    `runs` says that it runs now.
    """

    deployment: Deployment
    runs: bool = False
    until: float | None = None

    @property
    def took(self) -> float | None:
        """Count the seconds from being asked for to its end; None before that."""
        ended = self.deployment.finished_at
        return ended - self.deployment.created_at if ended else None

    @property
    def ran(self) -> float | None:
        """Count the seconds for which it was what runs; None where it never was, or is."""
        return self.until - self.deployment.finished_at if self.until and self.deployment.finished_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """An environment as it is, its objects as they were seen last, one page of what was deployed, and kept releases."""

    now: Overview
    page: Page[Deployment]
    entries: Sequence[Entry]
    tree: Tree | None
    releases: Sequence[Release]


def timeline(store: Store, operator: Operator, query: Query) -> Timeline | None:
    """Gather what an environment's page shows; None where neither the file nor the store knows it.

    `query` names repository and environment, and before which deployment the page begins.
    """
    of_repository = overview(store, operator, query.repository) if query.repository else []
    found = next((one for one in of_repository if one.environment == query.environment), None)
    if found is None:
        return None
    page = list_deployments(store, operator, query)
    lane = Lane(repository=found.repository, environment=found.environment)
    newer = next_through(store, lane, query.before - 1) if query.before else None
    kept = tuple(each for each in releases.listed(store, lane, MOST_RELEASES) if each.kept)
    return Timeline(
        now=found,
        page=page,
        entries=_entries(page.rows, found.runs, newer.finished_at if newer else None),
        tree=of_environment(store, lane) if found.runs or not found.destroyed else None,
        releases=kept,
    )


def _entries(rows: Sequence[Deployment], runs: Deployment | None, until: float | None) -> list[Entry]:
    """Reckon from the newest to the oldest; `until` is when one of an earlier page took the place of these."""
    entries = []
    for row in rows:
        is_now = runs is not None and row.id == runs.id
        through = row.state is State.SUCCEEDED and not row.heals
        ran = through and row.kind is Kind.DEPLOY and not is_now
        entries.append(Entry(deployment=row, runs=is_now, until=until if ran else None))
        if through:
            until = row.finished_at
    return entries
