"""One deployment or plan with everything that belongs to it, as its page and `pushboat show` tell it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Deployment, Progress
from pushboat.model.hook import ON_FAILURE, VERIFY, Hook
from pushboat.model.image import ImageRecord
from pushboat.model.stages import Stage, stages
from pushboat.model.state import Kind, State
from pushboat.model.status import context
from pushboat.model.wording import beside
from pushboat.reading import headlines
from pushboat.reading.drifted import Drifted, drifted
from pushboat.reading.environments import running
from pushboat.reading.trees import Tree, of_deployment
from pushboat.store import change_sets, deployments, giving_up, hook_runs, images, inspections, progress_lines
from pushboat.store.database.engine import Store
from pushboat.store.giving_up import GivenUp

CHANGES_SHOWN_UNFOLDED = 5
"""Up to this many changed objects show their diffs at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """A change set as it is shown: what changes first, or is warned of; what does not as one number that unfolds."""

    changed: tuple[Change, ...]
    unchanged: tuple[Change, ...]

    @property
    def unfolded(self) -> bool:
        """Say whether the diffs are few enough to show at once."""
        return len(self.changed) <= CHANGES_SHOWN_UNFOLDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """One deployment: its headline, its reason where the headline does not say it, and what stands around it.

    `runs` is the newest deployment of its environment that got through; a plan has none. `drift` stands with what runs.
    `unheard`: the forge never took the last word on its commit.
    """

    deployment: Deployment
    headline: str
    reason: str
    successor: Deployment | None
    runs: Deployment | None
    drift: Drifted | None
    objects: Objects
    hooks: Sequence[Hook]
    images: Sequence[ImageRecord]
    lines: Sequence[Progress]
    stages: Sequence[Stage]
    tree: Tree | None
    unheard: GivenUp | None = None


def find(store: Store, number: int, drift_every: float = 0.0) -> Single | None:
    """Gather everything about one deployment or plan; None where the store has none of this number.

    Its drift is told where the timer comes round `drift_every` seconds.
    """
    row = deployments.find(store, number)
    if row is None:
        return None
    plan = row.kind is Kind.PLAN
    runs = None if plan else running(store, row.lane.repository, row.lane.environment)
    hooks = hook_runs.listed(store, row.id)
    would_run = sum(each.phase != ON_FAILURE and each.said != VERIFY for each in hooks)
    headline = (
        headlines.of_plan(row, would_run)
        if plan
        else headlines.of_deployment(row, runs=runs is not None and runs.id == row.id)
    )
    lines = progress_lines.listed(store, row.id)
    if row.state.ended:  # whoever tells it to stop writes at once, its worker a moment later; nobody follows any more
        lines.sort(key=lambda line: line.at)
    reason = row.waits or (row.reason if row.state.ended or not lines else lines[-1].text)
    said_already = reason in headline or row.state is State.SUPERSEDED
    return Single(
        deployment=row,
        headline=headline,
        reason="" if said_already else beside(reason, row.state),
        successor=deployments.find(store, row.successor) if row.successor else None,
        runs=runs,
        drift=_drift(store, row, drift_every) if runs is not None and runs.id == row.id else None,
        objects=_objects(change_sets.listed(store, row.id)),
        hooks=hooks,
        images=images.listed(store, row.id),
        lines=lines,
        stages=stages(row, lines, store.now()),
        tree=of_deployment(store, row),
        unheard=giving_up.last_of(store, row.lane.repository, row.sha, context(row)),
    )


def _drift(store: Store, runs: Deployment, every: float) -> Drifted:
    lane = runs.lane
    latest = deployments.latest_by_lane(store, lane.repository)
    newest = next((each for each in latest if each.lane == lane), None)
    seen = next((each for each in inspections.listed(store, lane.repository) if each.lane == lane), None)
    return drifted(seen, runs, newest, every, store.now())


def _objects(changes: Sequence[Change]) -> Objects:
    first = (Action.REFUSED, Action.DELETED, Action.RECREATED, Action.CREATED, Action.CONFIGURED, Action.UNCHANGED)
    order = {action: place for place, action in enumerate(first)}
    changed = [change for change in changes if change.action is not Action.UNCHANGED or change.warnings]
    return Objects(
        changed=tuple(
            sorted(changed, key=lambda change: (order.get(change.action, len(order)), change.ref.kind, change.ref))
        ),
        unchanged=tuple(each for each in changes if each.action is Action.UNCHANGED and not each.warnings),
    )
