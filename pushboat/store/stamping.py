"""Stamps on the audit's chain: what was last is signed every minute; what is old goes, and a stamp stands for it.

Without the installation's key nobody can write an entry anew that a stamp covers; with it, whoever noted a stamp
elsewhere still sees it.
"""

from collections.abc import Callable, Collection, Iterator

import sqlalchemy as sa

from pushboat.model.chain import Link, Linked, Soundness, Stamp, examine, words_of
from pushboat.sealing import Key, is_signed
from pushboat.store.chaining import as_stored, bind, last
from pushboat.store.database.ask_tables import audit, audit_stamps
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Row, Transaction

FEW = 250
"""Entries that one transaction lets go of."""

LATELY = 3600.0
"""Seconds. A machine that was given the right key meanwhile is held against nobody for longer."""

_STAMPS = sa.select(audit_stamps).order_by(audit_stamps.c.position)
_ENTRIES = sa.select(audit).order_by(audit.c.position.is_(None), audit.c.position, audit.c.id)
_NEWEST = sa.select(audit_stamps).order_by(audit_stamps.c.position.desc()).limit(1)
_LAST = "(SELECT MAX(position) FROM audit_stamp)"
_RECENT = sa.text(
    "SELECT * FROM (SELECT * FROM audit_stamp ORDER BY position DESC LIMIT 500) newest "  # noqa: S608 - constants
    f"WHERE at > :since OR position = {_LAST} ORDER BY position DESC"
)
_COVERS = sa.text("SELECT position, link FROM audit_stamp WHERE at <= :until ORDER BY position DESC LIMIT 1")
_STANDS = sa.text("UPDATE audit_stamp SET until = :until WHERE position = :position")
_ALONE = sa.text("SELECT pg_try_advisory_xact_lock(7373)")
_GO = sa.text(
    "DELETE FROM audit WHERE position IN (SELECT position FROM audit WHERE position <= :upto ORDER BY position "
    "LIMIT :few) AND id <> (SELECT MAX(id) FROM audit)"  # SQLite gives an id that is free at the end out again
)
_UNNEEDED = sa.text("DELETE FROM audit_stamp WHERE position < :upto")


def stamp(store: Store, key: Key) -> bool:
    """Sign what was written last; False where nothing was since the last stamp."""
    with store.reading() as tx:
        newest = tx.scalar(sa.select(sa.func.max(audit_stamps.c.position))) or 0
        if last(tx).position <= newest and not tx.row(sa.select(audit.c.id).where(audit.c.position.is_(None)).limit(1)):
            return False
    with store.writing() as tx:
        bind(tx)  # and be alone until the end
        here = last(tx)
        if tx.row(sa.select(audit_stamps.c.position).where(audit_stamps.c.position >= here.position)):
            return False
        signature = key.sign(words_of(here)).hex()
        tx.change(sa.insert(audit_stamps), position=here.position, link=here.digest, at=tx.now, signature=signature)
    return True


def newest(store: Store, keys: Collection[bytes]) -> Stamp | None:
    """Give the newest stamp; only its signatures are looked at, however many stamps there are."""
    with store.reading() as tx:
        row = tx.row(_NEWEST)
    return _stamp(row, keys) if row else None


def another_key_at_work(store: Store, keys: Collection[bytes]) -> bool:
    """Say whether somebody stamps this store with a key that is none of these: another machine that made its own.

    A key that took the place of a lost one is none: what it stamped comes after all that the lost one had.
    """
    with store.reading() as tx:
        stamps = [_stamp(row, keys) for row in reversed(tx.rows(_RECENT, since=tx.now - LATELY))]
    first = next((number for number, one in enumerate(stamps) if one.ours), len(stamps))
    return bool(stamps) and (not stamps[-1].ours or not all(one.ours for one in stamps[first:]))


def let_go(store: Store, key: Key, span: float, rest: Callable[[], bool]) -> int:
    """Let go of what was stamped longer ago than so many seconds; say how much went.

    First of all it is signed that retention took it: whoever takes entries out by himself cannot say that.
    """
    gone = 0
    with store.writing() as tx:
        row = tx.row(_COVERS, until=tx.now - span)
        if row is None:
            return 0
        upto = Link(row["position"], row["link"])
        tx.change(_STANDS, position=upto.position, until=key.sign(words_of(upto, stands=True)).hex())
    few = FEW
    while few:
        with store.writing() as tx:
            if tx.postgres and not tx.scalar(_ALONE):
                break  # another dispatcher is at it
            few = tx.change(_GO, upto=upto.position, few=FEW)
            if not few:
                tx.change(_UNNEEDED, upto=upto.position)
        gone += few
        if few and rest():
            break
    return gone


def verify(store: Store, keys: Collection[bytes], noted: Link | None = None) -> Soundness:
    """Follow the whole chain and say where it breaks first.

    Args:
        keys: the public ones whose stamps count.
        noted: a link that somebody kept elsewhere.
    """
    with store.reading() as tx:
        stamps = _stamps(tx, keys)  # before the entries: a stamp that is made meanwhile covers what we may not see
        return examine(_entries(tx), stamps, noted)


def _entries(tx: Transaction) -> Iterator[Linked]:
    for row in tx.each(_ENTRIES):
        bound = row["position"] is not None
        yield Linked(as_stored(row), Link(row["position"], row["link"]) if bound else None)


def _stamps(tx: Transaction, keys: Collection[bytes]) -> list[Stamp]:
    return [_stamp(row, keys) for row in tx.rows(_STAMPS)]


def _stamp(row: Row, keys: Collection[bytes]) -> Stamp:
    link = Link(row["position"], row["link"])
    ours = is_signed(words_of(link), _bytes(row["signature"]), keys)
    stands = is_signed(words_of(link, stands=True), _bytes(row["until"]), keys)
    return Stamp(link, row["at"], ours, stands)


def _bytes(written: str) -> bytes:
    try:
        return bytes.fromhex(written)
    except ValueError:
        return b""
