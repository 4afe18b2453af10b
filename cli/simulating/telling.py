"""The later steps: what happened, what is asked for, whom it concerns, and what would follow."""

from cli import output
from cli.simulating.steps import FAIL, SKIP, Step
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask
from pushboat.model.deployment import short
from pushboat.model.forge_answer import Answered, Reviewed
from pushboat.model.json_forms import event_form
from pushboat.model.state import State
from pushboat.routing import (
    Act,
    Approve,
    Cancel,
    Carry,
    Decision,
    Deploy,
    Facts,
    Leave,
    LiftHold,
    Mend,
    Post,
    PutHold,
    Reply,
    Unapprove,
    Withdraw,
    holds,
    ignored,
)
from pushboat.routing.following import described, of_branch, of_tag
from pushboat.routing.group_acts import Drop, Enter
from pushboat.routing.pin_acts import RequestPins

NEEDS_CONFIG = "what it would deploy stands in the operator's file; name one with --config"
NEEDS_FILE = "no .pushboat.yaml given: name one with --repository-file"
"""Not that the commit has none: nobody looked."""


def of_event(event: Event, ask: Ask | None) -> tuple[Step, ...]:
    """Say what happened, and what a comment asks for."""
    fields = {name: value for name, value in event_form(event).items() if name not in ("kind", "action")}
    lines = tuple(f"{name:<12}{value}" for name, value in fields.items() if value not in ("", None))
    said = Step(name="event", sentence=f"{event.kind} {event.action}".strip(), lines=lines)
    return (said, _of_ask(event, ask)) if event.kind is EventKind.COMMENT else (said,)


def _of_ask(event: Event, ask: Ask | None) -> Step:
    if why := ignored(event, ask, operator_knows_repository=True):
        return Step(name="ask", sentence=f"none: {why}", result=FAIL)
    assert ask, "a comment without an ask is ignored"
    if ask.refusal:
        return Step(name="ask", sentence=f"refused: {ask.refusal}", result=FAIL)
    named = {"environment": ask.environment, **ask.arguments}
    words = ", ".join(f"{name} {value}" for name, value in named.items() if value)
    return Step(name="ask", sentence=f"{ask.word}{f' ({words})' if words else ''}, asked by {ask.who or 'nobody'}")


def of_decision(event: Event, project: str, facts: Facts | None, decision: Decision) -> tuple[Step, ...]:
    """Say whom it concerns and what would follow."""
    steps = []
    if project:
        steps.append(Step(name="repository", sentence=f"{project} of pushboat.yaml"))
    elif event.repository:
        steps.append(Step(name="repository", sentence=f"{event.repository} is not known here", result=SKIP))
    if facts is not None and facts.environments:
        steps.append(_of_environments(event, facts))
    lines = (*decision.details.splitlines(), *(line for act in decision.acts if (line := _said(act))))
    nobody_looked = {"result": SKIP} if decision.sentence in (NEEDS_CONFIG, NEEDS_FILE) else {}
    return (*steps, Step(name="outcome", sentence=decision.sentence, lines=lines, **nobody_looked))


def _of_environments(event: Event, facts: Facts) -> Step:
    followers = of_tag(facts.environments, event.tag) if event.tag else of_branch(facts.environments, event.branch)
    names = [one.name for one in followers]
    lines = tuple(described(one) for _, one in sorted(facts.environments.items()))
    if event.kind is not EventKind.PUSH:
        return Step(name="environments", sentence=f"{len(lines)} in the file", lines=lines)
    if not names:
        return Step(name="environments", sentence=f"none follows {event.ref}", result=FAIL, lines=lines)
    return Step(name="environments", sentence=f"{', '.join(names)} by {event.ref}", lines=lines)


def _said(act: Act) -> str:
    """Say what an act does, and under which status it is seen; what only tidies up is not worth a word."""
    if isinstance(act, Deploy):
        plans = act.kind == "plan"
        context = f"pushboat/{'plan/' * plans}{act.environment}"
        verb = "would plan" if plans else "would deploy"
        return f"{verb} {act.environment} at {short(act.sha)}, and post {context}: {State.QUEUED}, then how it goes"
    if isinstance(act, Post):
        return f"would post {act.context}: {act.state}, {act.description}"
    if isinstance(act, Cancel):
        return f"would cancel what is on its way to {act.environment}"
    if isinstance(act, Withdraw):
        return "would say of its statuses: no longer proposed"
    if isinstance(act, RequestPins):
        return f"would open a pull request of {act.request.branch}, or bring it up to date"
    return "" if isinstance(act, (Mend, Carry, Enter, Drop)) else f"would {_said_besides(act)}"


def _said_besides(act: PutHold | LiftHold | Leave | Reply | Approve | Unapprove | Answered | Reviewed) -> str:
    if isinstance(act, Reviewed):
        return f"{'approve' if act.approved else 'refuse'} the workflow's run {act.run}: {act.comment}"
    if isinstance(act, Answered):
        return f"say at the forge's deployment {act.number}: {act.description}"
    if isinstance(act, Approve | Unapprove):
        verb = "note" if isinstance(act, Approve) else "end"
        return f"{verb} the approval of {short(act.sha)} for {act.environment}"
    if isinstance(act, PutHold):
        return f"hold {act.hold.scope.environment}: {output.one_line(holds.sentence(act.hold))}"
    if isinstance(act, LiftHold):
        return f"lift the {act.kind} of {act.scope.environment}"
    if isinstance(act, Leave):
        return f"say: {act.description}"
    return f"answer: {act.body}"
