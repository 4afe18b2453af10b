"""One commit across all environments of its repository: where it runs, where it was to run, and what told of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pushboat.config.operator import Operator
from pushboat.model.caption import Caption
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind
from pushboat.reading.environments import overview
from pushboat.reading.lists import spellings
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store

MOST_DEPLOYMENTS, MOST_DELIVERIES = 200, 20
"""The newest ones that a commit's page tells of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A commit in one environment: whether it `runs` there, and the newest deployment that was to bring it, if any."""

    repository: str
    environment: str
    runs: bool
    newest: Deployment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit, by its whole sha; `plans` are of the pull requests that propose it, the newest first."""

    repository: str
    sha: str
    caption: Caption
    environments: Sequence[Here]
    plans: Sequence[Deployment]
    deliveries: Sequence[DeliveryRow]

    @property
    def runs_in(self) -> list[str]:
        """Name the environments in which it runs."""
        return [each.environment for each in self.environments if each.runs]


def find(store: Store, operator: Operator, repository: str, sha: str) -> Commit | None:
    """Gather what is known of a commit, of which `sha` may be the beginning; None where that fits none, or several."""
    spelt = spellings(store, operator, repository)
    rows = deployments.listed(
        store, kinds=tuple(Kind), repository=repository, spellings=spelt, sha=sha, limit=MOST_DEPLOYMENTS
    )
    told = deliveries.listed(store, repository=repository, spellings=spelt, sha=sha, limit=MOST_DELIVERIES)
    there = overview(store, operator, repository)
    shas = {row.sha for row in rows} | {row.event.sha for row in told}
    shas |= {one.runs.sha for one in there if one.runs and one.runs.sha.startswith(sha)}
    if len(shas) != 1:
        return None
    (whole,) = shas
    newest: dict[str, Deployment] = {}
    for row in rows:
        if row.kind is not Kind.PLAN:
            newest.setdefault(row.lane.environment, row)
    here = [
        Here(
            repository=one.repository,
            environment=one.environment,
            runs=one.runs is not None and one.runs.sha == whole,
            newest=newest.get(one.environment),
        )
        for one in there
    ]
    captions = [row.caption for row in rows] + [one.runs.caption for one in there if one.runs and one.runs.sha == whole]
    return Commit(
        repository=operator.spelled(repository) or repository,
        sha=whole,
        caption=captions[0] if captions else Caption(),
        environments=here,
        plans=[row for row in rows if row.kind is Kind.PLAN],
        deliveries=told,
    )
