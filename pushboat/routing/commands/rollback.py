"""Bring back an earlier release of an environment, as it was rendered then, and pin the environment to it.

Nothing is checked out or rendered: what is stored with the release is applied again, inside of what the operator allows
today. Without a number the release before the one that runs is meant, or the newest one, where a deployment broke off
since. Pushes wait until somebody says `unlock` or deploys explicitly; with `--until-next-push` the next one is deployed
as always. With `--break-glass "reason"` it passes freezes and gates. Whoever is among the environment's `deployers`
may.
"""

from pushboat.model.ask import Ask
from pushboat.model.deployment import short
from pushboat.model.hold import Hold, Scope
from pushboat.model.release import named
from pushboat.model.standing import Standing
from pushboat.model.state import State, Trigger
from pushboat.model.wording import code, printable
from pushboat.routing.choosing import brought, choose
from pushboat.routing.command import PRUNE, PRUNING, Command, Option
from pushboat.routing.decision import Decision, Facts, LiftHold, PutHold
from pushboat.routing.glass import BREAKING, broken, in_reply
from pushboat.routing.holds import PIN, pins
from pushboat.routing.holds import sentence as sentence_of
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import done

UNTIL_NEXT_PUSH = "until_next_push"


def lead(ask: Ask, facts: Facts) -> Decision:
    """Queue the deployment of what is stored, and pin the environment to it."""
    where, who = ask.environment, printable(ask.who)
    standing = next((each for each in facts.standings if each.environment == where), Standing(environment=where))
    release = choose(facts.releases, standing, ask.arguments.get("release", ""))
    consent, passing = PRUNE in ask.arguments, UNTIL_NEXT_PUSH in ask.arguments
    glass, broke = broken(ask, facts)
    act = brought(release, ask, Trigger.ROLLBACK, glass=glass, prune_many=consent)
    scope = Scope(repository=ask.repository, environment=where)
    pin = Hold(kind=PIN, scope=scope, by=who, reason=ask.arguments.get("reason", ""), subject=named(release))
    lifted = [LiftHold(kind=each.kind, scope=scope, subject=each.subject) for each in pins(facts.holds, scope)]
    held = "until the next push" if passing else "and pinning it there until somebody unlocks it"
    may = ", which may delete most of what is there" if consent else ""
    sentence = f"rolling {where} back to {named(release)}{may}, {held}, as {who} said"
    ends = "" if passing else f" {code(f'/deploy unlock {where}')} does that, and so does {code(f'/deploy {where}')}."
    body = (
        f"Rolling {where} back to release {release.number}, {code(short(release.sha))}{may}, {held}.{ends} How it goes "
        f"stands beside that commit, as {code(f'pushboat/{where}')}."
    )
    if broke:
        sentence, body = f"{sentence}; {broke}", f"{body} {in_reply(broke)}"
    if still := _still(ask, facts, glass=bool(glass)):
        sentence, body = f"{sentence}. {still}", f"{body} {code(still, LONGEST_SENTENCE)}"
    return done(ask, sentence, body, *lifted, *(() if passing else (PutHold(hold=pin),)), act)


def _still(ask: Ask, facts: Facts, *, glass: bool) -> str:
    """Say what a rollback waits for as well: pins let it pass, and so does what the asker breaks."""
    here = [hold for hold in facts.holds if hold.rollbacks and hold.scope.covers(ask.repository, ask.environment)]
    held = [hold for hold in here if hold.begins <= ask.at and not (glass and hold.breakable)]
    return f"Something else holds it: {'; '.join(map(sentence_of, held))}" if held else ""


COMMAND = Command(
    word="rollback",
    grammar="/deploy rollback <environment> [release]",
    about=__doc__,
    may=deployers_only,
    lead=lead,
    about_releases=True,
    ends_as=State.SUCCEEDED,
    options=(
        Option(name="reason", metavar="TEXT", help="What everybody who waits is told."),
        Option(name=UNTIL_NEXT_PUSH, help="Pin nothing: the next push is deployed as always."),
        PRUNING,
        BREAKING,
    ),
)
