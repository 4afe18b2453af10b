"""Windows of freezes as holds that stand ahead of their time: no process needs to be awake when one begins."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from pushboat.model.hold import Hold, Scope
from pushboat.store import holds
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import holds as rows
from pushboat.store.hold_rows import read_hold

FREEZE = "freeze"

Key = tuple[Scope, str]


def keep(store: Store, wanted: Callable[[], Iterable[Hold]]) -> int:
    """Let exactly these windows stand, each told apart by its subject; say how many were put or taken away.

    New ones come first: nothing starts between two windows of which one only takes the place of the other. Which are
    wanted is asked after what is there was read: an environment may come with its windows in between.
    """
    with store.reading() as tx:
        there = {_key(hold): hold for hold in map(read_hold, tx.rows(sa.select(rows).where(rows.c.kind == FREEZE)))}
        now = tx.now
    new = {_key(hold): hold for hold in wanted()}
    gone = [hold for key, hold in there.items() if key not in new and (hold.until is None or hold.until > now)]
    changed = [hold for key, hold in new.items() if key not in there or not _same(there[key], hold)]
    for hold in changed:
        holds.put(store, hold)
    for hold in gone:
        holds.lift(store, FREEZE, hold.scope, hold.subject)
    return len(gone) + len(changed)


def _key(hold: Hold) -> Key:
    return hold.scope, hold.subject


def _same(one: Hold, other: Hold) -> bool:
    return (one.begins, one.until, one.reason) == (other.begins, other.until, other.reason)
