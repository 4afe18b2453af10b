"""The one sentence on top of a page: what a deployment, a plan or all environments come to, and who must act."""

from collections.abc import Mapping, Sequence

from pushboat.model import wording
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment, short
from pushboat.model.hook import Hook, HookState
from pushboat.model.state import Kind, State, Trigger
from pushboat.reading.drifted import Known
from pushboat.reading.environments import TROUBLE, Overview
from pushboat.store.giving_up import GivenUp


def of_deployment(deployment: Deployment, *, runs: bool) -> str:
    """Say where a deployment stands; `runs` says that no later one got through."""
    if deployment.kind is Kind.REMOVAL:
        return _said(_REMOVAL, deployment.state).format(where=deployment.lane.environment)
    sentence = _RUNS if runs and deployment.state is State.SUCCEEDED else _said(_DEPLOYMENT, deployment.state)
    if deployment.heals:
        sentence = _HEALING.get(deployment.state, sentence)
    return sentence.format(sha=short(deployment.sha), where=deployment.lane.environment)


def unheard(given_up: GivenUp | None) -> str:
    """Say that the forge shows something else, and how it hears; nothing where it took what it was told."""
    if given_up is None:
        return ""
    mended = f"once that is mended, `pushboat letters resend {given_up.id}` sends it again"
    return f"The commit does not show this: {given_up.error}; {mended}."


def of_plan(plan: Deployment, hooks: int = 0) -> str:
    """Say what merging a pull request would do to one environment, where that many hooks would run."""
    if plan.state is not State.SUCCEEDED:
        return _said(_PLAN, plan.state).format(where=plan.lane.environment)
    if not plan.counts.changes_something and hooks:
        return f"Merging runs {wording.counted(hooks, 'hook')} in {plan.lane.environment} and changes no object"
    if not plan.counts.changes_something:
        return f"Merging changes nothing in {plan.lane.environment}"
    return f"Merging deploys to {plan.lane.environment}: {wording.would_do(plan.counts)}"


def of_plans(state: State, where: str) -> str:
    """Say where the plans of these environments stand, one like the other."""
    return _said(_PLAN, state).format(where=where)


def in_short(state: State) -> str:
    """Say where a plan stands that has no numbers yet, or never will, in a table's cell."""
    return _IN_SHORT.get(state, f"is {state}")


def of_merged(state: State, sha: str, where: str) -> str:
    """Say where the deployment of a merge stands."""
    return (_RUNS if state is State.SUCCEEDED else _said(_DEPLOYMENT, state)).format(sha=sha, where=where)


def of_environment(one: Overview) -> str:
    """Say where an environment stands."""
    if one.latest is None:
        return f"Nothing was deployed to {one.environment} yet"
    return of_deployment(one.latest, runs=one.runs is not None and one.runs.id == one.latest.id)


def of_environments(environments: Sequence[Overview], refused: Sequence[DeliveryRow] = ()) -> str:
    """Sum up everything that Pushboat deploys to; `refused` are heads that no environment can show."""
    troubled = [one for one in environments if one.latest and one.latest.state in TROUBLE]
    busy = [one for one in environments if one.latest and not one.latest.state.ended]
    if not environments:
        return "No environment is set up yet"
    if troubled:
        return f"{len(troubled)} of {_count(environments)} did not get what was pushed: {_names(troubled)}"
    if refused:
        event, others = refused[0].event, len(refused) - 1
        more = f", and {wording.counted(others, 'other head')} too" if others else ""
        return f"{event.branch or event.tag} at {short(event.sha)} was refused{more}"
    changed = [one for one in environments if one.drift.known is Known.DRIFTED]
    if changed:
        return f"{len(changed)} of {_count(environments)} drifted from what was deployed: {_names(changed)}"
    if left := [one for one in environments if one.left]:
        runs = "runs" if len(left) == 1 else "run"
        return f"{len(left)} of {_count(environments)} left the files and still {runs}: {_names(left)}"
    held = sum(bool(one.holds) for one in environments)
    also = f"; {held} held back" if held else ""
    if busy:
        return f"{_count(busy)} changing now, nothing in trouble{also}"
    return f"Nothing in trouble in {_count(environments)}{also}"


def who_acts(deployment: Deployment) -> str:
    """Say who must do what; nothing where nobody must."""
    if deployment.kind is Kind.REMOVAL:
        return _ACTORS_OF_REMOVAL.get(deployment.state, "")
    return _ACTORS.get(deployment.state, "")


def try_again(deployment: Deployment) -> str:
    """Give the command that does the same once more; nothing where there is no reason to."""
    troubled = deployment.state in TROUBLE and deployment.delivery is not None
    if troubled and deployment.kind is Kind.REMOVAL:
        return f"pushboat destroy {deployment.lane.repository} {deployment.lane.environment}"
    if troubled and deployment.mends:  # the delivery is that of what failed before it
        lane = deployment.lane
        return f"pushboat rollback {lane.repository} {lane.environment} {deployment.again} --until-next-push"
    return f"pushboat deliveries replay {deployment.delivery}" if troubled else ""


