"""Sticky comments: whose turn it is to be written anew, and whether what it says now is worth an edit.

Edits are few: moves come in bursts, and the forge's budget is for all pull requests. Only the dispatcher writes here.
Of two of them the one that comes later finds its marks gone, and leaves it be: what it would say may be older.
"""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from pushboat.model.letter import StickyLetter
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import stickies, sticky_marks
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.putting import put_newest

QUIET = 2.0
"""Seconds that news waits for more of it: most plans are made in less."""
SPACING = 6.0
"""Seconds between two edits of one comment."""
UNHURRIED = 3600.0
"""Seconds after which it is edited for what is no news: the same plan, made against a newer base."""
EDITIONS = 1000
"""In a second, at most."""

# A mark that lies further ahead than any that we make was made before the clock was set back.
_DUE = sa.text("SELECT id, repository, number FROM sticky_mark WHERE at <= :ripe OR at > :latest ORDER BY id")
_PUT_OFF = sa.text("DELETE FROM sticky_mark WHERE repository = :repository AND number = :number AND at > :later")
_PUT = sa.text(
    "INSERT INTO sticky (repository, number, news, whole, put_at) VALUES (:repository, :number, :news, :whole, :now) "
    "ON CONFLICT (repository, number) DO UPDATE SET news = :news, whole = :whole, put_at = :now"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A pull request whose comment is to be looked at: the marks that say so, and whether it has its comment yet."""

    repository: str
    number: int
    marks: tuple[int, ...]
    written: bool


def due(store: Store, most: int = 3) -> list[Due]:
    """List the pull requests whose turn it is, those first that wait for longest."""
    found: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    with store.reading() as tx:
        for row in tx.rows(_DUE, ripe=tx.now - QUIET, latest=tx.now + 2 * UNHURRIED):
            found[row["repository"], row["number"]].append(row["id"])
        put = {place: _sticky(tx, *place) for place in found}
        turns = [place for place in found if _has_rested(tx.now, put[place])]
    return [
        Due(repository=place[0], number=place[1], marks=tuple(found[place]), written=put[place] is not None)
        for place in turns[:most]
    ]


def say(store: Store, turn: Due, body: str, marker: str, no_news: str = "") -> bool:
    """Let the comment say this from now on, and tell whether that is worth a letter; nothing, where it has no body.

    `no_news` is what of the body changes without being news.
    """
    news, whole = _digest(body.replace(no_news, "") if no_news else body), _digest(body)
    with store.writing() as tx:
        if not _settled(tx, turn):
            return False
        before = _sticky(tx, turn.repository, turn.number)
        same = before is not None and before["news"] == news
        if body and same and before and before["whole"] != whole and 0 <= tx.now - before["put_at"] < UNHURRIED:
            _put_off(tx, turn, before["put_at"] + UNHURRIED)
            return False
        if not body or (before and before["whole"] == whole):
            return False
        at = _after(tx.now, before)
        letter = StickyLetter(number=turn.number, body=body, marker=marker, edition=int(at * EDITIONS))
        put_newest(tx, turn.repository, letter)
        tx.change(_PUT, repository=turn.repository, number=turn.number, news=news, whole=whole, now=at)
    return True


def put_off(store: Store, turn: Due, seconds: float) -> None:
    """Look at it again in a while."""
    with store.writing() as tx:
        if _settled(tx, turn):
            _put_off(tx, turn, tx.now + seconds)


def _put_off(tx: Transaction, turn: Due, until: float) -> None:
    """Keep one mark for later; news that comes meanwhile has marks of its own, and waits for nothing."""
    # On Postgres news may have come since we began, with a mark of that moment.
    tx.change(_PUT_OFF, repository=turn.repository, number=turn.number, later=tx.now + SPACING)
    tx.change(sa.insert(sticky_marks), repository=turn.repository, number=turn.number, at=until)


def _settled(tx: Transaction, turn: Due) -> bool:
    """Take away the marks that were looked at; those that came since stay. False where another one has done so."""
    return bool(tx.change(sa.delete(sticky_marks).where(sticky_marks.c.id.in_(turn.marks)))) or not turn.marks


def _has_rested(now: float, put: Row | None) -> bool:
    return put is None or not 0 <= now - put["put_at"] < SPACING


def _sticky(tx: Transaction, repository: str, number: int) -> Row | None:
    of_it = (stickies.c.repository == repository, stickies.c.number == number)
    return tx.row(sa.select(stickies).where(*of_it))


def _after(now: float, before: Row | None) -> float:
    """Say when an edition is put: after the one before, also where the clock was set back since."""
    return max(now, before["put_at"] + 2 / EDITIONS) if before else now


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
