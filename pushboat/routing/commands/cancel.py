"""Stop what is on its way to an environment; what runs there keeps running.

What waits for its turn ends at once. What is being deployed ends at the next safe point, between two objects or while
it waits for health; what was applied until then stays. Whoever is among the environment's `deployers` may.
"""

from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask
from pushboat.model.deployment import short
from pushboat.model.state import State
from pushboat.model.wording import code, listed, printable
from pushboat.routing.command import Command
from pushboat.routing.decision import Cancel, Decision, Facts
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import done


def lead(ask: Ask, facts: Facts) -> Decision:
    """Cancel everything in the environment's lane that has not ended."""
    where = ask.environment
    on_its_way = [
        deployment
        for standing in facts.standings
        if standing.environment == where
        for deployment in standing.unfinished
    ]
    if not on_its_way:
        raise CommandRefused(f"Nothing is on its way to {where}, so there is nothing to cancel.")
    shas = list(dict.fromkeys(short(deployment.sha) for deployment in on_its_way))
    body = (
        f"Cancelling {listed(code(sha) for sha in shas)} on the way to {where}: what waits ends at once, what is being "
        "deployed at the next safe point. What was applied until then stays."
    )
    sentence = f"cancelling {listed(shas)} on the way to {where}, as {printable(ask.who)} said"
    return done(ask, sentence, body, Cancel(environment=where, by=printable(ask.who)))


COMMAND = Command(
    word="cancel",
    grammar="/deploy cancel <environment>",
    about=__doc__,
    may=deployers_only,
    lead=lead,
    ends_as=State.CANCELLED,
)
