"""Let nothing new start in an environment until somebody resumes it; what runs there goes on.

Pushes are still taken in: each waits, says who paused and why, and the newest is deployed when the pause ends. Plans of
pull requests are not held. At the terminal only, because the comments of the contract have no such word.
"""

from pushboat.config.durations import some
from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask
from pushboat.model.hold import Hold
from pushboat.model.times import clock
from pushboat.model.wording import printable
from pushboat.routing.command import Command, Option
from pushboat.routing.decision import Decision, Facts, PutHold
from pushboat.routing.holds import sentence
from pushboat.routing.naming import scope_of
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import done

LONGEST_PAUSE = 30 * 24 * 3600
"""Seconds. Whoever wants a longer one leaves its end open."""


def lead(ask: Ask, facts: Facts) -> Decision:
    """Put the pause, in place of one that stands already."""
    scope = scope_of(ask)
    lasts = ask.arguments.get("for", "")
    hold = Hold(
        kind="pause",
        scope=scope,
        by=printable(ask.who),
        reason=ask.arguments.get("reason", ""),
        until=ask.at + _how_long(lasts) if lasts else None,
    )
    before = [sentence(each) for each in facts.holds if each.kind == hold.kind and each.scope == scope]
    end = f"until {clock(hold.until)}" if hold.until else "until somebody resumes it"
    words = f"pausing {ask.environment} {end}, as {hold.by} said; what runs there goes on"
    said = f"{words} (it was {before[0]})" if before else words
    return done(ask, said, said, PutHold(hold=hold))


def _how_long(written: str) -> float:
    try:
        return _read(written)
    except ValueError as error:
        raise CommandRefused(f"How long to pause {error}.") from error


def _read(written: str) -> float:
    return some(written, LONGEST_PAUSE, "30m or 2h")


COMMAND = Command(
    word="pause",
    about=__doc__,
    may=deployers_only,
    lead=lead,
    options=(
        Option(name="reason", metavar="TEXT", help="What everybody who waits is told."),
        Option(name="for", metavar="DURATION", help="It ends by itself after 30m, 2h, …", read=_read),
    ),
)
