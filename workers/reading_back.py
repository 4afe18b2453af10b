"""How something ended is read back from the forge once: a poster that was frozen may have said an older state since.

Only what the forge shows is asked here; the last word goes out again as any letter does, in its own place.
"""

import logging
from dataclasses import replace

from pushboat import machine
from pushboat.errors import ForgeRefused, ForgeUnavailable, MachineUnavailable, NotConfigured, StoreUnavailable
from pushboat.forges import punctual
from pushboat.forges.answers import Unauthorized
from pushboat.later_words import LaterWord
from pushboat.model.letter import StatusLetter
from pushboat.store import outbox, reading_back
from pushboat.store.outbox import Envelope
from workers.tools import Tools

LEASE, SECONDS = 30.0, 20.0
"""As for a letter: for one question, and after which no answer is waited for."""
ASK_AGAIN = 60.0
MOST_AGAIN = 3
"""Times that a last word is said anew; then somebody else writes under our context, whom we do not fight."""

logger = logging.getLogger(__name__)


def read_back(tools: Tools, forge: str) -> bool:
    """Look after one final state; False where none is due."""
    envelope = reading_back.take(tools.store, tools.owner, forge, LEASE)
    if envelope is None:
        return False
    try:
        letter, client = outbox.opened(envelope), tools.client(forge)
        assert isinstance(letter, StatusLetter), "only statuses end something"
        with machine.troubles(), punctual.within(SECONDS):
            shown = client.shows(envelope.repository, letter, tools.operator.public_url)
    except ForgeUnavailable as trouble:
        reading_back.put_off(tools.store, envelope, trouble.retry_after or ASK_AGAIN)
    except MachineUnavailable as trouble:
        reading_back.put_off(tools.store, envelope, ASK_AGAIN)
        logger.warning("reading back waits: %s", trouble.summary)
    except (LaterWord, Unauthorized):  # a newer reporter reads it; of the other the letters say what is needed
        reading_back.put_off(tools.store, envelope, ASK_AGAIN)
    except (ForgeRefused, NotConfigured) as refusal:
        reading_back.done(tools.store, envelope)
        logger.info("%s/%s is not read back: %s", envelope.forge, envelope.repository, refusal.summary)
    except StoreUnavailable:
        raise
    except Exception:  # the last door: as for letters
        reading_back.done(tools.store, envelope)
        logger.exception("a status of %s/%s met a bug when it was read back", envelope.forge, envelope.repository)
    else:
        _conclude(tools, envelope, letter, shown=shown)
    return True


def _conclude(tools: Tools, envelope: Envelope, letter: StatusLetter, *, shown: bool) -> None:
    where = f"{letter.status.context} on {envelope.forge}/{envelope.repository}@{letter.sha}"
    if shown:
        reading_back.done(tools.store, envelope)
    elif letter.again >= MOST_AGAIN:
        reading_back.done(tools.store, envelope)
        logger.warning(
            "%s shows another word than ours after %s tries: somebody else writes there; it is left", where, MOST_AGAIN
        )
    elif reading_back.say_again(tools.store, envelope, replace(letter, again=letter.again + 1)):
        logger.warning("%s does not show how it ended (%s): it is said again", where, letter.status.state.value)
    else:
        reading_back.done(tools.store, envelope)
