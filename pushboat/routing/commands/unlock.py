"""Let an environment go that is pinned to a release or a pull request: the newest commit that waits is deployed.

Whoever is among the environment's `deployers` may, also where somebody else pinned it. Where nothing waits, what runs
stays until something is pushed or deployed. A pause is ended by `resume`.
"""

from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask
from pushboat.model.hold import Scope
from pushboat.model.wording import code, printable
from pushboat.routing.command import REASON, Command, Option
from pushboat.routing.decision import Decision, Facts, LiftHold
from pushboat.routing.holds import pins, sentence, unmerged
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import NOTHING_WAITS, done, next_in

LONGEST_REASON = 200
"""Characters of it in an answer; the audit of who asked for what has all of it."""


def lead(ask: Ask, facts: Facts) -> Decision:
    """Lift the pin of exactly this environment."""
    where = ask.environment
    scope = Scope(repository=ask.repository, environment=where)
    pinned = pins(facts.holds, scope)
    covering = [hold for hold in facts.holds if hold.scope.covers(ask.repository, where) and hold not in pinned]
    others = "; ".join(sentence(hold) for hold in covering)
    still = f" Something else holds it: {others}." if others else ""
    also = f" {code(still.strip(), LONGEST_SENTENCE)}" if still else ""
    if not pinned:
        raise CommandRefused(f"{where} is not pinned, so there is nothing to unlock.{also}")
    reason, then = ask.arguments.get(REASON, ""), next_in(where, facts)
    if then == NOTHING_WAITS and unmerged(pinned, scope):
        then = f"{then}, so what runs stays until something is pushed or deployed"
    words = f"unlocking {where}, as {printable(ask.who)} said"
    why = f" ({printable(reason, LONGEST_REASON)})" if reason else ""
    said = f"{words}{why}: {then}; it was {sentence(pinned[0])}{f'.{still}' if still else ''}"
    why = f" ({code(reason, LONGEST_REASON)})" if reason else ""
    body = f"{words[0].upper()}{words[1:]}{why}: {then}.{also}"
    return done(ask, said, body, *(LiftHold(kind=each.kind, scope=scope, subject=each.subject) for each in pinned))


COMMAND = Command(
    word="unlock",
    grammar="/deploy unlock <environment> [reason]",
    about=__doc__,
    may=deployers_only,
    lead=lead,
    options=(Option(name=REASON, metavar="TEXT", help="Why, for whoever reads later what was done."),),
)
