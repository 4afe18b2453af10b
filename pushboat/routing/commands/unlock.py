"""Let an environment go that is locked, or pinned to a release or a pull request: the newest that waits is deployed.

Whoever is among the environment's `deployers` may, also where somebody else locked or pinned it; who is next in line
has the lock then. Said by somebody in line it gives up that place, and nothing else. Where nothing waits, what runs
stays until something is pushed or deployed. A pause is ended by `resume`.
"""

from collections.abc import Iterator

from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask
from pushboat.model.hold import Hold
from pushboat.model.wording import code, printable
from pushboat.routing.command import REASON, Command, Option
from pushboat.routing.decision import Act, Decision, Facts, LiftHold, PutHold
from pushboat.routing.holds import LOCK, is_in_line, locks, moving_up, pins, sentence, unmerged, with_line
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.naming import scope_of
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import NOTHING_WAITS, done, next_in

LONGEST_REASON = 200
"""Characters of it in an answer; the audit of who asked for what has all of it."""


def lead(ask: Ask, facts: Facts) -> Decision:
    """Lift the lock and the pins of exactly this environment, or leave the line for its lock."""
    where, scope = ask.environment, scope_of(ask)
    line = locks(facts.holds, scope, ask.at)
    place = next((hold for hold in line if hold.spares == ask.who and is_in_line(hold, ask.at)), None)
    if place:
        said = f"{printable(ask.who)} is not in line for {where} any more"
        return done(ask, said, f"You are not in line for {where} any more.", *_without(line, place, ask.at))
    lifted = [*line[:1], *pins(facts.holds, scope)]
    covering = [hold for hold in facts.holds if hold.scope.covers(ask.repository, where) and hold not in lifted]
    others = "; ".join(sentence(hold) for hold in with_line(covering, ask.at))
    still = f" Something else holds it: {others}." if others else ""
    also = f" {code(still.strip(), LONGEST_SENTENCE)}" if still else ""
    if not lifted:
        raise CommandRefused(f"{where} is neither locked nor pinned, so there is nothing to unlock.{also}")
    reason, then = ask.arguments.get(REASON, ""), next_in(where, facts)
    if then == NOTHING_WAITS and unmerged(lifted, scope):
        then = f"{then}, so what runs stays until something is pushed or deployed"
    words = f"unlocking {where}, as {printable(ask.who)} said"
    why = f" ({printable(reason, LONGEST_REASON)})" if reason else ""
    was = "; ".join(map(sentence, lifted))
    said = f"{words}{why}: {then}; it was {was}{f'.{still}' if still else ''}"
    why = f" ({code(reason, LONGEST_REASON)})" if reason else ""
    body = f"{words[0].upper()}{words[1:]}{why}: {then}.{also}"
    acts = [LiftHold(kind=each.kind, scope=scope, subject=each.subject) for each in lifted if each.kind != LOCK]
    return done(ask, said, body, *acts, *(_without(line, line[0], ask.at) if line else ()))


def _without(line: list[Hold], gone: Hold, now: float) -> Iterator[Act]:
    """Take a lock out of its line, and let those behind it move up."""
    yield LiftHold(kind=LOCK, scope=gone.scope, subject=gone.subject)
    for each in moving_up(line, gone, now):
        yield PutHold(hold=each)


COMMAND = Command(
    word="unlock",
    grammar="/deploy unlock <environment> [reason]",
    about=__doc__,
    may=deployers_only,
    lead=lead,
    lets_go=True,
    options=(Option(name=REASON, metavar="TEXT", help="Why, for whoever reads later what was done."),),
)
