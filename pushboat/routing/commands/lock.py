"""Keep an environment for yourself for a while: your deployments pass, everybody else's wait and say whose it is.

Whoever is among the environment's `deployers` may. Where somebody has it already, you are in line, and have it once
that lock ends. `--for 2h` lets it end by itself, `--to NAME` hands yours over. Said once more it is prolonged, or gets
another reason. Plans of pull requests do not wait.
"""

from dataclasses import replace

from pushboat.config.durations import some
from pushboat.config.values import person
from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask, Source
from pushboat.model.hold import Hold, Scope
from pushboat.model.times import clock
from pushboat.model.wording import code, printable
from pushboat.routing.command import REASON, Command, Option
from pushboat.routing.decision import Decision, Facts, LiftHold, PutHold
from pushboat.routing.holds import LOCK, is_in_line, lined_up, locks, sentence
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.naming import scope_of
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import done

LONGEST_LOCK = 30 * 24 * 3600
"""Seconds. Whoever wants a longer one leaves its end open."""


def lead(ask: Ask, facts: Facts) -> Decision:
    """Put the lock, or a place in the line behind the one that is there."""
    scope = scope_of(ask)
    line = locks(facts.holds, scope, ask.at)
    if to := ask.arguments.get("to", ""):
        return _hand_over(ask, line, to)
    mine = next((hold for hold in line if hold.spares == ask.who), None)
    wanted = _wanted(ask, scope, ask.who, mine)
    after = [wanted if hold is mine else hold for hold in line] if mine else [*line, wanted]
    placed = lined_up(after, ask.at)
    made = next(hold for hold in placed if hold.spares == ask.who)
    in_line = is_in_line(made, ask.at)
    changed = [PutHold(hold=hold) for hold in placed if hold not in line]
    holder = f"; {sentence(placed[0])}" if in_line else ""
    words = f"{f'in line for {ask.environment}' if in_line else f'locking {ask.environment}{_end(made)}'}"
    said = f"{words}, as {printable(ask.who)} said{holder}"
    return done(ask, said, _body(ask, made, placed), *changed)


def _wanted(ask: Ask, scope: Scope, who: str, mine: Hold | None) -> Hold:
    lasts, reason = ask.arguments.get("for", ""), ask.arguments.get(REASON, "")
    begins = mine.begins if mine else 0.0
    until = max(begins, ask.at) + _read(lasts) if lasts else mine.until if mine else None
    if mine:
        return replace(mine, reason=reason or mine.reason, until=until)
    anew = Hold(kind=LOCK, scope=scope, by=printable(who), subject=who, spares=who, reason=reason, since=ask.at)
    return replace(anew, until=until)


def _hand_over(ask: Ask, line: list[Hold], to: str) -> Decision:
    """Give the asker's lock to somebody, with what is left of its time."""
    where = ask.environment
    if not line:
        raise CommandRefused(f"{where} is not locked, so there is nothing to hand over.")
    holder = line[0]
    if holder.spares != ask.who and ask.source is not Source.COMMAND:
        raise CommandRefused(f"{where} is {code(sentence(holder), LONGEST_SENTENCE)}: only its holder hands it over.")
    handed = replace(holder, by=printable(to), subject=to, spares=to, reason=ask.arguments.get(REASON, holder.reason))
    rest = [hold for hold in line[1:] if hold.spares != to]
    gone = [LiftHold(kind=LOCK, scope=hold.scope, subject=hold.subject) for hold in line if hold not in rest]
    said = f"handing the lock of {where} over to {printable(to)}, as {printable(ask.who)} said"
    body = f"{where} is {code(printable(to))}'s now{_end(handed)}: {code(printable(ask.who))} handed the lock over."
    moved = [PutHold(hold=hold) for hold in lined_up([handed, *rest], ask.at) if hold not in rest]
    return done(ask, said, body, *gone, *moved)


def _end(hold: Hold) -> str:
    return f" until {clock(hold.until)}" if hold.until else " until somebody unlocks it"


def _body(ask: Ask, made: Hold, placed: list[Hold]) -> str:
    where = ask.environment
    ends = f"{code(f'/deploy unlock {where}')} ends it."
    if is_in_line(made, ask.at):
        place = placed.index(made)
        after = f"{place} before you" if place > 1 else "nobody else before you"
        return (
            f"{where} is {code(sentence(placed[0]), LONGEST_SENTENCE)}. You are in line, with {after}; it is yours "
            f"once that ends. {code(f'/deploy unlock {where}')} by you leaves the line."
        )
    return f"{where} is yours{_end(made)}: your deployments pass, everybody else's wait and are told why. {ends}"


def _read(written: str) -> float:
    return some(written, LONGEST_LOCK, "30m or 2h")


COMMAND = Command(
    word="lock",
    grammar="/deploy lock <environment> [reason]",
    about=__doc__,
    may=deployers_only,
    lead=lead,
    options=(
        Option(name="for", metavar="DURATION", help="It ends by itself after 30m, 2h, …", read=_read, spoken=True),
        Option(name="to", metavar="NAME", help="Hand your lock over to somebody.", read=person, spoken=True),
        Option(name=REASON, metavar="TEXT", help="What everybody who waits is told."),
    ),
)
