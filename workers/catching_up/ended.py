"""Pull requests that have ended without any delivery having told us: found by a look.

A pin stands until its pull request is merged or closed, a proposal is planned again whenever its base moves, and news
of the end may be lost. So every look asks the forge about some of those that pin something, and of those that were
planned again since the look before: what costs nothing is not asked about. What it hears is taken in as the delivery
that was missed. Where a pin stands all the same, because the pull request was open again for a while or nobody could
route the delivery, there is another one in the next hour.
"""

import hashlib
import logging
import random
from collections.abc import Collection

from pushboat.errors import ForgeRefused
from pushboat.events import Event, EventKind
from pushboat.forges.protocol import Client
from pushboat.routing import PullRequest
from pushboat.routing.holds import UNMERGED
from pushboat.store import deliveries, holds, replanning
from workers.naming import renamed
from workers.tools import Tools, split

MOST_ASKED = 10
"""Questions of one look; where it is about more pull requests, chance decides whose turn it is. Pins go first."""

ONCE_IN = 3600.0
"""Seconds in which at most one delivery is made of one pin."""

logger = logging.getLogger(__name__)


def accept_ended(tools: Tools, repository: str, since: float) -> None:
    """Ask about pull requests that pin something or were planned again since that time, and accept that they ended.

    Raises:
        ForgeUnavailable: the forge does not answer.
    """
    pins, now = (each for each in holds.listed(tools.store, repository) if each.kind == UNMERGED), tools.store.now()
    held = {hold.pull_request: f"{hold.id} {int((now - hold.since) // ONCE_IN)}" for hold in pins}
    planned = {number: f"plan {plan}" for number, plan in replanning.made_since(tools.store, repository, since).items()}
    forge, path = split(repository)
    for number in (*_some(held, MOST_ASKED), *_some(planned.keys() - held.keys(), MOST_ASKED - len(held))):
        found = _asked(tools.client(forge), path, number)
        if found and not found.open:
            _accept(tools, repository, found, held.get(number) or planned[number])


def _some(numbers: Collection[int], most: int) -> list[int]:
    return random.sample(sorted(numbers), max(0, min(len(numbers), most)))


def _asked(client: Client, path: str, number: int) -> PullRequest | None:
    try:
        return client.pull_request(path, number)
    except ForgeRefused as refused:  # gone, or not ours to read: somebody has to unlock what it pins
        logger.warning("%s: what has become of #%s is not known: %s", path, number, refused)
        return None


def _accept(tools: Tools, repository: str, found: PullRequest, because: str) -> None:
    """Accept its end, once for each reason that there was to ask."""
    forge, path = split(repository)
    event = Event(
        kind=EventKind.PULL_REQUEST,
        action="merged" if found.merged else "closed",
        repository=path,
        ref=found.head_ref,
        base_ref=found.base_ref,
        sha=found.head_sha,
        number=found.number,
        fork=found.fork,
        renamed=renamed(tools.operator, tools.store, repository),
        found="missed",
    )
    name = hashlib.sha256(f"{repository} #{found.number} {because}".encode()).hexdigest()[:32]
    if not deliveries.accept(tools.store, forge, f"catch-up-{name}", event).duplicate:
        logger.info("%s: no delivery told that #%s was %s", repository, found.number, event.action)
        tools.ring()
