"""Pull requests that pin an environment and have ended, without any delivery having told us: found by a look.

A pin stands until its pull request is merged or closed, and news of that may be lost. So every look asks the forge
about some of those that pin something, and takes in what it hears as the delivery that was missed.
"""

import hashlib
import logging
import random

from pushboat.errors import ForgeRefused
from pushboat.events import Event, EventKind
from pushboat.forges.protocol import Client
from pushboat.model.hold import Hold
from pushboat.routing import PullRequest
from pushboat.routing.holds import UNMERGED
from pushboat.store import deliveries, holds
from workers.naming import renamed
from workers.tools import Tools, split

MOST_ASKED = 10
"""Questions of one look; where more pull requests pin something, chance decides whose turn it is."""

logger = logging.getLogger(__name__)


def accept_ended(tools: Tools, repository: str) -> None:
    """Ask about pull requests that pin something, and accept that they have ended.

    Raises:
        ForgeUnavailable: the forge does not answer.
    """
    held = {hold.pull_request: hold for hold in holds.listed(tools.store, repository) if hold.kind == UNMERGED}
    forge, path = split(repository)
    for number in random.sample(sorted(held), min(len(held), MOST_ASKED)):
        found = _asked(tools.clients(forge), path, number)
        if found and not found.open:
            _accept(tools, repository, held[number], found)


def _asked(client: Client, path: str, number: int) -> PullRequest | None:
    try:
        return client.pull_request(path, number)
    except ForgeRefused as refused:  # gone, or not ours to read: somebody has to unlock what it pins
        logger.warning("%s: what has become of #%s, which pins an environment, is not known: %s", path, number, refused)
        return None


def _accept(tools: Tools, repository: str, hold: Hold, found: PullRequest) -> None:
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
    name = hashlib.sha256(f"{repository} #{found.number} {hold.id}".encode()).hexdigest()[:32]
    if not deliveries.accept(tools.store, forge, f"catch-up-{name}", event).duplicate:
        logger.info("%s: no delivery told that #%s was %s", repository, found.number, event.action)
        tools.ring()
