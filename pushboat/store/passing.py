"""What the clock puts and lifts: nobody's transaction does, so whoever has the time looks, and marks what is news then.

Holds that are over go away here for good. What waits needs nothing of this: each condition compares with the clock.
"""

import sqlalchemy as sa

from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Transaction
from pushboat.store.hold_rows import forget_over
from pushboat.store.sticky_marks import mark_proposed

_NEWS = sa.text(
    "SELECT 1 FROM hold WHERE ends_at <= :now OR (begins_at > :since AND begins_at <= :now AND deployment = 0) LIMIT 1"
)
_BEGUN = sa.text(
    "SELECT DISTINCT repository, environment FROM hold "
    "WHERE begins_at > :since AND begins_at <= :now AND deployment = 0"
)


def notice(store: Store, since: float) -> float:
    """Mark the pull requests of environments that a hold let go, or took, since then; give until when that was seen.

    `since` is in seconds since the epoch, by the store's clock; 0 at the first look: whatever holds is news then.
    """
    with store.reading() as tx:
        until = tx.now
        if tx.row(_NEWS, now=until, since=since) is None:
            return until
    with store.writing() as tx:
        _mark(tx, since, until)
    return until


def _mark(tx: Transaction, since: float, until: float) -> None:
    for row in tx.rows(_BEGUN, since=since, now=until):
        mark_proposed(tx, row["repository"], row["environment"])
    forget_over(tx)
