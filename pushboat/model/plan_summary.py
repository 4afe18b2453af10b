"""What a pull request's plans say together: the one status that a branch rule can require."""

from collections.abc import Sequence

from pushboat.model import wording
from pushboat.model.deployment import Deployment, short
from pushboat.model.state import State
from pushboat.model.status import Status, clip

CONTEXT = "pushboat/plan"

_WORST_FIRST = (State.FAILED, State.ERRORED, State.CANCELLED, State.SUPERSEDED, State.SUCCEEDED)


def summarise(plans: Sequence[Deployment]) -> Status | None:
    """Sum up the plans of one pull request's head; None as long as one of them has not ended.

    Which plans answer for it now is the store's to know: one for each environment.
    """
    latest = sorted(plans, key=lambda plan: plan.lane.environment)
    if not latest or not all(plan.state.ended for plan in latest):
        return None
    worst = min((plan.state for plan in latest), key=_WORST_FIRST.index)
    told = [plan for plan in latest if plan.state is worst]
    return Status(
        context=CONTEXT,
        state=State.CANCELLED if worst is State.SUPERSEDED else worst,
        description=clip("; ".join(f"{plan.lane.environment}: {_outcome(plan)}" for plan in told)),
        path=told[0].path,
        ref=told[0].ref,
    )


def _outcome(plan: Deployment) -> str:
    if plan.state is State.SUCCEEDED:
        done = wording.would_do(plan.counts)
        return done if plan.counts.changes_something else f"no change{plan.reason.partition(done)[2]}"
    if plan.state is State.SUPERSEDED:
        return f"replaced by {short(plan.successor_sha)}"
    return plan.reason or plan.state.value
