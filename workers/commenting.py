"""Sticky comments are written here: what a pull request's comment says now goes into the outbox, where that is news."""

import logging
from hashlib import sha256

from pushboat.config.kinds import KINDS
from pushboat.config.operator import Operator
from pushboat.config.project import ALWAYS, CHANGES, NEVER
from pushboat.errors import StoreUnavailable
from pushboat.model.letter import ROOM_FOR_MARKS, STICKY_MARKER
from pushboat.reading import proposed, sticky
from pushboat.reading.proposed import Proposed
from pushboat.reading.sticky import Sticky
from pushboat.store import looks, stickies
from pushboat.store.database.engine import Store
from pushboat.store.stickies import Due

LONGEST = 200_000
"""Bytes, also where a forge would take more: nobody reads that far, and each edit sends all of it."""
AFTER_A_BUG = 300.0

logger = logging.getLogger(__name__)


def comment(operator: Operator, store: Store) -> int:
    """Write what pull requests' comments are to say, and tell how many letters that made."""
    return sum(_comment(operator, store, turn) for turn in stickies.due(store))


def _comment(operator: Operator, store: Store, turn: Due) -> bool:
    if turn.repository not in operator.projects and looks.is_scheduled(store, turn.repository):
        stickies.put_off(store, turn, looks.SOON)  # another dispatcher knows it: ours is the older file
        return False
    try:
        said = _said(operator, store, turn)
        return stickies.say(store, turn, said.body, marker(operator.public_url), said.currency)
    except StoreUnavailable:
        raise
    except Exception:  # the last door: a text that meets a bug of ours must not keep hints from going out
        logger.exception("the comment on %s#%s met a bug", turn.repository, turn.number)
        stickies.put_off(store, turn, AFTER_A_BUG)
        return False


def _said(operator: Operator, store: Store, turn: Due) -> Sticky:
    forge = operator.forges.get(turn.repository.partition("/")[0])
    longest = KINDS[forge.kind].longest_comment if forge else 0
    if not longest:
        return Sticky(body="")
    found = proposed.find(store, turn.repository, turn.number)
    project = operator.projects.get(turn.repository)
    if not turn.written and not _is_wanted(found, project.comment if project else CHANGES):
        return Sticky(body="")
    return sticky.write(found, operator.public_url, min(longest, LONGEST) - ROOM_FOR_MARKS)


def _is_wanted(found: Proposed, comment: str) -> bool:
    """Say whether a pull request gets its comment; what stands already is kept true, whatever the operator says now."""
    if comment == NEVER:
        return False
    return found.newsworthy or (comment == ALWAYS and found.answered)


def marker(public_url: str) -> str:
    """Name our comments: another Pushboat may write under the same account."""
    return f"{STICKY_MARKER}{sha256(public_url.encode()).hexdigest()[:16]}"
