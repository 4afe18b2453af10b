"""Let an environment go that a rollback holds at a release: the newest commit that waits there is deployed.

Whoever is among the environment's `deployers` may, also where somebody else rolled back. A pause is ended by `resume`.
"""

from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask
from pushboat.model.hold import Scope
from pushboat.model.wording import code, printable
from pushboat.routing.command import Command
from pushboat.routing.decision import Decision, Facts, LiftHold
from pushboat.routing.holds import PIN, pins, sentence
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import done, next_in


def lead(ask: Ask, facts: Facts) -> Decision:
    """Lift the pin of exactly this environment."""
    where = ask.environment
    scope = Scope(repository=ask.repository, environment=where)
    pinned = pins(facts.holds, scope)
    covering = [hold for hold in facts.holds if hold.scope.covers(ask.repository, where) and hold not in pinned]
    others = "; ".join(sentence(hold) for hold in covering)
    still = f" Something else holds it: {others}." if others else ""
    if not pinned:
        raise CommandRefused(f"Nothing that unlock ends holds {where}.{still}")
    words = f"unlocking {where}, as {printable(ask.who)} said: {next_in(where, facts)}"
    said = f"{words}; it was {sentence(pinned[0])}{f'.{still}' if still else ''}"
    body = f"{words[0].upper()}{words[1:]}.{f' {code(still.strip(), LONGEST_SENTENCE)}' if still else ''}"
    return done(ask, said, body, *(LiftHold(kind=PIN, scope=scope, subject=each.subject) for each in pinned))


COMMAND = Command(word="unlock", grammar="/deploy unlock <environment>", about=__doc__, may=deployers_only, lead=lead)
