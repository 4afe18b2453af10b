"""Promote what runs in one environment: deploy exactly that commit to another one, with the other one's settings.

Bound to what runs in the first one when it is asked; what changes, breaks or drifts there is not promoted, and neither
is a pull request's commit before its merge. Whoever is among the second one's `deployers` may. All holds bind it, and
a pin to a release is let go, as by an explicit deployment. The next push that the second one follows is deployed as
always. With `--prune` it may delete more than half of what is there. With `--break-glass "reason"` it passes freezes,
needs and gates. With `--pull-request` nothing is deployed: a pull request moves the image tags and digests of the first
one's folder to the second one's, on the branch that both follow.
"""

from pushboat.errors import CommandRefused, UnknownEnvironment
from pushboat.model.ask import Ask
from pushboat.model.deployment import Deployment, Promoted, is_only_found, short
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.wording import code, listed, printable, some
from pushboat.routing import pin_requests
from pushboat.routing.command import FROM, PRUNE, PRUNING, PULL_REQUEST, Command, Option
from pushboat.routing.decision import Decision, Deploy, Facts, LiftHold
from pushboat.routing.glass import BREAKING, broken, in_reply
from pushboat.routing.holds import sentence as sentence_of
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.naming import active, back_from, unpinned
from pushboat.routing.permission import deployers_only, path_of
from pushboat.routing.saying import done

TROUBLE = (State.FAILED, State.ERRORED)


def lead(ask: Ask, facts: Facts) -> Decision:
    """Queue the deployment of the commit that runs in the other environment, and name its release."""
    runs, commit = _sound(ask, facts), facts.commit
    if PULL_REQUEST in ask.arguments:
        return pin_requests.request(ask, facts, runs)
    assert commit is not None, "the worker reads the file of what runs before a promotion is routed"
    held, environment = unpinned(ask, facts), active(ask, facts, commit)
    promoted = Promoted(environment=ask.arguments[FROM], release=runs.release)
    of = f"{code(short(runs.sha))}, {promoted.sentence}"
    if there := _there_already(ask, facts, runs):
        where = environment.name
        return done(ask, f"{short(runs.sha)}, {promoted.sentence}, {there}", f"{of}, {there}: {where} stays as it is.")
    consent, (glass, passing) = PRUNE in ask.arguments, broken(ask, facts)
    act = Deploy(
        kind=Kind.DEPLOY,
        environment=environment.name,
        ref=commit.ref,
        sha=commit.sha,
        author=ask.who,
        trigger=Trigger.PROMOTION,
        prune_many=consent,
        glass=glass,
        promoted=promoted,
    )
    may = ", which may delete most of what is there" if consent else ""
    sentence = (
        f"promoting {short(runs.sha)}, {promoted.sentence}, to {environment.name}{may}, as {printable(ask.who)} said"
    )
    sentence += f"; it was {'; '.join(map(sentence_of, held))}" if held else ""
    stands = f"How it goes stands beside the commit, as {code(f'pushboat/{environment.name}')}; how it ends, here."
    back = back_from(facts, stays=not (environment.branch or environment.tag))
    goes_on = "" if back else _goes_on(environment.branch, environment.tag)
    sentence += "".join(f"; {each}" for each in (back, passing) if each)
    body = (f"Promoting {of}, to {environment.name}{may}. {stands}", back and f"It {back}.", goes_on, in_reply(passing))
    lifted = [LiftHold(kind=each.kind, scope=each.scope, subject=each.subject) for each in held]
    return done(ask, sentence, "\n\n".join(each for each in body if each), *lifted, act)


def _sound(ask: Ask, facts: Facts) -> Deployment:
    """Give what runs in the other environment, where that is what was tried there and nothing else.

    Raises:
        UnknownEnvironment: the operator's file has no such environment for this repository.
        CommandRefused: nothing runs there, or not as it was brought, or before its merge.
    """
    wanted = ask.arguments.get(FROM, "")
    if wanted not in facts.limits:
        known = listed(some(code(one) for one in sorted(facts.limits)))
        raise UnknownEnvironment(f"{path_of(ask)} has no environment {code(wanted)} to promote from. It has {known}.")
    if wanted == ask.environment:
        raise CommandRefused(f"What runs in {wanted} runs there already: name the environment that it is to go to.")
    standing = next((each for each in facts.standings if each.environment == wanted), Standing(environment=wanted))
    runs = standing.runs
    if runs is None:
        raise CommandRefused(f"Nothing runs in {wanted} that could be promoted: deploy there first.")
    if why := _unsound(standing, runs, ask.at):
        raise CommandRefused(why)
    return runs


def _unsound(standing: Standing, runs: Deployment, asked_at: float) -> str:
    """Say why what runs is not to be promoted, and what to do; empty where it may be."""
    where, latest = standing.environment, standing.latest
    instead = f"or name the commit that you want, with {code('pushboat deploy … --sha')}"
    if standing.unmerged:
        return f"{where} {standing.unmerged.sentence}: only what is merged is promoted. {standing.unmerged.way_on}"
    if is_only_found(runs):
        return (
            f"That {code(short(runs.sha))} runs in {where} was only found in its cluster, and nobody here has seen it "
            f"healthy: deploy there again first, {instead}."
        )
    if asked_at and (runs.finished_at or 0.0) > asked_at:
        return (
            f"{where} has moved on since you asked: {code(short(runs.sha))} runs there now. Look at it, then ask again."
        )
    if any(each.state is State.RUNNING for each in standing.unfinished):
        now = next(each for each in standing.unfinished if each.state is State.RUNNING)
        return f"{where} is being changed, by {code(short(now.sha))}: ask again once that has ended."
    if latest and latest.state in TROUBLE:
        return (
            f"The newest deployment to {where}, of {code(short(latest.sha))}, {latest.state}: mend that or roll it "
            f"back before what runs there is promoted, {instead}."
        )
    if standing.halfway:
        return (
            f"{where} was left halfway by {code(short(standing.halfway.sha))}, so what runs there is no release as a "
            f"whole: deploy there again first, {instead}."
        )
    if standing.drift:
        drift = code(standing.drift, LONGEST_SENTENCE)
        return f"{where} is not as it was brought ({drift}): deploy there again first, {instead}."
    return ""


def _there_already(ask: Ask, facts: Facts, runs: Deployment) -> str:
    """Say that the same commit runs in the second environment, whole, and nothing else is on its way there."""
    there = next((each for each in facts.standings if each.environment == ask.environment), None)
    if there is None or there.runs is None or there.runs.sha != runs.sha or is_only_found(there.runs):
        return ""
    if there.unfinished or there.halfway or there.drift or (there.latest and there.latest.state in TROUBLE):
        return ""
    release = f", as release {there.runs.release}" if there.runs.release else ""
    return f"is already running in {ask.environment}{release}"


def _goes_on(branch: str, tag: str) -> str:
    """Say what ends it, and where nothing does."""
    if not (branch or tag):
        return "It follows no ref, so it stays at that until somebody deploys something else."
    follows = f"the next push to {code(branch)}" if branch else f"the next tag like {code(tag)}"
    return f"It still follows its ref: {follows} is deployed as always."


COMMAND = Command(
    word="promote",
    grammar="/deploy promote <from> <to>",
    about=__doc__,
    may=deployers_only,
    lead=lead,
    promotes=True,
    ends_as=State.SUCCEEDED,
    options=(
        PRUNING,
        BREAKING,
        Option(name=PULL_REQUEST, help="Move the image pins by a pull request, instead of deploying."),
    ),
)
