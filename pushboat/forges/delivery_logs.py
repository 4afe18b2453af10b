"""What a forge's log of deliveries says, whichever forge it is: which of them got through to nobody."""

from collections.abc import Iterable
from dataclasses import dataclass

from pushboat.forges.protocol import Undelivered

MOST_ENTRIES = 500
"""Newest first; a webhook that lost more than these has lost comments that nobody waits for any more."""

MOST_ATTEMPTS = 4
"""What got through in none of so many attempts never will: a proxy refuses it, say, because it is too large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One attempt: of which delivery, under which number in the hook's log, when (0: nobody knows), answered or not.

    Our own no is an answer too; that nobody listened, or that a proxy said 5xx, is none.
    """

    delivery: str
    hook: int
    number: int
    at: float
    answered: bool


def lost(entries: Iterable[Entry], since: float) -> tuple[Undelivered, ...]:
    """Pick from a log, newest first, what did not get through after `since`; the oldest comes first.

    A delivery is judged by its newest attempt.
    """
    attempts: dict[str, list[Entry]] = {}
    for read, entry in enumerate(entries):
        if read >= MOST_ENTRIES or 0 < entry.at < since:
            break
        attempts.setdefault(entry.delivery, []).append(entry)
    newest = [
        tries[0] for tries in attempts.values() if tries[0].at and not tries[0].answered and len(tries) < MOST_ATTEMPTS
    ]
    return tuple(
        Undelivered(delivery=entry.delivery, hook=entry.hook, number=entry.number)
        for entry in sorted(newest, key=lambda entry: (entry.at, entry.number))
    )
