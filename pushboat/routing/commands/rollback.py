"""Bring back an earlier release of an environment, as it was rendered then, and hold the environment there.

Nothing is checked out or rendered: what is stored with the release is applied again, inside of what the operator allows
today. Without a number the release before the one that runs is meant, or the newest one, where a deployment broke off
since. Pushes wait until somebody says `unlock` or deploys explicitly; with `--until-next-push` the next one is deployed
as always. Whoever is among the environment's `deployers` may.
"""

from pushboat.model.ask import Ask
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.wording import code, printable
from pushboat.routing.choosing import choose, named
from pushboat.routing.command import PRUNE, Command, Option
from pushboat.routing.decision import Decision, Deploy, Facts, LiftHold, PutHold
from pushboat.routing.holds import PIN, pins
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import done

UNTIL_NEXT_PUSH = "until_next_push"


def lead(ask: Ask, facts: Facts) -> Decision:
    """Queue the deployment of what is stored, and pin the environment to it."""
    where, who = ask.environment, printable(ask.who)
    standing = next((each for each in facts.standings if each.environment == where), Standing(environment=where))
    release = choose(facts.releases, standing, ask.arguments.get("release", ""))
    consent, passing = PRUNE in ask.arguments, UNTIL_NEXT_PUSH in ask.arguments
    act = Deploy(
        kind=Kind.DEPLOY,
        environment=where,
        ref=release.ref,
        sha=release.sha,
        author=ask.who,
        trigger=Trigger.ROLLBACK,
        release=release.number,
        prune_many=consent,
    )
    scope = Scope(repository=ask.repository, environment=where)
    pin = Hold(kind=PIN, scope=scope, by=who, reason=ask.arguments.get("reason", ""), subject=named(release))
    lifted = [LiftHold(kind=PIN, scope=scope, subject=each.subject) for each in pins(facts.holds, scope)]
    kept = "until the next push" if passing else f"and holding it there until {code(f'/deploy unlock {where}')}"
    may = ", which may delete most of what is there" if consent else ""
    sentence = f"rolling {where} back to {named(release)}{may}, {kept}, as {who} said"
    body = (
        f"Rolling {where} back to release {release.number}, {code(release.sha[:7])}{may}, {kept}. How it goes stands "
        f"beside that commit, as {code(f'pushboat/{where}')}."
    )
    return done(ask, sentence, body, *lifted, *(() if passing else (PutHold(hold=pin),)), act)


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
        Option(name=UNTIL_NEXT_PUSH, help="Hold nothing back: the next push is deployed as always."),
        Option(name=PRUNE, help="Let this one deployment delete more than half of what is there."),
    ),
)
