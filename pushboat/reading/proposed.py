"""A pull request as its sticky comment tells it: one plan for each environment, and what came of it since."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pushboat.model.changeset import Action, Change, PlanWarning
from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.hook import ON_FAILURE, VERIFY
from pushboat.model.plan_summary import CONTEXT
from pushboat.model.state import State, Trigger
from pushboat.model.status import Status
from pushboat.routing.holds import PINS, in_order, pins, sentence, with_line
from pushboat.store import change_sets, holds, hook_runs, progress_lines, pull_requests
from pushboat.store.database.engine import Store
from pushboat.store.pull_requests import Known

_FIRST = (Action.REFUSED, Action.DELETED, Action.RECREATED, Action.CREATED, Action.CONFIGURED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What merging would do to one environment: `changes` are the objects that do not stay as they are, or are warned
    of, and `hooks` how many would run. `exposed` names credentials that it would merge. `pinned` says to what the
    environment is pinned, where it is to something else than this pull request, and `held` what else holds it back."""

    plan: Deployment
    changes: tuple[Change, ...] = ()
    hooks: int = 0
    exposed: tuple[str, ...] = ()
    pinned: str = ""
    held: tuple[str, ...] = ()

    @property
    def environment(self) -> str:
        """Name it."""
        return self.plan.lane.environment

    @property
    def warnings(self) -> tuple[PlanWarning, ...]:
        """List what somebody should know, once each."""
        return tuple(dict.fromkeys(each for change in self.changes for each in change.warnings))

    @property
    def unaffected(self) -> bool:
        """Say whether it is known that merging leaves it as it is, and nothing about it has to be said."""
        nothing = not self.plan.counts.changes_something and not self.plan.counts.refused and not self.hooks
        return self.plan.state is State.SUCCEEDED and nothing and not self.warnings and not self.exposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A pull request: `answer` is what all its plans say together, or why there is none.

    `tried` was asked for in its conversation, `brought` is what its merge led to; the newest first.
    """

    head: str
    closed: bool = False
    merged: str = ""
    fork: bool = False
    answer: Status | None = None
    planned: tuple[Planned, ...] = ()
    tried: tuple[Deployment, ...] = field(default=())
    brought: tuple[Deployment, ...] = field(default=())

    @property
    def newsworthy(self) -> bool:
        """Say whether anybody wants to read about it: what changes nothing, or is only being planned, says a status."""
        planned = any(each.plan.state.ended and not each.unaffected for each in self.planned)
        refused = not self.planned and self.answer is not None and self.answer.state in (State.FAILED, State.ERRORED)
        return planned or refused or bool(self.tried)

    @property
    def answered(self) -> bool:
        """Say whether all that it is about to be told is known."""
        return self.answer is not None and self.answer.state.ended


def find(store: Store, repository: str, number: int) -> Proposed:
    """Gather what a pull request's comment tells."""
    known = pull_requests.known(store, repository, number)
    others = [hold for hold in holds.listed(store, repository) if hold.pull_request != number]
    held, now = in_order(others), store.now()
    return Proposed(
        head=known.head,
        closed=known.closed,
        merged=known.merged,
        fork=known.fork,
        answer=known.answers.get(CONTEXT),
        planned=tuple(_planned(store, plan, held, now) for plan in shown(known)),
        tried=known.tried,
        brought=known.brought,
    )


def shown(known: Known) -> list[Deployment]:
    """Choose the plan that is shown of each environment: the one that answers, and of what is closed the last one.

    One that is made again because something moved is not shown before its end.
    """
    by_id = {plan.id: plan for plan in known.plans}
    asked = [by_id[number] for number in known.planned.values() if number in by_id]
    if known.closed and not asked:
        ended = [plan for plan in reversed(known.plans) if plan.state.ended and plan.state is not State.SUPERSEDED]
        asked = list({plan.lane.environment: plan for plan in ended}.values())
    chosen = [_before(plan, known.plans) for plan in asked]
    return sorted(chosen, key=lambda plan: plan.lane.environment)


def _before(plan: Deployment, plans: Sequence[Deployment]) -> Deployment:
    if plan.trigger is not Trigger.MOVED or plan.state.ended:
        return plan
    earlier = (each for each in plans if each.lane == plan.lane and each.id < plan.id and each.state.ended)
    return next((each for each in earlier if each.state is not State.SUPERSEDED), plan)


def _planned(store: Store, plan: Deployment, held: Sequence[Hold], now: float) -> Planned:
    scope = Scope(repository=plan.lane.repository, environment=plan.lane.environment)
    here = with_line((hold for hold in held if hold.scope.covers(scope.repository, scope.environment)), now)
    changes = [
        each for each in change_sets.listed(store, plan.id) if each.action is not Action.UNCHANGED or each.warnings
    ]
    hooks = hook_runs.listed(store, plan.id)
    order = {action: place for place, action in enumerate((*_FIRST, Action.UNCHANGED))}
    return Planned(
        plan=plan,
        changes=tuple(
            sorted(changes, key=lambda change: (order.get(change.action, len(order)), change.ref.kind, change.ref))
        ),
        hooks=sum(each.phase != ON_FAILURE and each.said != VERIFY for each in hooks),
        exposed=progress_lines.exposed(store, plan.id),
        pinned="; ".join(sentence(hold) for hold in pins(here, scope)),
        held=tuple(sentence(hold) for hold in here if hold.kind not in PINS),
    )
