"""One notice on its way: handed out to who listens, or told to one who does. Nothing here holds a forge up."""

import logging

from pushboat.model.letter import Letter
from pushboat.model.notice import EVERYBODY, AddressedLetter, Notice, NoticeLetter
from pushboat.routing.noticing import listeners
from pushboat.store import noticing, outbox, quieting
from pushboat.store.outbox import Envelope, Settled
from workers.notifying.answers import ReceiverRefused, ReceiverUnavailable
from workers.notifying.posting import post
from workers.tools import Tools

GIVEN_UP_AFTER = 3 * 24 * 3600.0
"""Seconds after which what a receiver could not be told is no news any more: a long weekend."""
NOT_READ_YET, LOOK_AGAIN = 180.0, 5.0
"""Seconds after it was handed out in which a receiver that our file lacks may be new in another process's, for what is
mounted comes a minute later; and until somebody looks who may have read it."""
LEASE = 120.0
"""Seconds for one letter: a mail server may take its time, and nobody may tell it a second time meanwhile."""
MENDING_DELAY = 300.0

logger = logging.getLogger(__name__)


def is_notice(forge: str) -> bool:
    """Say whether what lies there is for who listens, and not for a forge."""
    return forge.startswith(EVERYBODY)


def notify(tools: Tools, envelope: Envelope, letter: Letter, delay: float) -> Settled | None:
    """Bring a notice one step on, and give how it ended; None where that is noted, or it comes again after `delay`."""
    if isinstance(letter, NoticeLetter):
        noticing.hand_out(tools.store, envelope, letter.notice, _listeners(tools, letter.notice))
        tools.ring()
        return None
    assert isinstance(letter, AddressedLetter)
    receiver = tools.operator.receivers.get(letter.receiver)
    if receiver is None:
        if outbox.age(tools.store, envelope) < NOT_READ_YET:  # who handed it out may have the newer file
            outbox.retry(tools.store, envelope, "this process's operator's file does not have it", LOOK_AGAIN)
            return None
        return Settled(envelope, outbox.DEAD, "it is not in the operator's file any more")
    try:
        post(receiver, letter.notice, tools.operator.public_url)
    except ReceiverUnavailable as trouble:
        return _not_told(tools, envelope, letter.notice, trouble, delay)
    except ReceiverRefused as refusal:
        return _not_told(tools, envelope, letter.notice, refusal, MENDING_DELAY)
    return Settled(envelope, outbox.SENT)


def _listeners(tools: Tools, notice: Notice) -> list[str]:
    spelled = tools.operator.spelled(notice.repository)
    there = tools.environments(spelled, (notice.environment,)) if spelled else {}
    return listeners(tools.operator.receivers.values(), there.get(notice.environment), notice.news)


def _not_told(
    tools: Tools, envelope: Envelope, notice: Notice, trouble: ReceiverUnavailable | ReceiverRefused, delay: float
) -> Settled | None:
    logger.warning("a notice waits: %s", trouble.summary)
    final = isinstance(trouble, ReceiverRefused) and trouble.final
    if final or tools.store.now() - notice.at > GIVEN_UP_AFTER:
        return Settled(envelope, outbox.DEAD, trouble.summary)
    if isinstance(trouble, ReceiverUnavailable) and trouble.retry_after is not None:
        quieting.quiet(tools.store, envelope.forge, trouble.retry_after, trouble.summary)
    outbox.retry(tools.store, envelope, trouble.summary, delay)
    return None
