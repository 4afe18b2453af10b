"""What a wish to run a check again leads to: the plan or the deployment that speaks under its name, once more.

Only GitHub has the button. Who may write there may press it; who may deploy here is asked all the same.
"""

from dataclasses import replace

from pushboat.errors import CommandRefused
from pushboat.events import Event, EventKind
from pushboat.model.ask import Answer, Ask, AskVerdict, Source
from pushboat.model.deployment import Deployment, short
from pushboat.model.hold import Hold
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import FILE_CONTEXT, clip
from pushboat.model.wording import listed, printable
from pushboat.routing.decision import Act, Decision, Deploy, Facts, Post, PullRequest, PutHold
from pushboat.routing.holds import UNMERGED, pins
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.naming import scope_of
from pushboat.routing.permission import deployers_only
from pushboat.routing.planning import SUMMARY
from pushboat.routing.pull_requests import plan


def rerun(event: Event, facts: Facts) -> Decision:
    """Plan or deploy once more what the check says, or, without a name, whatever was not good of this commit."""
    planned = _planned(event, facts)
    deployed, refusals = _deployed(event, facts)
    made = [f"{'plan' if act.kind is Kind.PLAN else act.kind} {act.environment}" for act in (*planned, *deployed)
             if isinstance(act, Deploy) and not act.once]  # fmt: skip
    names = dict.fromkeys(made)
    if not (planned or deployed or refusals):
        what = printable(event.title, 80) or "what was asked for"
        sentence = f"{what} is not the newest word on {short(event.sha)}: nothing to run again"
        return _said((), sentence)
    again = f"once more at {short(event.sha)}, as {printable(event.author)} wished: {listed(names) or 'nothing'}"
    return _said((*planned, *deployed), clip("; ".join((again, *refusals)), LONGEST_SENTENCE))


def _said(acts: tuple[Act, ...], sentence: str) -> Decision:
    verdict = AskVerdict.DONE if acts else AskVerdict.REFUSED
    return Decision(acts=acts, sentence=sentence, answer=Answer(verdict=verdict, reason=sentence))


def _planned(event: Event, facts: Facts) -> tuple[Act, ...]:
    """Plan for each pull request that asks about the commit: its check shows the worst of what they are told."""
    named = event.title in ("", FILE_CONTEXT, SUMMARY) or event.title.startswith(f"{SUMMARY}/")
    asking = (*((facts.pull_request,) if facts.pull_request else ()), *facts.beside) if named else ()
    return tuple(act for each in asking for act in _planned_for(event, facts, each))


def _planned_for(event: Event, facts: Facts, pull_request: PullRequest) -> tuple[Act, ...]:
    if not pull_request.open or pull_request.head_sha != event.sha:
        return ()
    news = Event(
        kind=EventKind.PULL_REQUEST,
        action="updated",
        repository=event.repository,
        ref=pull_request.head_ref,
        base_ref=pull_request.base_ref,
        sha=event.sha,
        number=pull_request.number,
        fork=pull_request.fork,
        author=event.author,
    )
    acts = plan(news, facts).acts
    if not event.title.startswith(f"{SUMMARY}/") or facts.mistakes:
        return acts
    made = [act for act in acts if isinstance(act, Deploy)]
    one = event.title.removeprefix(f"{SUMMARY}/")
    if any(act.environment == one for act in made):  # of the others a plan must be there: all of them are summed up
        return tuple(replace(act, once=act.environment != one) for act in made)
    return tuple(act for act in acts if isinstance(act, Post) and act.state.ended)


def _deployed(event: Event, facts: Facts) -> tuple[tuple[Act, ...], tuple[str, ...]]:
    acts, refusals = list[Act](), list[str]()
    for standing in facts.standings:
        latest = standing.latest
        if latest is None or latest.sha != event.sha or not _is_meant(event, latest):
            continue
        environment = latest.lane.environment
        wish = Ask(
            word="deploy",
            who=event.author,
            source=Source.BUTTON,
            repository=facts.repository,
            environment=environment,
        )
        try:
            deployers_only(wish, facts)
            pin = _pin(wish, facts, standing, latest)
        except CommandRefused as refused:
            refusals.append(refused.summary)
            continue
        again = Deploy(
            kind=Kind.DEPLOY,
            environment=environment,
            ref=latest.ref,
            sha=latest.sha,
            author=event.author,
            trigger=Trigger.REPLAY,
            pull_request=latest.pull_request,
        )
        acts += [*pin, replace(again, release=latest.again)]
    return tuple(acts), tuple(refusals)


def _pin(wish: Ask, facts: Facts, standing: Standing, latest: Deployment) -> tuple[PutHold, ...]:
    """Pin the environment to a pull request whose commit comes back, where it was unlocked since; as `deploy` does.

    Raises:
        CommandRefused: it has ended, and its commit with it.
    """
    number, asking = latest.pull_request, (*((facts.pull_request,) if facts.pull_request else ()), *facts.beside)
    mine = next((each for each in asking if number > 0 and each.number == number), None)
    if mine is None:
        return ()
    if not mine.open:
        raise CommandRefused(f"#{number} is {'merged' if mine.merged else 'closed'}: its commit is not deployed again")
    scope = scope_of(wish)
    if latest.again or pins(standing.holds, scope):
        return ()
    hold = Hold(
        kind=UNMERGED,
        scope=scope,
        by=printable(wish.who),
        subject=f"#{number}",
        pull_request=number,
        sha=latest.sha,
    )
    return (PutHold(hold=hold),)


def _is_meant(event: Event, latest: Deployment) -> bool:
    """Say whether a deployment is to be done again; what still goes on needs no second one."""
    if latest.kind is not Kind.DEPLOY or not latest.state.ended:
        return False
    if event.title:
        return event.title == f"pushboat/{latest.lane.environment}"
    return latest.state is not State.SUCCEEDED
