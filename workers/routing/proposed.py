"""How a pull request stands when news of it are routed: as we were told, or as its forge says where news disagree.

Forges promise no order, and people send deliveries again: what was told last need not be what is so.
"""

from dataclasses import replace

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.events import Event
from pushboat.model.delivery import DeliveryRow
from pushboat.routing import Facts, PullRequest
from pushboat.store import asks
from workers.tools import Tools, split

ASK_AGAIN = 3
"""Tries after which a forge is believed that says a pull request is open, and told us that it was closed: what it
answers may lag behind what it tells."""

NOTHING = Facts(environments={})


def standing(tools: Tools, name: str, row: DeliveryRow) -> Facts:
    """Say whether a pull request is closed, and where its head is.

    Raises:
        ForgeUnavailable: news disagree, and the forge does not say.
    """
    event, number = row.event, row.event.number or 0
    head, closed = asks.standing_of(tools.store, name, number)
    there = _asked(tools, name, event) if closed or head not in ("", event.sha) else None
    if there is None:
        return replace(NOTHING, closed=closed, head=head if row.replayed else "")
    asks.correct(tools.store, name, number, (head, closed), (there.head_sha, not there.open))
    return replace(NOTHING, closed=not there.open, head=there.head_sha)


def ending(tools: Tools, name: str, row: DeliveryRow) -> Facts:
    """Say what the forge says of a pull request that was told to be closed: its commit shows green from then on.

    Where it says nothing for long, what was told is believed: who merges has to ask it as well.

    Raises:
        ForgeUnavailable: the forge is to be asked once more.
    """
    try:
        there = _asked(tools, name, row.event)
    except ForgeUnavailable:
        if row.attempts < ASK_AGAIN:
            raise
        return NOTHING
    if there is None or not there.open:
        return NOTHING
    head, closed = asks.standing_of(tools.store, name, there.number)
    if closed and not row.replayed and row.attempts < ASK_AGAIN:
        raise ForgeUnavailable(f"told that #{there.number} is closed, and that it is open: asking again")
    asks.correct(tools.store, name, there.number, (head, closed), (head, False))
    return replace(NOTHING, pull_request=there)


def _asked(tools: Tools, name: str, event: Event) -> PullRequest | None:
    """Ask the forge; None where it refuses to say, and what we were told has to do."""
    forge, path = split(name)
    try:
        return tools.client(forge).pull_request(path, event.number or 0)
    except ForgeRefused:
        return None
