"""The buttons below a check: which there are when, what a press asks for, and whether it still means what was shown.

A press is an ask like a comment's: the same commands, the presser's permission asked for at that moment. It is bound to
the commit of its check. Where that is no longer what the check is about, nothing follows but a sentence.
"""

from collections.abc import Mapping

from pushboat.errors import CommandRefused
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.check_run import Button
from pushboat.model.deployment import Deployment, short
from pushboat.model.plan_summary import CONTEXT
from pushboat.model.proposal import LEFT
from pushboat.model.state import Kind, State
from pushboat.model.status import FILE_CONTEXT, Status
from pushboat.model.wording import code, printable
from pushboat.routing.decision import Facts

CHECK = "check"
"""Under which an ask keeps the name of the check whose button was pressed."""
PLAN = Button(word="plan", label="Plan again", description="Plan what merging would do now")
DEPLOY = Button(word="deploy", label="Deploy", description="Deploy this commit before it is merged")
AGAIN = Button(word="deploy", label="Deploy again", description="Deploy this commit once more")
BACK = Button(word="rollback", label="Roll back", description="Bring the release before back, pinned")
WORDS: Mapping[str, Button] = {each.word: each for each in (PLAN, AGAIN, BACK)}
RERUN = "rerun"
"""The word of GitHub's own button, which is no command: what it does once more stands in reruns.py."""
_WRITTEN = (State.SUCCEEDED, State.FAILED, State.ERRORED)
"""After which an environment may be other than it was."""


def offered(sha: str, status: Status, about: Deployment | None, *, fork: bool = False) -> tuple[Button, ...]:
    """Say what can be asked for below a status of a commit; `about` is the deployment or plan that it tells of.

    A `fork`'s commit can be planned, and not deployed.
    """
    if not status.state.ended or status.description == LEFT:
        return ()
    if about is not None and (about.sha != sha or about.lane.number < 0):
        return ()  # it follows another commit, or is a merge queue's head: nobody decides about it here
    if of_plans(status.context):
        good = about is not None and about.state is State.SUCCEEDED and status.context != CONTEXT
        return (PLAN, DEPLOY) if good and not fork else (PLAN,)
    if about is None or about.kind is not Kind.DEPLOY:
        return ()
    # A rollback's check has Re-run, which brings back what is stored; its commit would be made anew from git.
    again = () if about.again else (AGAIN,)
    return (*again, BACK) if about.state in _WRITTEN else again


def of_plans(check: str) -> bool:
    """Say whether a check is about what is proposed, and not about what an environment has."""
    return check == CONTEXT or check.startswith(f"{CONTEXT}/")


def read(event: Event, repository: str) -> Ask | None:
    """Read what a press asks for; None for other events."""
    word = event.button or RERUN
    if event.kind is not EventKind.RERUN:
        return None
    known = word in WORDS or not event.button
    prefix = CONTEXT if of_plans(event.title) else FILE_CONTEXT
    return Ask(
        word=word if known else "help",
        who=event.author,
        source=Source.BUTTON,
        repository=repository,
        environment=event.title.removeprefix(prefix).removeprefix("/"),
        arguments={CHECK: event.title},
        number=(event.number or 0) if event.button and of_plans(event.title) else 0,
        sha=event.sha,
        refusal="" if known else f"{code(event.button)} is no button of this version: run the check again.",
    )


def refuse_what_moved(ask: Ask, facts: Facts) -> None:
    """Refuse a press on a check that is no longer about what it was pressed for.

    Raises:
        CommandRefused: says what is there now.
    """
    if ask.source is not Source.BUTTON:
        return
    if of_plans(ask.arguments.get(CHECK, "")):
        _refuse_another_head(ask, facts)
    else:
        _refuse_another_deployment(ask, facts)


def nobody_proposes(ask: Ask) -> CommandRefused:
    """Say that no pull request is to be found for a check."""
    return CommandRefused(
        f"No open pull request is known whose head is {code(short(ask.sha))}: press the button of its newest check."
    )


def _refuse_another_head(ask: Ask, facts: Facts) -> None:
    pull_request = facts.pull_request
    if pull_request is None:
        raise nobody_proposes(ask)
    if pull_request.head_sha != ask.sha:
        raise CommandRefused(
            f"#{ask.number} has moved on since that check, from {code(short(ask.sha))} to "
            f"{code(short(pull_request.head_sha))}: look at what changed and press the button there."
        )


def _refuse_another_deployment(ask: Ask, facts: Facts) -> None:
    where, seen = printable(ask.environment), code(short(ask.sha))
    latest = next((each.latest for each in facts.standings if each.environment == ask.environment), None)
    if latest is None:
        raise CommandRefused(f"Nothing was deployed to {where} that is known here any more, {seen} included.")
    if latest.sha != ask.sha:
        raise CommandRefused(
            f"{where} has moved on since that check, from {seen} to {code(short(latest.sha))}: press the button there, "
            f"or name the commit with pushboat deploy --sha."
        )
    if ask.word == AGAIN.word and not latest.state.ended:
        raise CommandRefused(f"{seen} is on its way to {where} already: {latest.state}.")
