"""Which commit a promotion brings on: the one that runs in the other environment now, and what it says of this one.

Where a pull request is wanted, the pins that it would move are found instead.
"""

from dataclasses import replace

from pushboat.model.ask import Ask
from pushboat.routing import Commit, Facts
from pushboat.routing.command import FROM, PULL_REQUEST
from workers.routing.described import about
from workers.routing.going_back import going_back
from workers.routing.pinned import compared
from workers.tools import Tools


def of_ask(tools: Tools, name: str, ask: Ask, known: Facts) -> Facts:
    """Find out what runs there, and what its file says; where nothing runs, nothing is asked.

    Raises:
        CheckoutFailed: the commit is no longer there.
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    wanted = ask.arguments.get(FROM, "")
    runs = next((each.runs for each in known.standings if each.environment == wanted), None)
    if runs is None:
        return known
    known = about(tools, name, known, Commit(sha=runs.sha, ref=runs.ref))
    if PULL_REQUEST in ask.arguments:
        return replace(known, compared=compared(tools, name, ask, known, runs))
    return replace(known, back=going_back(tools, name, ask, known))
