"""How long whoever has what was asked may be silent to who follows it: a Pushboat elsewhere, or the store here."""

import time
from collections.abc import Callable
from typing import TypeVar

from cli import output
from cli.elsewhere import Busy, NoAnswer
from pushboat.errors import StoreUnavailable, Unavailable
from pushboat.model.times import lasted

PATIENCE = 60.0
"""Seconds in which both may be silent: a server is updated, a database fails over, or a network is changed."""
AGAIN_AFTER = 1.0

Found = TypeVar("Found")


def patiently(
    asked: Callable[[], Found],
    silence: type[Unavailable] = NoAnswer,
    tell: Callable[[Unavailable], object] = lambda _: None,
    most: float = PATIENCE,
) -> Found:
    """Ask again for a while where nobody answers; `tell` hears of a silence once, and that it is asked again.

    Raises:
        Unavailable: nobody did for as long as we have patience, or it is asked too much for longer than that.
    """
    began, told = time.monotonic(), False
    while True:
        try:
            return asked()
        except Busy:
            raise
        except silence as trouble:
            if time.monotonic() - began > most:
                raise
            if not told:
                tell(trouble)
            told = True
        time.sleep(AGAIN_AFTER)


def while_the_store_is_away(
    asked: Callable[[], Found], tell: Callable[[str], object] = output.say, most: float = PATIENCE
) -> Found:
    """Ask the store again for a while where it does not answer, and say so once.

    Raises:
        StoreUnavailable: it did not for as long as that.
    """
    return patiently(
        asked, StoreUnavailable, lambda trouble: tell(f"{trouble.summary}; asked again for {lasted(most)}"), most
    )