def asked_by(deployment: Deployment) -> str:
    """Say what asked for a deployment."""
    if deployment.promoted:
        return f"{_TRIGGERS[Trigger.PROMOTION]} from {deployment.promoted.sentence}"
    return _TRIGGERS.get(deployment.trigger, str(deployment.trigger))


def release_of(deployment: Deployment) -> str:
    """Number the release that a deployment became, and say which one it brought back; empty where it is neither."""
    became = str(deployment.release) if deployment.release else ""
    what = "put back" if deployment.heals else f"a {_BACK.get(deployment.trigger, 'rollback to')} release"
    back = f"{what} {deployment.again}" if deployment.again else ""
    return ", ".join(each for each in (became, back) if each)


def of_hook(hook: Hook) -> str:
    """Say where a hook stands, in a word or two."""
    return _HOOK.get(hook.state, str(hook.state))


def _said(words: Mapping[State, str], state: State) -> str:
    """Say a state; of one that only a later version knows, its word."""
    return words.get(state, f"{{where}} is {state}")


def _names(environments: Sequence[Overview]) -> str:
    return ", ".join(one.environment for one in environments[:3]) + (" and others" if len(environments) > 3 else "")


def _count(environments: Sequence[Overview]) -> str:
    return wording.counted(len(environments), "environment")


_HOOK = {HookState.NOT_RUN: "not run", HookState.LEFT: "left alone"}
_RUNS = "{sha} runs in {where}"
_DEPLOYMENT = {
    State.QUEUED: "{sha} waits for {where}",
    State.RUNNING: "{sha} is being deployed to {where}",
    State.SUCCEEDED: "{sha} was deployed to {where}",
    State.FAILED: "{sha} could not be deployed to {where}",
    State.ERRORED: "{sha} did not get to {where}",
    State.SUPERSEDED: "{sha} gave way to a newer commit in {where}",
    State.CANCELLED: "{sha} was cancelled in {where}",
}
_HEALING = {
    State.QUEUED: "Drift from {sha} waits to be put back in {where}",
    State.RUNNING: "Drift from {sha} is being put back in {where}",
    State.SUCCEEDED: "Drift from {sha} was put back in {where}",
    State.FAILED: "Drift from {sha} could not be put back in {where}",
    State.ERRORED: "Drift from {sha} could not be put back in {where}",
}
_REMOVAL = {
    State.QUEUED: "{where} is to be destroyed",
    State.RUNNING: "{where} is being destroyed",
    State.SUCCEEDED: "{where} was destroyed",
    State.FAILED: "{where} could not be destroyed",
    State.ERRORED: "{where} is not gone whole",
    State.SUPERSEDED: "{where} was not destroyed: something newer came",
    State.CANCELLED: "Destroying {where} was cancelled",
}
_PLAN = {
    State.QUEUED: "The plan for {where} waits for its turn",
    State.RUNNING: "Planning what merging would do to {where}",
    State.FAILED: "Merging would fail in {where}",
    State.ERRORED: "No plan could be made for {where}",
    State.SUPERSEDED: "This plan for {where} is of an older commit",
    State.CANCELLED: "The plan for {where} was cancelled",
}
_IN_SHORT = {
    State.QUEUED: "waits for its turn",
    State.RUNNING: "is being planned",
    State.FAILED: "would fail",
    State.ERRORED: "could not be planned",
    State.SUPERSEDED: "is of an older commit",
    State.CANCELLED: "was cancelled",
}
_ACTORS = {
    State.FAILED: "The commit must change: fix it and push again, or revert it.",
    State.ERRORED: "The commit is not at fault. Whoever runs Pushboat or the cluster must act; then deploy it again.",
}
_ACTORS_OF_REMOVAL = {
    State.FAILED: "A hook of the removal failed: whoever wrote it must act, or destroy it with --skip-hooks.",
    State.ERRORED: "Whoever runs Pushboat or the cluster must act; then destroy it again.",
}
_BACK = {Trigger.RECOVERY: "recovery of"}
_TRIGGERS = {
    Trigger.PUSH: "pushed",
    Trigger.MERGE: "merged",
    Trigger.PULL_REQUEST: "pull request",
    Trigger.COMMENT: "asked for in a comment",
    Trigger.COMMAND: "asked for on the command line",
    Trigger.BUTTON: "asked for by a button",
    Trigger.API: "asked for through the API",
    Trigger.PAGE: "asked for on a page",
    Trigger.DEPLOYMENT: "asked for by a deployment at the forge",
    Trigger.REPLAY: "replayed",
    Trigger.CATCH_UP: "caught up with",
    Trigger.ROLLBACK: "rolled back",
    Trigger.ON_FAILURE: "rolled back after a failure",
    Trigger.SELF_HEAL: "self-healing",
    Trigger.CLOSED: "after a pull request was closed",
    Trigger.MERGE_QUEUE: "asked for by the merge queue",
    Trigger.PROMOTION: "promoted",
    Trigger.RECOVERY: "recovered",
    Trigger.MOVED: "planned again, its base or environment moved",
}
