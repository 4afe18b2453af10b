"""Statuses and comments leave here: the head of each stream, in order, again and again until the forge has them."""

import logging
import random
import time

from pushboat.errors import ForgeRefused, ForgeUnavailable, NotConfigured, StoreUnavailable
from pushboat.forges.answers import Forbidden, Unauthorized
from pushboat.forges.protocol import Client
from pushboat.store import outbox
from pushboat.store.outbox import Letter
from workers.tools import Tools

LETTER_LEASE = 30.0
"""Seconds for a handful of letters; a request's timeout is a third of it."""

LETTERS = 5
LONGEST_DELAY = 60.0
MENDED_WITHIN = 288
"""Tries, five minutes apart: a token that expires on a holiday costs no commit its final status."""
MENDING_DELAY = 300.0

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
    except (ForgeRefused, NotConfigured) as refusal:
        if isinstance(refusal, Unauthorized | Forbidden) and letter.attempts < MENDED_WITHIN:
            outbox.retry(tools.store, letter, refusal.summary, MENDING_DELAY)
        else:
            outbox.dead(tools.store, letter, refusal.summary)
        logger.warning("%s/%s will not have it: %s", letter.forge, letter.repository, refusal.summary)
    except StoreUnavailable:
        raise
    except Exception:  # the last door: a letter that meets a bug of ours must not hold the others up
        outbox.retry(tools.store, letter, "Pushboat's own fault; its log has the details", MENDING_DELAY)
        logger.exception("a %s for %s/%s met a bug", letter.kind, letter.forge, letter.repository)
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
