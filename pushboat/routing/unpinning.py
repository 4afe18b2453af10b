"""What becomes of an environment when the pull request ends that it was pinned to: its pin ends, and it goes on.

It runs what it would run by itself: the merge, or else the newest commit of what it follows, also where no push came
meanwhile, and also where the pin was unlocked before and the pull request's commit stayed. Where there is no such
commit, what runs stays, and that is said; what waits of a pull request that was closed is cancelled then: nothing would
overtake it.
"""

from collections.abc import Iterable
from dataclasses import replace

from pushboat.events import Event
from pushboat.model.deployment import Deployment, short
from pushboat.model.hold import Hold
from pushboat.model.refs import short_name
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import clip
from pushboat.model.wording import code, listed, printable
from pushboat.routing.decision import Act, Cancel, Decision, Deploy, Facts, LiftHold, Reply
from pushboat.routing.followed import Newest
from pushboat.routing.holds import PINS, UNMERGED
from pushboat.routing.ignoring import LONGEST_SENTENCE


def of_number(holds: Iterable[Hold], number: int | None) -> list[Hold]:
    """Pick what is pinned to a pull request."""
    return [hold for hold in holds if number and hold.kind == UNMERGED and hold.pull_request == number]


def unlocked(standings: Iterable[Standing], number: int | None) -> list[str]:
    """Name the environments that have a pull request's commit, as was asked for last, and that nothing pins any more.

    What only waits there is not had yet; it is given up.
    """
    return [
        each.environment
        for each in standings
        if number and _has(each, number) and not any(hold.kind in PINS for hold in each.holds)
    ]


def _has(standing: Standing, number: int) -> bool:
    runs, latest = standing.runs, standing.latest
    if latest is None or latest.pull_request != number:
        return False
    came = latest.state is not State.CANCELLED and not _waits_of(latest, number)
    return came or (runs is not None and runs.pull_request == number)


def unpin(event: Event, facts: Facts, decision: Decision) -> Decision:
    """Let go of what a pull request pinned, and of each environment say what it runs from now on."""
    held = of_number(facts.holds, event.number)
    lifted = tuple(LiftHold(kind=each.kind, scope=each.scope, subject=each.subject) for each in held)
    acts, plain, marked = list(decision.acts), [], []
    for hold in held:
        where = hold.scope.environment
        act, (said, body) = _onward(event, facts, decision, hold)
        acts += [act] if act else []
        plain.append(f"{where} is pinned to #{event.number} no more: {said}")
        marked.append(f"- {where}: {body}")
    for where in unlocked(facts.standings, event.number):
        newest = _newest(facts, where)
        if newest is None or not newest.sha:  # nothing takes its place, as was said when it was unlocked
            continue
        said, body = _next(newest)
        acts += [] if _waits(facts, newest) else [_deploy(event, newest)]
        plain.append(f"{where} had #{event.number} still: {said}")
        marked.append(f"- {where}: {body}")
    if not marked:
        return decision
    elsewhere = event.base_ref and not any(isinstance(act, Deploy) for act in decision.acts)
    into = f" into {code(event.base_ref, 80)}" if elsewhere else ""
    how = f"merged{into}" if event.action == "merged" else "closed without a merge"
    ends = "nothing is pinned to it any more" if held else "what it brought gives way"
    reply = Reply(number=event.number or 0, body="\n".join((f"#{event.number} was {how}, so {ends}:", "", *marked)))
    plain += ["no delivery told of it, a look at the repository found it"] if event.found else []
    sentence = clip("; ".join((decision.sentence, *plain)), LONGEST_SENTENCE)
    return replace(decision, acts=(*lifted, *acts, reply), sentence=sentence)


def give_up(event: Event, facts: Facts, decision: Decision) -> Decision:
    """Cancel also what waits of a closed pull request where its pin was unlocked before and nothing overtakes it."""
    held = {hold.scope.environment for hold in of_number(facts.holds, event.number)}
    held |= {act.environment for act in decision.acts if isinstance(act, Deploy)}
    waits = [
        standing.environment
        for standing in facts.standings
        if standing.environment not in held and any(_waits_of(each, event.number or 0) for each in standing.unfinished)
    ]
    stops = tuple(_stop(where, event.number or 0) for where in waits)
    said = f"{decision.sentence}; what waited of it for {listed(waits)} is cancelled" if waits else decision.sentence
    return replace(decision, acts=(*decision.acts, *stops), sentence=clip(said, LONGEST_SENTENCE))


def _stop(where: str, number: int) -> Cancel:
    return Cancel(environment=where, by=f"closing #{number}", pull_request=number)


def _onward(event: Event, facts: Facts, decision: Decision, hold: Hold) -> tuple[Act | None, tuple[str, str]]:
    """Give what is to be done besides, and how it goes on, for the log and for the conversation."""
    where = hold.scope.environment
    if merged := [act for act in decision.acts if isinstance(act, Deploy) and act.environment == where]:
        return None, (f"{short(merged[0].sha)} is next", f"{code(short(merged[0].sha))} is next, the merge.")
    newest = _newest(facts, where)
    if newest is None or not newest.sha:
        why = newest.why if newest and newest.why else "nobody says what it follows"
        waits = event.action == "closed" and any(
            _waits_of(each, hold.pull_request) for each in _unfinished(facts, where)
        )
        stays = f"{_stays(facts, hold)} until somebody deploys" + ("; what waited of it is cancelled" if waits else "")
        stop = _stop(where, hold.pull_request) if waits else None
        return stop, (f"{why}; {stays}", f"{code(why, LONGEST_SENTENCE)}, so {stays}.")
    return (None if _waits(facts, newest) else _deploy(event, newest)), _next(newest)


def _newest(facts: Facts, where: str) -> Newest | None:
    return next((each for each in facts.newest if each.environment == where), None)


def _next(newest: Newest) -> tuple[str, str]:
    of = short_name(newest.ref)
    return (
        f"{short(newest.sha)} of {printable(of, 80)} is next",
        f"{code(short(newest.sha))} of {code(of, 80)} is next.",
    )


def _deploy(event: Event, newest: Newest) -> Deploy:
    return Deploy(
        kind=Kind.DEPLOY,
        environment=newest.environment,
        ref=newest.ref,
        sha=newest.sha,
        author=event.author,
        trigger=Trigger.MERGE if event.action == "merged" else Trigger.CLOSED,
    )


def _stays(facts: Facts, hold: Hold) -> str:
    """Say what runs on: not what was asked for, where that never began."""
    there = next((each for each in facts.standings if each.environment == hold.scope.environment), None)
    if there is None:
        return f"what runs stays, {short(hold.sha)},"
    return f"what runs stays, {short(there.runs.sha)}," if there.runs and not there.destroyed else "nothing runs there"


def _unfinished(facts: Facts, where: str) -> list[Deployment]:
    return [each for standing in facts.standings if standing.environment == where for each in standing.unfinished]


def _waits_of(deployment: Deployment, number: int) -> bool:
    """Say whether it is the pull request's and waits, and has left nothing anywhere; as the store's cancelling does."""
    mine = bool(number) and deployment.pull_request == number
    return mine and deployment.state is State.QUEUED and not deployment.begun


def _waits(facts: Facts, newest: Newest) -> bool:
    """Say whether its push came meanwhile, and has waited for the pin."""
    waiting = [
        each for each in _unfinished(facts, newest.environment) if each.state is State.QUEUED and not each.pull_request
    ]
    return bool(waiting) and (waiting[-1].sha, waiting[-1].ref) == (newest.sha, newest.ref)
