"""What the clock puts and lifts: nobody's transaction does, so whoever has the time looks, and tells whom it concerns.

Holds that are over go away here for good. What may start needs nothing of this: each condition compares with the clock.
"""

import sqlalchemy as sa

from pushboat.store import holds
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import holds as rows
from pushboat.store.hold_rows import read_hold


def notice(store: Store, since: float) -> float:
    """Tell who waits, and the pull requests of an environment, what has begun or ended there since then.

    Gives until when that was seen. `since` is in seconds since the epoch, by the store's clock; 0 at the first look:
    whatever has begun by the clock is news then.
    """
    with store.reading() as tx:
        until = tx.now
        begun = sa.and_(rows.c.begins_at > since, rows.c.begins_at <= until, rows.c.deployment == 0)
        over = rows.c.ends_at <= until
        news = [read_hold(row) for row in tx.rows(sa.select(rows).where(sa.or_(begun, over)).order_by(rows.c.id))]
    for hold in news:  # one environment after the other: each is locked by itself
        if hold.until is not None and hold.until <= until:
            holds.is_over(store, hold)
        else:
            holds.begins(store, hold)
    return until
