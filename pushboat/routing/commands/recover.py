"""Bring what an environment had last back to a cluster that has lost it: its newest release, as it is stored.

Nothing is checked out or rendered, and whatever holds the environment stays: pins let it pass, as they let a rollback
pass, and everything else is waited for. What waits there already keeps its place behind it. With `--break-glass
"reason"` it passes freezes and gates. It is asked for by `pushboat recover --to-cluster`, for each environment in turn;
there is no comment for it.
"""

from pushboat.errors import CommandRefused
from pushboat.model.ask import Answer, Ask, AskVerdict
from pushboat.model.deployment import Deployment, goes_back, short
from pushboat.model.release import named
from pushboat.model.standing import Standing
from pushboat.model.state import State, Trigger
from pushboat.model.status import clip
from pushboat.model.wording import printable
from pushboat.routing.choosing import brought, choose
from pushboat.routing.command import Command
from pushboat.routing.decision import Decision, Facts
from pushboat.routing.glass import BREAKING, broken
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import done, in_answer


def lead(ask: Ask, facts: Facts) -> Decision:
    """Queue the deployment of the newest release, unless something newer brings all of it just now."""
    where = ask.environment
    standing = next((each for each in facts.standings if each.environment == where), Standing(environment=where))
    if standing.destroyed:
        raise CommandRefused(
            f"{where} was destroyed on purpose: `pushboat rollback` brings it back where that is meant."
        )
    if back := next(filter(goes_back, standing.unfinished), None):
        why = f"a rollback to release {back.again} waits in {where}, and goes first: {back.waits or 'soon'}"
        return _left_to(back, why, ask)
    if comes := _on_its_way(ask, facts, standing):
        why = (
            f"{comes.kind_word} {comes.id} ({short(comes.sha)}) is on its way to {where}, and does all of it: wait for "
            "its end, and say it again if it does not get through."
        )
        return _left_to(comes, why, ask)
    newest = str(facts.releases[0].number) if facts.releases else ""
    release = choose(facts.releases, standing, newest)
    glass, broke = broken(ask, facts)
    act = brought(release, ask, Trigger.RECOVERY, glass=glass)
    sentence = f"recovering {where}: {named(release)} is brought once more, as {printable(ask.who)} said"
    return done(ask, f"{sentence}; {broke}" if broke else sentence, sentence, act)


def _left_to(comes: Deployment, why: str, ask: Ask) -> Decision:
    """Let nothing follow, and name what comes by itself: whoever asked can follow that one to its end."""
    answer = Answer(verdict=AskVerdict.REFUSED, reason=why, deployment=comes.id)
    sentence = clip(f"refused the command of {printable(ask.who)}: {why}", LONGEST_SENTENCE)
    return Decision(acts=in_answer(ask, why), sentence=sentence, answer=answer)


def _on_its_way(ask: Ask, facts: Facts, standing: Standing) -> Deployment | None:
    """Find what runs there, or waits for nobody; what people or the clock hold back would leave it empty meanwhile."""
    free = (
        each
        for each in standing.unfinished
        if each.state is State.RUNNING or not any(hold.binds(each, ask.at) for hold in facts.holds)
    )
    return next(free, None)


COMMAND = Command(
    word="recover",
    about=__doc__,
    may=deployers_only,
    lead=lead,
    about_releases=True,
    ends_as=State.SUCCEEDED,
    options=(BREAKING,),
)
