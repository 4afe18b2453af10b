"""Statuses and comments leave here: the head of each stream, in order, again and again until the forge has them."""

import logging
import random
import time

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.protocol import Client
from pushboat.store import outbox
from pushboat.store.outbox import Letter
from workers.tools import Tools

LETTER_LEASE = 30.0
"""Seconds for a handful of letters; a request's timeout is a third of it."""

LETTERS = 5
LONGEST_DELAY = 60.0

logger = logging.getLogger(__name__)


def report(tools: Tools) -> None:
    """Post what is due until nothing is, or this process was told to end."""
    while not tools.stopping.is_set():
        letters = outbox.due_head(tools.store, tools.owner, LETTERS, LETTER_LEASE)
        if not letters:
            return
        asked_at = time.monotonic()
        for letter in letters:
            if time.monotonic() - asked_at > LETTER_LEASE / 2:
                break  # the rest is due again when the lease ends; a late post could overtake a newer one
            _post(tools, letter)


def _post(tools: Tools, letter: Letter) -> None:
    try:
        _send(tools.clients(letter.forge), letter, tools.operator.public_url)
    except ForgeUnavailable as trouble:
        if trouble.retry_after is not None:
            outbox.hold(tools.store, letter.forge, trouble.retry_after)
        outbox.retry(tools.store, letter, trouble.summary, _delay(letter.attempts))
        logger.warning("%s waits: %s", letter.forge, trouble.summary)
    except ForgeRefused as refusal:
        outbox.dead(tools.store, letter, refusal.summary)
        logger.warning("%s/%s will not have it: %s", letter.forge, letter.repository, refusal.summary)
    else:
        outbox.sent(tools.store, letter)


def _send(client: Client, letter: Letter, public_url: str) -> None:
    if letter.status is not None:
        client.post_status(letter.repository, letter.sha, letter.status, public_url + letter.status.path)
    else:
        client.comment(letter.repository, letter.number, letter.body, letter.marker)


def _delay(attempts: int) -> float:
    """Back off from half a second to a minute, spread so that posters do not come back together."""
    return min(LONGEST_DELAY, 0.5 * 2.0 ** min(attempts, 8)) * random.uniform(0.75, 1.25)  # noqa: S311 - not a secret
