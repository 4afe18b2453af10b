"""`--break-glass "reason"`: one deployment passes freezes, needs and gates, because somebody says why it must."""

from collections.abc import Iterable

from pushboat.model.ask import Ask
from pushboat.model.hold import Hold
from pushboat.model.wording import code, printable
from pushboat.routing.command import GLASS, Option
from pushboat.routing.decision import Facts
from pushboat.routing.holds import sentence
from pushboat.routing.ignoring import LONGEST_SENTENCE

LONGEST_REASON = 200
SHORTEST_REASON = 4


def _read(reason: str) -> str:
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValueError("needs a reason that others understand later")
    if len(reason) > LONGEST_REASON:
        raise ValueError(f"takes a reason of at most {LONGEST_REASON} characters")
    return reason


BREAKING = Option(
    name=GLASS,
    metavar="REASON",
    help="Pass freezes, needs and gates, for this one; why is kept and shown.",
    read=_read,
    spoken=True,
)


def broken(ask: Ask, facts: Facts) -> tuple[str, str]:
    """Give why the asker breaks the glass, and what is passed so, as the end of a sentence; empty where nothing is."""
    reason = ask.arguments.get(GLASS, "")
    if not reason:
        return "", ""
    passed = _passed(ask, facts.holds)
    what = "; ".join(map(sentence, passed)) or "nothing that stands yet; needs and gates are not asked"
    why = printable(reason, LONGEST_REASON)
    return why, f"breaking the glass ({why}), passing {what}"


def in_reply(passing: str) -> str:
    """Say what is passed in a reply's words; empty where nothing is."""
    return code(f"{passing[0].upper()}{passing[1:]}.", LONGEST_SENTENCE) if passing else ""


def _passed(ask: Ask, holds: Iterable[Hold]) -> list[Hold]:
    here = [hold for hold in holds if hold.scope.covers(ask.repository, ask.environment)]
    return [hold for hold in here if hold.breakable and hold.begins <= ask.at]
