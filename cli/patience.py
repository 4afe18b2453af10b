"""How long a Pushboat elsewhere may be silent to whoever follows what it took: an ask, or a question."""

import time
from collections.abc import Callable

from cli.elsewhere import Answer, Busy, NoAnswer

PATIENCE = 60.0
"""Seconds in which a Pushboat elsewhere may be silent while it is followed: it is updated, or a network is changed."""
AGAIN_AFTER = 1.0


def patiently(asked: Callable[[], Answer]) -> Answer:
    """Ask again for a while where nobody answers.

    Raises:
        NoAnswer: nobody did for as long as we have patience, or it is asked too much for longer than that.
    """
    began = time.monotonic()
    while True:
        try:
            return asked()
        except Busy:
            raise
        except NoAnswer:
            if time.monotonic() - began > PATIENCE:
                raise
        time.sleep(AGAIN_AFTER)
